/**
 * An SSH connection to a workspace that heals, by the machine that all connections have: what tunnels, files and gateways
 * stand on. Each of them holds one of its own, so that a copy of a large file does not slow down a tunnel beside it.
 */
import type { Duplex } from 'node:stream'
import type { Client } from 'ssh2'
import type { ReconnectState } from '../../client/reconnect.ts'
import {
  createReconnectingConnection,
  type Connection,
  type ConnectionListener,
  type ReconnectingConnection,
} from '../../client/reconnecting-connection.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Logger } from '../../lib/logger.ts'
import type { TransportTarget } from '../../transport/workspace-transport.ts'
import type { DeploymentAccess } from '../deployment-access.ts'
import { explainNoWayIn, findAgent } from './find-agent.ts'
import { connectSsh } from './ssh-connection.ts'

export interface WorkspaceSshOptions {
  readonly workspaceId: string
  /** Of several agents the first where none is named. */
  readonly agentName?: string | undefined
  readonly access: DeploymentAccess
  readonly clock: Clock
  readonly random?: () => number
  readonly logger: Logger
  readonly onState: (state: ReconnectState) => void
  /** Runs on a new connection before it counts as open. What it throws ends the attempt, and the next one waits. */
  readonly prepare?: (ssh: Client, target: TransportTarget) => Promise<void>
  /** `ssh` can be used until `onState` tells otherwise. `stream` carries it, for those who have to know its load. */
  readonly onOpen: (ssh: Client, target: TransportTarget, stream: Duplex) => void
}

export type WorkspaceSsh = Pick<ReconnectingConnection, 'retryNow' | 'hint' | 'close' | 'start' | 'state'>

/** A workspace that is stopped is asked after for as long as somebody wants to get in, so it slows down to this. */
const backoff = { baseMs: 500, capMs: 30_000, floorMs: 250 }
/** REST, transport, key exchange and what prepares it together. */
const connectTimeoutMs = 45_000

/** Makes the connection; nothing happens until `start`. Nothing it does ever starts a stopped workspace. */
export function createWorkspaceSsh(options: WorkspaceSshOptions): WorkspaceSsh {
  const { access, clock, logger } = options

  const openOnce = async (listener: ConnectionListener, signal: AbortSignal): Promise<Client> => {
    const target = await findAgent(access.client, options, signal)
    const stream = await access.transport.open(target, signal)
    const end = (): void => {
      stream.destroy()
    }
    signal.addEventListener('abort', end, { once: true })
    const ssh = await connectSsh(stream)
    ssh.once('close', () => {
      listener.closed(1006, 'The connection to the workspace was lost.')
    })
    try {
      await options.prepare?.(ssh, target)
    } catch (thrown) {
      ssh.end()
      throw thrown
    }
    if (signal.aborted) return ssh
    listener.opened()
    options.onOpen(ssh, target, stream)
    return ssh
  }

  return createReconnectingConnection({
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
          // What the workspace listens on for us ends with the connection.
          ssh?.end()
          attempt.abort()
        },
      }
    },
  })
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
