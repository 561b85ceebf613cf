/**
 * The way from a workspace to the gateway: SSH with a forward from a port of the workspace. After a break the same port
 * is asked for again.
 */
import type { Duplex } from 'node:stream'
import type { Client } from 'ssh2'
import type { ReconnectState } from '../../client/reconnect.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Logger } from '../../lib/logger.ts'
import type { DeploymentAccess } from '../deployment-access.ts'
import { createWorkspaceSsh, type WorkspaceSsh } from '../ssh/workspace-ssh.ts'
import { gatherWrites } from './gather-writes.ts'
import { listenInWorkspace, PortTakenError } from './remote-port.ts'

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
  /** The port that clients know could not be had. */
  readonly onPortTaken: () => void
  /** One connection of a client in the workspace. */
  readonly onConnection: (connection: Duplex) => void
}

export interface GatewayTunnel extends Pick<WorkspaceSsh, 'retryNow' | 'hint' | 'close' | 'start'> {
  /** The port that clients know; the one asked for until another was taken. */
  readonly port: number
  readonly isPortKnown: boolean
}

/**
 * How often the port that clients know is asked for before another one is taken: after a broken connection the
 * workspace goes on listening for the old one until it notices.
 */
const patientAttempts = 6

export function createGatewayTunnel(options: GatewayTunnelOptions): GatewayTunnel {
  let port = options.port
  let isKnown = options.isPortKnown
  let refusals = 0

  const listen = async (ssh: Client): Promise<void> => {
    ssh.on('tcp connection', (_details, accept) => {
      options.onConnection(gatherWrites(accept()))
    })
    try {
      port = await listenInWorkspace(ssh, port, isKnown && refusals < patientAttempts)
    } catch (thrown) {
      refusals += 1
      if (isKnown && thrown instanceof PortTakenError) options.onPortTaken()
      throw thrown
    }
  }

  const { access, clock, logger, random, workspaceId } = options
  const connection = createWorkspaceSsh({
    workspaceId,
    access,
    clock,
    logger,
    ...(random === undefined ? {} : { random }),
    onState: options.onState,
    prepare: listen,
    onOpen(ssh, { agentId }) {
      isKnown = true
      refusals = 0
      options.onOpen({ ssh, port, agentId })
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
