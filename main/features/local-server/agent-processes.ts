/**
 * Agent processes the local server asked for: it cannot fork them itself (a utility process cannot fork another one).
 * They belong to the app, so they outlive a crash of the server and are handed to the next one.
 */
import type { ParentToServer } from '#bridge/contract/serve-control'
import type { Logger } from '#bridge/lib/logger'
import type { HostedProcess, ProcessHost } from '#bridge/lib/process-host'

export interface AgentProcessesDeps {
  readonly processHost: ProcessHost
  /** To the server that runs now; nobody, when none does. */
  readonly post: (message: ParentToServer) => void
  readonly logger: Logger
}

/** The running agent processes by the server's id for them. */
export class AgentProcesses {
  readonly #deps: AgentProcessesDeps
  readonly #running = new Map<string, HostedProcess>()

  constructor(deps: AgentProcessesDeps) {
    this.#deps = deps
  }

  /** Starts an agent, or tells a server that was started again about the one that still runs under this id. */
  spawn(processId: string): void {
    const { processHost, post, logger } = this.#deps
    const known = this.#running.get(processId)
    if (known !== undefined) {
      post({ type: 'process-spawned', processId, pid: known.pid ?? 0 })
      return
    }
    const agent = processHost.spawn('agent')
    this.#running.set(processId, agent)
    let told = false
    const tellSpawned = (): void => {
      if (told || agent.pid === undefined) return
      told = true
      post({ type: 'process-spawned', processId, pid: agent.pid })
    }
    agent.onMessage((message) => {
      // A utility process has its pid only once it runs, and then it speaks.
      tellSpawned()
      post({ type: 'process-message', processId, message })
    })
    agent.onExit((exitCode) => {
      if (this.#running.get(processId) === agent) this.#running.delete(processId)
      logger.info('An agent process ended', { processId, exitCode })
      post({ type: 'process-exited', processId, exitCode })
    })
    tellSpawned()
  }

  /** Passes a message of the server on. */
  forward(processId: string, message: unknown): void {
    this.#running.get(processId)?.post(message)
  }

  kill(processId: string): void {
    this.#running.get(processId)?.kill()
  }

  /** Ends what is left. */
  close(): void {
    for (const agent of this.#running.values()) agent.kill()
    this.#running.clear()
  }
}
