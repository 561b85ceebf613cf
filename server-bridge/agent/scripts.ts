import type { AgentLifecycle, AgentManifest } from '../contract/agent-link.ts'
import type { Clock } from '../lib/clock.ts'
import { toError } from '../lib/to-error.ts'
import { runOnSchedule } from './cron-scripts.ts'
import type { EventOutbox } from './event-outbox.ts'
import { logFilePath } from './log-file.ts'
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
  #endSchedules: (() => void)[] = []
  readonly #scheduled = new Set<Promise<unknown>>()
  #abort = new AbortController()
  #isAbandoned = false

  constructor(options: ScriptsOptions) {
    this.#options = options
  }

  /**
   * Runs the start scripts side by side; `ready` once all have ended well. Scripts with a schedule run from then on. A
   * script that blocks the login (`start_blocks_login`) holds back nobody here: as with Coder it is the client that
   * waits for `ready`, and a person may look at what hangs.
   */
  start(surroundings: WorkspaceSurroundings): void {
    const { outbox } = this.#options
    const { signal } = this.#abort
    outbox.setLifecycle('starting')
    const scripts = surroundings.manifest.scripts.filter((script) => script.run_on_start)
    this.#starting = this.#run(scripts, 'start', surroundings, signal).then((result) => {
      // A workspace that is being stopped has its own states.
      if (signal.aborted) return
      outbox.setLifecycle(startStates[result])
      this.#schedule(surroundings, signal)
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
    for (const end of this.#endSchedules.splice(0)) end()
    await Promise.all(this.#scheduled)
  }

  /** Ends what runs, stop scripts as well, and keeps those that have not begun from it. */
  abandon(): void {
    this.#isAbandoned = true
    this.#abort.abort()
  }

  #schedule(surroundings: WorkspaceSurroundings, signal: AbortSignal): void {
    const { clock, outbox } = this.#options
    for (const script of surroundings.manifest.scripts) {
      if (script.cron === '') continue
      const run = async (): Promise<void> => {
        const running = this.#run([script], 'cron', surroundings, signal).catch((error: unknown) => {
          outbox.log(script.log_source_id, 'error', `The script could not be run: ${String(error)}`)
        })
        this.#scheduled.add(running)
        await running
        this.#scheduled.delete(running)
      }
      try {
        this.#endSchedules.push(runOnSchedule(clock, script.cron, run))
      } catch (error) {
        const reason = toError(error).message
        outbox.log(script.log_source_id, 'error', `The schedule "${script.cron}" cannot be used: ${reason}`)
      }
    }
  }

  async #run(
    scripts: readonly Script[],
    stage: 'start' | 'stop' | 'cron',
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
          logFile: script.log_path === '' ? undefined : logFilePath(script.log_path, surroundings.homeDir),
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

function scriptTimeoutMs(script: AgentManifest['scripts'][number], stage: 'start' | 'stop' | 'cron'): number {
  if (script.timeout_seconds > 0) return script.timeout_seconds * 1000
  return stage === 'stop' ? defaultStopTimeoutMs : 0
}
