/**
 * Keeps one helper process running: starts it again after a crash with growing delays, gives up when it crashes too
 * often and says so, and starts afresh when asked to.
 */
import { backoffDelay, type BackoffPolicy } from '#bridge/lib/backoff'
import type { Clock } from '#bridge/lib/clock'
import type { Logger } from '#bridge/lib/logger'
import type { HostedProcess } from '#bridge/lib/process-host'
import { createLiveValue, type LiveValue } from './live-value.ts'

export type SupervisedState =
  | { readonly kind: 'starting' }
  | { readonly kind: 'running' }
  | { readonly kind: 'restarting'; readonly retryAt: number }
  /** No restart by itself any more. `reason` is a sentence. */
  | { readonly kind: 'failed'; readonly reason: string; readonly detail: string }
  | { readonly kind: 'stopped' }

export interface SupervisedProcessOptions<P extends HostedProcess> {
  /** Its name in a sentence: "The local server". */
  readonly name: string
  readonly spawn: () => P
  /** Called for every start, before any message of the process can arrive. */
  readonly onStarted: (process: P) => void
  readonly onMessage: (message: unknown, process: P) => void
  readonly onEnded: () => void
  readonly clock: Clock
  readonly random: () => number
  readonly logger: Logger
}

/** More crashes than this within the window mean that the next start would not help. */
const MAX_CRASHES = 5
const CRASH_WINDOW_MS = 60_000
/** How long an end by force may take before the app ends without it. */
const KILL_WAIT_MS = 1000
const BACKOFF: BackoffPolicy = { baseMs: 500, capMs: 10_000, floorMs: 200 }

/** One supervised process. Starts with `start`, ends with `stop`. */
export class SupervisedProcess<P extends HostedProcess> {
  readonly #options: SupervisedProcessOptions<P>
  readonly #state = createLiveValue<SupervisedState>({ kind: 'stopped' })
  #crashes: number[] = []
  #process: P | undefined
  #cancelRestart: () => void = () => undefined
  #onExit: () => void = () => undefined

  constructor(options: SupervisedProcessOptions<P>) {
    this.#options = options
  }

  get state(): LiveValue<SupervisedState> {
    return this.#state
  }

  /** The process that runs now, if any. */
  get current(): P | undefined {
    return this.#process
  }

  /** Starts the process if it does not run, also after it was given up. */
  start(): void {
    if (this.#process !== undefined) {
      // One that said it cannot run is about to end: its end starts the next.
      if (this.#state.get().kind === 'failed') this.#state.set({ kind: 'starting' })
      return
    }
    this.#cancelRestart()
    this.#crashes = []
    this.#spawn()
  }

  /** The process said that it is ready for work. One that was asked to end meanwhile stays stopped. */
  markRunning(): void {
    if (this.#process !== undefined && !this.#isStopped()) this.#state.set({ kind: 'running' })
  }

  /** The process said that it cannot run: restarting would not help. */
  markFailed(reason: string, detail: string): void {
    if (this.#isStopped()) return
    this.#cancelRestart()
    this.#state.set({ kind: 'failed', reason, detail })
  }

  /** Asks the process to end and ends it by force after the grace period. */
  async stop(ask: (process: P) => void, graceMs: number): Promise<void> {
    this.#cancelRestart()
    this.#state.set({ kind: 'stopped' })
    const process = this.#process
    if (process === undefined) return
    await new Promise<void>((resolve) => {
      const { clock, logger, name } = this.#options
      let cancelTimer = clock.after(graceMs, () => {
        logger.warn('A helper process did not end in time', { name })
        process.kill()
        cancelTimer = clock.after(KILL_WAIT_MS, resolve)
      })
      this.#onExit = () => {
        cancelTimer()
        resolve()
      }
      ask(process)
    })
  }

  #isStopped(): boolean {
    return this.#state.get().kind === 'stopped'
  }

  #spawn(): void {
    this.#state.set({ kind: 'starting' })
    const process = this.#options.spawn()
    this.#process = process
    process.onMessage((message) => {
      if (this.#process === process) this.#options.onMessage(message, process)
    })
    process.onExit((exitCode) => {
      if (this.#process === process) this.#ended(exitCode)
    })
    this.#options.onStarted(process)
  }

  #ended(exitCode: number | null): void {
    this.#process = undefined
    this.#onExit()
    this.#options.onEnded()
    const { kind } = this.#state.get()
    if (kind === 'stopped' || kind === 'failed') return
    const { clock, logger, name, random } = this.#options
    const now = clock.now()
    this.#crashes = [...this.#crashes.filter((at) => now - at < CRASH_WINDOW_MS), now]
    logger.warn('A helper process ended unexpectedly', { name, exitCode, crashes: this.#crashes.length })
    if (this.#crashes.length > MAX_CRASHES) {
      this.#state.set({
        kind: 'failed',
        reason: `${name} stopped ${this.#crashes.length} times within a minute, so Outpost gave up starting it.`,
        detail: `Last exit code: ${exitCode ?? 'none'}.`,
      })
      return
    }
    const delayMs = backoffDelay(BACKOFF, this.#crashes.length - 1, random)
    this.#state.set({ kind: 'restarting', retryAt: now + delayMs })
    this.#cancelRestart = clock.after(delayMs, () => this.#spawn())
  }
}
