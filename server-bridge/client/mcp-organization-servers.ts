import { organizationMcpServersRoutes, type MCPServerConfig } from '../contract/mcp-servers.ts'
import { usersRoutes } from '../contract/users.ts'
import type { CallOptions, CoderClient } from './coder-client.ts'
import { CoderApiError } from './errors.ts'

/** A server, and an organization of the caller's in whose list it is. */
export interface OrganizationMcpServer {
  readonly organization: string
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
  return [...new Map(lists.flat().map((server) => [server.config.id, server])).values()]
}
