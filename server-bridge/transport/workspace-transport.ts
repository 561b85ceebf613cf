/** The ways to a workspace's SSH server, behind one interface: ssh2 runs on top of any of them. */
import type { Duplex } from 'node:stream'
import { openWebSocketTransport } from './websocket.ts'

/** Whose SSH server is meant: by id for the deployment's own routes, by names for its command line. */
export interface TransportTarget {
  readonly workspaceId: string
  readonly agentId: string
  readonly ownerName: string
  readonly workspaceName: string
  readonly agentName: string
}

export interface WorkspaceTransport {
  readonly kind: 'websocket' | 'coder-cli'
  /**
   * Opens one connection: bytes of SSH both ways. It is ended by destroying the stream, which fails with an error when
   * the connection breaks. Aborting gives up the attempt.
   *
   * @throws {TransportError}
   */
  open(target: TransportTarget, signal: AbortSignal): Promise<Duplex>
}

/** The local deployment's way: its own WebSocket route. */
export function createWebSocketTransport(access: {
  readonly url: string
  readonly token: string
}): WorkspaceTransport {
  return {
    kind: 'websocket',
    open: ({ agentId }, signal) =>
      openWebSocketTransport({ baseUrl: access.url, agentId, token: () => access.token, signal }),
  }
}
