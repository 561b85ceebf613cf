import type { CoderClient } from '#bridge/client/coder-client'
import { authorizationRoutes } from '#bridge/contract/authorization'

/** Whether the user may change the deployment's configuration, to which MCP servers, models and limits belong. */
export async function mayConfigure(client: CoderClient, signal: AbortSignal): Promise<boolean> {
  const object = { resource_type: 'deployment_config' }
  const checks = { read: { object, action: 'read' }, update: { object, action: 'update' } }
  const allowed = await client.call(authorizationRoutes.check, { body: { checks } }, { signal })
  return allowed['read'] === true && allowed['update'] === true
}
