import { createCoderClient, type CoderClient } from '../client/coder-client.ts'
import type { Logger } from '../lib/logger.ts'
import { createWebSocketTransport, type WorkspaceTransport } from '../transport/workspace-transport.ts'

/** A deployment as the bridge knows it, signed in. */
export interface DeploymentAccess {
  readonly url: string
  readonly token: string
  readonly client: CoderClient
  /** The way to the SSH servers of its workspaces. */
  readonly transport: WorkspaceTransport
}

/** What main told of a deployment, made usable. */
export function createDeploymentAccess(
  session: { readonly url: string; readonly token: string },
  logger: Logger,
): DeploymentAccess {
  const { url, token } = session
  return {
    url,
    token,
    client: createCoderClient({ baseUrl: url, token, logger }),
    transport: createWebSocketTransport(session),
  }
}
