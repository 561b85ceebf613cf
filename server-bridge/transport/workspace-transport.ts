/** The ways to a workspace's SSH server, behind one interface: ssh2 runs on top of any of them. */
import type { Duplex } from 'node:stream'
import type { SocketNetwork } from '../lib/socket-network.ts'
import type { NetworkInfo } from './coder-cli/network-info.ts'
import { openWebSocketTransport } from './websocket.ts'

/** Whose SSH server is meant: by id for the deployment's own routes, by names for its command line. */
export interface TransportTarget {
  readonly workspaceId: string
  readonly agentId: string
  readonly ownerName: string
  readonly workspaceName: string
  readonly agentName: string
}

/** What one connection tells while it lasts, where its transport knows. */
export interface OpenTransport {
  /** Which way was taken, where there are several. */
  readonly onTransport?: (kind: WorkspaceTransport['kind']) => void
  readonly onNetworkInfo?: (info: NetworkInfo) => void
}

export interface WorkspaceTransport {
  readonly kind: 'websocket' | 'coder-cli'
  /**
   * Opens one connection: bytes of SSH both ways. It is ended by destroying the stream, which fails with an error when
   * the connection breaks. Aborting gives up the attempt.
   *
   * @throws {TransportError}
   */
  open(target: TransportTarget, signal: AbortSignal, listener?: OpenTransport): Promise<Duplex>
}

/** The local deployment's way: its own WebSocket route. */
export function createWebSocketTransport(access: {
  readonly url: string
  readonly token: string
  readonly network?: SocketNetwork | undefined
}): WorkspaceTransport {
  return {
    kind: 'websocket',
    open: ({ agentId }, signal) =>
      openWebSocketTransport({
        baseUrl: access.url,
        agentId,
        token: () => access.token,
        network: access.network,
        signal,
      }),
  }
}
