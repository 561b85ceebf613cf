import { organizationMcpServersRoutes, type MCPServerConfig } from '../contract/mcp-servers.ts'
import { usersRoutes } from '../contract/users.ts'
import type { CallOptions, CoderClient } from './coder-client.ts'
import { CoderApiError } from './errors.ts'

/** A server, and the organizations of the caller's in whose lists it is: one or more. */
export interface OrganizationMcpServer {
  readonly organizations: readonly [string, ...string[]]
  readonly config: MCPServerConfig
}

/**
 * The MCP servers of all organizations of the caller, for a deployment that keeps them there. An organization that
 * shows its servers to others only counts as one without.
 *
 * @throws what `CoderClient.call` throws for anything else.
 */
export async function listOrganizationMcpServers(
  client: Pick<CoderClient, 'call'>,
  options: CallOptions = {},
): Promise<OrganizationMcpServer[]> {
  const { organization_ids } = await client.call(usersRoutes.get, { params: { user: 'me' } }, options)
  const lists = await Promise.all(
    organization_ids.map(async (organization) => {
      try {
        const configs = await client.call(
          organizationMcpServersRoutes.list,
          { params: { organization } },
          options,
        )
        return configs.map((config) => ({ organization, config }))
      } catch (error) {
        if (error instanceof CoderApiError && (error.code === 'not_found' || error.code === 'forbidden'))
          return []
        throw error
      }
    }),
  )
  // One that is shared between organizations is in several lists.
  const servers = new Map<string, OrganizationMcpServer>()
  for (const { organization, config } of lists.flat()) {
    const others = (servers.get(config.id)?.organizations ?? []).filter((one) => one !== organization)
    servers.set(config.id, { organizations: [organization, ...others], config })
  }
  return [...servers.values()]
}
