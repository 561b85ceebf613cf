import type { AgentLifecycle, AgentManifest } from '../contract/agent-link.ts'
import type { Clock } from '../lib/clock.ts'
import type { EventOutbox } from './event-outbox.ts'
import type { ProcessTree } from './process-tree.ts'
import { runScript, type Script } from './run-script.ts'
import { workingDirectory, workspaceEnvironment, type WorkspaceSurroundings } from './shell-command.ts'

/** A stop script without a limit of its own must not hold up the end of the workspace for ever. */
const defaultStopTimeoutMs = 60_000

export interface ScriptsOptions {
  readonly clock: Clock
  readonly outbox: EventOutbox
  readonly processTree: ProcessTree
}

/** Runs a manifest's scripts and moves the life cycle along with them. */
export class Scripts {
  readonly #options: ScriptsOptions
  #starting: Promise<void> = Promise.resolve()
  #abort = new AbortController()
  #isAbandoned = false

  constructor(options: ScriptsOptions) {
    this.#options = options
  }

  /** Runs the start scripts side by side; `ready` once all have ended well. */
  start(surroundings: WorkspaceSurroundings): void {
    const { outbox } = this.#options
    const { signal } = this.#abort
    outbox.setLifecycle('starting')
    const scripts = surroundings.manifest.scripts.filter((script) => script.run_on_start)
    this.#starting = this.#run(scripts, 'start', surroundings, signal).then((result) => {
      // A workspace that is being stopped has its own states.
      if (!signal.aborted) outbox.setLifecycle(startStates[result])
    })
  }

  /** Ends start scripts that still run, then runs the stop scripts; answers the state the agent ends in. */
  async stop(surroundings: WorkspaceSurroundings | undefined): Promise<AgentLifecycle> {
    this.#options.outbox.setLifecycle('shutting_down')
    await this.cancel()
    if (surroundings === undefined || this.#isAbandoned) return 'off'
    const scripts = surroundings.manifest.scripts.filter((script) => script.run_on_stop)
    this.#abort = new AbortController()
    return stopStates[await this.#run(scripts, 'stop', surroundings, this.#abort.signal)]
  }

  /** Ends the scripts that run. */
  async cancel(): Promise<void> {
    this.#abort.abort()
    await this.#starting
  }

  /** Ends what runs, stop scripts as well, and keeps those that have not begun from it. */
  abandon(): void {
    this.#isAbandoned = true
    this.#abort.abort()
  }

  async #run(
    scripts: readonly Script[],
    stage: 'start' | 'stop',
    surroundings: WorkspaceSurroundings,
    signal: AbortSignal,
  ): Promise<Result> {
    const env = workspaceEnvironment(surroundings)
    const cwd = workingDirectory(surroundings)
    const statuses = await Promise.all(
      scripts.map((script) =>
        runScript({
          script,
          stage,
          cwd,
          env,
          timeoutMs: scriptTimeoutMs(script, stage),
          signal,
          ...this.#options,
        }),
      ),
    )
    if (statuses.includes('timed_out')) return 'timed_out'
    return statuses.includes('exit_failure') ? 'failed' : 'succeeded'
  }
}

type Result = 'succeeded' | 'failed' | 'timed_out'

const startStates = { succeeded: 'ready', failed: 'start_error', timed_out: 'start_timeout' } as const
const stopStates = { succeeded: 'off', failed: 'shutdown_error', timed_out: 'shutdown_timeout' } as const

function scriptTimeoutMs(script: AgentManifest['scripts'][number], stage: 'start' | 'stop'): number {
  if (script.timeout_seconds > 0) return script.timeout_seconds * 1000
  return stage === 'stop' ? defaultStopTimeoutMs : 0
}
