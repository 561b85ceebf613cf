import { organizationMcpServersRoutes, type MCPServerConfig } from '../contract/mcp-servers.ts'
import { usersRoutes } from '../contract/users.ts'
import type { CallOptions, CoderClient } from './coder-client.ts'
import { CoderApiError } from './errors.ts'

/**
 * The MCP servers of all organizations of the caller, for a deployment that keeps them there. An organization that
 * shows its servers to others only counts as one without.
 *
 * @throws what `CoderClient.call` throws for anything else.
 */
export async function listOrganizationMcpServers(
  client: Pick<CoderClient, 'call'>,
  options: CallOptions = {},
): Promise<MCPServerConfig[]> {
  const { organization_ids } = await client.call(usersRoutes.get, { params: { user: 'me' } }, options)
  const lists = await Promise.all(
    organization_ids.map(async (organization) => {
      try {
        return await client.call(organizationMcpServersRoutes.list, { params: { organization } }, options)
      } catch (error) {
        if (error instanceof CoderApiError && (error.code === 'not_found' || error.code === 'forbidden'))
          return []
        throw error
      }
    }),
  )
  // One that is shared between organizations is in several lists.
  return [...new Map(lists.flat().map((config) => [config.id, config])).values()]
}
