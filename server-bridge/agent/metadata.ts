import type { AgentManifest } from '../contract/agent-link.ts'
import type { Clock } from '../lib/clock.ts'
import type { EventOutbox } from './event-outbox.ts'
import { measureValue, type Measurement } from './measure-value.ts'
import type { ProcessTree } from './process-tree.ts'
import { prepareScript, type ScriptCommand } from './script-command.ts'
import { workingDirectory, workspaceEnvironment, type WorkspaceSurroundings } from './shell-command.ts'

/** For a value that is measured once and says nothing about its time. */
const onceTimeoutMs = 30_000
/** A short interval is no reason to give up early: a busy machine needs a moment to start a program. */
const minTimeoutMs = 5_000

type Item = AgentManifest['metadata'][number]

export interface MetadataOptions {
  readonly clock: Clock
  readonly outbox: Pick<EventOutbox, 'setState'>
  readonly processTree: ProcessTree
}

/** Measures the values of a manifest, each on its own schedule and never twice at a time. */
export class Metadata {
  readonly #options: MetadataOptions
  readonly #running = new Set<Promise<void>>()
  #abort = new AbortController()
  #cancelTimers: (() => void)[] = []

  constructor(options: MetadataOptions) {
    this.#options = options
  }

  /** Starts over with the values of this manifest. */
  start(surroundings: WorkspaceSurroundings): void {
    this.#end()
    this.#abort = new AbortController()
    const { signal } = this.#abort
    for (const item of surroundings.manifest.metadata)
      this.#track(this.#keepMeasuring(item, surroundings, signal))
  }

  /** Ends what is being measured; resolves when all of it has ended. */
  async stop(): Promise<void> {
    this.#end()
    await Promise.all(this.#running)
  }

  #end(): void {
    this.#abort.abort()
    for (const cancel of this.#cancelTimers.splice(0)) cancel()
  }

  #track(work: Promise<void>): void {
    const tracked = work.finally(() => this.#running.delete(tracked))
    this.#running.add(tracked)
  }

  async #keepMeasuring(item: Item, surroundings: WorkspaceSurroundings, signal: AbortSignal): Promise<void> {
    const env = workspaceEnvironment(surroundings)
    let command: ScriptCommand
    try {
      command = await prepareScript(item.script, env)
    } catch (error) {
      this.#report(item.key, { value: '', error: `The script could not be written: ${String(error)}` })
      return
    }
    try {
      const isEnded = (): boolean => signal.aborted
      while (!isEnded()) {
        const startedAt = this.#options.clock.now()
        const measured = await this.#measure(item, command, surroundings, signal)
        // What the end cut short is no value.
        if (isEnded()) return
        this.#report(item.key, measured)
        if (item.interval_seconds === 0) return
        await this.#pause(startedAt + item.interval_seconds * 1000, signal)
      }
    } finally {
      await command.remove()
    }
  }

  async #measure(
    item: Item,
    command: ScriptCommand,
    surroundings: WorkspaceSurroundings,
    signal: AbortSignal,
  ): Promise<Measurement> {
    const { clock, processTree } = this.#options
    try {
      const cwd = workingDirectory(surroundings)
      const env = workspaceEnvironment(surroundings)
      return await measureValue({
        command,
        cwd,
        env,
        timeoutMs: timeoutMsOf(item),
        clock,
        processTree,
        signal,
      })
    } catch (error) {
      return { value: '', error: `The script could not be started: ${String(error)}` }
    }
  }

  /** Until this time, or the end. A measurement that took longer than its interval is followed by the next at once. */
  async #pause(until: number, signal: AbortSignal): Promise<void> {
    const { clock } = this.#options
    await new Promise<void>((resolve) => {
      const cancel = clock.after(Math.max(0, until - clock.now()), () => {
        signal.removeEventListener('abort', resolveAborted)
        this.#cancelTimers = this.#cancelTimers.filter((known) => known !== cancel)
        resolve()
      })
      const resolveAborted = (): void => {
        resolve()
      }
      signal.addEventListener('abort', resolveAborted, { once: true })
      this.#cancelTimers.push(cancel)
    })
  }

  #report(key: string, { value, error }: Measurement): void {
    const { outbox, clock } = this.#options
    const collectedAt = new Date(clock.now()).toISOString()
    outbox.setState(`metadata ${key}`, { type: 'metadata', key, value, error, collected_at: collectedAt })
  }
}

function timeoutMsOf(item: Item): number {
  if (item.timeout_seconds > 0) return item.timeout_seconds * 1000
  return item.interval_seconds === 0 ? onceTimeoutMs : Math.max(item.interval_seconds * 1000, minTimeoutMs)
}
