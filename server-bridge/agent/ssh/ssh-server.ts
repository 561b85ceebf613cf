import type { Duplex } from 'node:stream'
import type { ClientInfo, Connection, Server } from 'ssh2'
import type { Clock } from '../../lib/clock.ts'
import type { Logger } from '../../lib/logger.ts'
import { gatherTurn } from '../../lib/gather-turn.ts'
import { countBytes } from '../count-bytes.ts'
import type { ProcessTree } from '../process-tree.ts'
import type { WorkspaceSurroundings } from '../shell-command.ts'
import type { UsageSession } from '../usage.ts'
import { sshAlgorithms } from './algorithms.ts'
import { serveForwards } from './forwards.ts'
import { deriveHostKey } from './host-key.ts'
import { serveReverseForwards } from './reverse-forwards.ts'
import { serveSession, type SessionContext } from './ssh-session.ts'
import { TransportLoad } from '../../lib/transport-load.ts'

/** A client that has not got through the key exchange by then never will. */
const signInTimeoutMs = 120_000
/**
 * The link below knows when its other end is gone. ssh2's own probes would end a client that was merely stopped for a
 * minute, as by Ctrl-Z, so they come as rarely as the limit that Coder's agent has (`--ssh-max-timeout`, 72 h).
 */
const keepaliveMs = 72 * 60 * 60_000

export interface SshServerOptions {
  readonly clock: Clock
  readonly logger: Logger
  readonly processTree: ProcessTree
  /** What a login shell on a terminal begins with; never throws. */
  readonly readGreeting: (surroundings: WorkspaceSurroundings) => Promise<Buffer>
}

/**
 * The agent's SSH server. Each connection comes over a stream of the agent link, whose server has checked who asks: so
 * every user name is let in without a proof (method `none`), as by Coder's agent.
 */
export class SshServer {
  readonly #options: SshServerOptions
  readonly #connections = new Set<Duplex>()
  /** Processes started for clients that still run, also those whose client has left. */
  readonly #pids = new Set<number>()
  #closed = false

  constructor(options: SshServerOptions) {
    this.#options = options
  }

  /** Serves one connection on a stream until either ends. ssh2 is loaded with the first one. */
  async serve(
    stream: Duplex,
    surroundings: WorkspaceSurroundings,
    meter: Pick<UsageSession, 'count'>,
  ): Promise<void> {
    const ssh2 = (await import('ssh2')).default
    if (this.#closed || stream.destroyed) {
      stream.destroy()
      return
    }
    this.#connections.add(stream)
    const closed = new Promise<void>((resolve) => stream.once('close', resolve))
    const { workspace_id: workspaceId, agent_name: agentName } = surroundings.manifest
    const server = new ssh2.Server({
      hostKeys: [deriveHostKey(workspaceId, agentName)],
      algorithms: sshAlgorithms,
      ident: 'Outpost',
      keepaliveInterval: keepaliveMs,
    })
    server.on('connection', (connection: Connection, info: ClientInfo) => {
      this.#serveConnection(connection, info, { stream, surroundings })
    })
    gatherTurn(stream)
    countBytes(stream, meter)
    takeStream(server, stream)
    await closed
    this.#connections.delete(stream)
  }

  /** Ends every connection and every process that was started over one. */
  async close(): Promise<void> {
    this.#closed = true
    for (const stream of this.#connections) stream.destroy()
    await this.#options.processTree.end([...this.#pids], 'SIGHUP')
  }

  #serveConnection(
    connection: Connection,
    info: ClientInfo,
    { stream, surroundings }: { stream: Duplex; surroundings: WorkspaceSurroundings },
  ): void {
    const { clock, logger, readGreeting } = this.#options
    const onEnd = new Set<() => void>()
    let isEnded = false
    const context: SessionContext = {
      clock,
      logger,
      surroundings,
      readGreeting,
      load: new TransportLoad(stream),
      clientSoftware: info.header.versions.software,
      track: (pid) => {
        this.#pids.add(pid)
        return () => this.#pids.delete(pid)
      },
      isEnded: () => isEnded,
      onConnectionEnd(run) {
        onEnd.add(run)
        return () => onEnd.delete(run)
      },
    }
    const cancelTimeout = clock.after(signInTimeoutMs, () => stream.destroy())
    connection.on('authentication', (attempt) => {
      attempt.accept()
    })
    connection.on('ready', () => {
      cancelTimeout()
      connection.on('session', (accept) => serveSession(accept(), context))
      serveForwards(connection, context)
      serveReverseForwards(connection, context)
    })
    connection.on('error', (error) => {
      logger.debug('An SSH connection broke', { error: error.message })
    })
    // The client has closed its half, and SSH has no use for the other one alone.
    connection.on('end', () => stream.end())
    stream.once('close', () => {
      cancelTimeout()
      isEnded = true
      for (const run of [...onEnd]) run()
    })
  }
}

/** The library takes any duplex, whatever its types say. */
function takeStream(server: Server, stream: Duplex): void {
  const taker = server as unknown as { injectSocket(stream: Duplex): void }
  taker.injectSocket(stream)
}
