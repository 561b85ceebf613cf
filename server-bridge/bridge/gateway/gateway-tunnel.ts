/**
 * The way from a workspace to the gateway: SSH over the deployment's WebSocket, with a forward from a port of the
 * workspace. Heals by the machine that all connections have, and asks for the same port again.
 */
import type { Duplex } from 'node:stream'
import type { Client } from 'ssh2'
import type { CoderClient } from '../../client/coder-client.ts'
import type { ReconnectState } from '../../client/reconnect.ts'
import {
  createReconnectingConnection,
  type Connection,
  type ConnectionListener,
  type ReconnectingConnection,
} from '../../client/reconnecting-connection.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Logger } from '../../lib/logger.ts'
import { openWebSocketTransport } from '../../transport/websocket.ts'
import { explainNoWayIn, findAgent } from './find-agent.ts'
import { gatherWrites } from './gather-writes.ts'
import { listenInWorkspace } from './remote-port.ts'
import { connectSsh } from './ssh-connection.ts'

/** A deployment as the bridge knows it. */
export interface DeploymentAccess {
  readonly url: string
  readonly token: string
  readonly client: CoderClient
}

export interface GatewayTunnelOptions {
  readonly workspaceId: string
  readonly access: DeploymentAccess
  /** Asked for first. */
  readonly port: number
  /** Clients know it, so another one would not do at once. */
  readonly isPortKnown: boolean
  readonly clock: Clock
  readonly random?: () => number
  readonly logger: Logger
  readonly onState: (state: ReconnectState) => void
  /** The workspace listens; `ssh` can be used until `onState` tells otherwise. */
  readonly onOpen: (open: { readonly ssh: Client; readonly port: number; readonly agentId: string }) => void
  /** One connection of a client in the workspace. */
  readonly onConnection: (connection: Duplex) => void
}

export interface GatewayTunnel extends Pick<ReconnectingConnection, 'retryNow' | 'hint' | 'close' | 'start'> {
  /** The port that clients know; the one asked for until another was taken. */
  readonly port: number
  readonly isPortKnown: boolean
}

/** Workspaces that are stopped are asked after for as long as the gateway is on, so it slows down to this. */
const backoff = { baseMs: 500, capMs: 30_000, floorMs: 250 }
/** REST, WebSocket, key exchange and forward together. */
const connectTimeoutMs = 45_000
/**
 * How often the port that clients know is asked for before another one is taken: after a broken connection the
 * workspace goes on listening for the old one until it notices.
 */
const patientAttempts = 6

export function createGatewayTunnel(options: GatewayTunnelOptions): GatewayTunnel {
  const { access, clock, logger } = options
  let port = options.port
  let isKnown = options.isPortKnown
  let refusals = 0

  const openOnce = async (listener: ConnectionListener, signal: AbortSignal): Promise<Client> => {
    const agentId = await findAgent(access.client, options.workspaceId, signal)
    const stream = await openWebSocketTransport({
      baseUrl: access.url,
      agentId,
      token: () => access.token,
      signal,
    })
    const end = (): void => {
      stream.destroy()
    }
    signal.addEventListener('abort', end, { once: true })
    const ssh = await connectSsh(stream)
    ssh.once('close', () => {
      listener.closed(1006, 'The connection to the workspace was lost.')
    })
    ssh.on('tcp connection', (_details, accept) => {
      options.onConnection(gatherWrites(accept()))
    })
    const isExact = isKnown && refusals < patientAttempts
    try {
      port = await listenInWorkspace(ssh, port, isExact)
    } catch (thrown) {
      refusals += 1
      ssh.end()
      throw thrown
    }
    if (signal.aborted) return ssh
    isKnown = true
    refusals = 0
    listener.opened()
    options.onOpen({ ssh, port, agentId })
    return ssh
  }

  const connection = createReconnectingConnection({
    clock,
    logger,
    policy: { backoff, connectTimeoutMs, finishedCodes: [] },
    ...(options.random === undefined ? {} : { random: options.random }),
    onState: options.onState,
    open(listener): Connection {
      const attempt = new AbortController()
      let ssh: Client | undefined
      openOnce(listener, attempt.signal).then(
        (opened) => {
          if (attempt.signal.aborted) opened.end()
          else ssh = opened
        },
        (thrown: unknown) => {
          if (!attempt.signal.aborted) listener.failed(explainNoWayIn(thrown))
        },
      )
      return {
        check: () => {
          checkAlive(ssh, clock, listener)
        },
        close() {
          // The workspace stops listening with the connection.
          ssh?.end()
          attempt.abort()
        },
      }
    },
  })

  return {
    start: connection.start,
    retryNow: connection.retryNow,
    hint: connection.hint,
    close: connection.close,
    get port() {
      return port
    },
    get isPortKnown() {
      return isKnown
    },
  }
}

const checkMs = 8_000

/** Any answer is a sign of life, and there is a question that every SSH server answers. */
function checkAlive(ssh: Client | undefined, clock: Clock, listener: ConnectionListener): void {
  if (ssh === undefined) return
  const cancel = clock.after(checkMs, listener.silent)
  ssh.once('close', cancel)
  try {
    ssh.sftp((error, sftp) => {
      cancel()
      ssh.off('close', cancel)
      if (error === undefined) sftp.end()
    })
  } catch {
    // The library throws once its stream has ended; its `close` is on the way.
    cancel()
  }
}
