import type { Clock } from '../lib/clock.ts'
import type { Logger } from '../lib/logger.ts'
import type { ProcessTree } from './process-tree.ts'
import { spawnPty, type PtySize } from './pty-process.ts'
import type { ShellCommand } from './shell-command.ts'
import { Terminal } from './terminal.ts'

/** Coder keeps a detached terminal this long (stable-api, "Terminal"). */
const detachedLifeMs = 5 * 60_000
/** More than a person opens; fewer than the machine has pseudo-terminals. */
const maxTerminals = 128

export interface TerminalsOptions {
  readonly clock: Clock
  readonly logger: Logger
  readonly processTree: ProcessTree
  /** What to run, asked for every new terminal, since the manifest may have changed. */
  readonly createCommand: (command: string) => ShellCommand
  /** What a login shell begins with; never throws. */
  readonly readGreeting: () => Promise<Buffer>
}

export class TooManyTerminalsError extends Error {
  constructor() {
    super(`The workspace has ${maxTerminals} terminals open. Close some and try again.`)
    this.name = 'TooManyTerminalsError'
  }
}

export interface OpenTerminalRequest extends PtySize {
  /** Coder's `reconnect`: names the shell. */
  readonly id: string
  /** Run when the shell is new; empty for a login shell. */
  readonly command: string
}

/** A running shell, for a list to choose from. Times in epoch milliseconds. */
export interface TerminalSummary {
  readonly id: string
  /** Empty for a login shell. */
  readonly command: string
  readonly title: string
  readonly startedAt: number
  readonly lastActiveAt: number
  readonly clients: number
}

interface Entry {
  readonly command: string
  readonly terminal: Promise<Terminal>
  cancelExpiry: () => void
}

/** The reconnecting terminals of one workspace, by their id. */
export class Terminals {
  readonly #options: TerminalsOptions
  readonly #entries = new Map<string, Entry>()
  #closed = false

  constructor(options: TerminalsOptions) {
    this.#options = options
  }

  get size(): number {
    return this.#entries.size
  }

  /**
   * The shell with this id, started when there is none. Nobody attached, it is kept for five minutes.
   *
   * @throws {TooManyTerminalsError} or the reason why the shell did not start.
   */
  async open(request: OpenTerminalRequest): Promise<Terminal> {
    if (this.#closed) throw new Error('The workspace is stopping.')
    const entry = this.#entries.get(request.id) ?? this.#create(request)
    return entry.terminal
  }

  /** The shells that run, the first one first. */
  async list(): Promise<TerminalSummary[]> {
    const summaries = await Promise.allSettled(
      [...this.#entries].map(async ([id, { command, terminal }]): Promise<TerminalSummary> => {
        const { title, startedAt, lastActiveAt, clientCount } = await terminal
        return { id, command, title, startedAt, lastActiveAt, clients: clientCount }
      }),
    )
    // One that failed to start tells that to whoever opened it.
    return summaries
      .flatMap((summary) => (summary.status === 'fulfilled' ? [summary.value] : []))
      .sort((a, b) => a.startedAt - b.startedAt)
  }

  /** Ends a shell and what runs in it. Answers whether there was one. */
  async end(id: string): Promise<boolean> {
    const entry = this.#entries.get(id)
    if (entry === undefined) return false
    const terminal = await entry.terminal
    this.#forget(id, entry)
    await this.#options.processTree.end([terminal.pid], 'SIGHUP')
    return true
  }

  /** Ends every shell and what runs in it. */
  async close(): Promise<void> {
    this.#closed = true
    const entries = [...this.#entries.values()]
    const settled = await Promise.allSettled(entries.map((entry) => entry.terminal))
    for (const entry of entries) entry.cancelExpiry()
    const pids = settled.flatMap((result) => (result.status === 'fulfilled' ? [result.value.pid] : []))
    await this.#options.processTree.end(pids, 'SIGHUP')
  }

  #create(request: OpenTerminalRequest): Entry {
    if (this.#entries.size >= maxTerminals) throw new TooManyTerminalsError()
    const entry: Entry = {
      command: request.command,
      terminal: this.#start(request),
      cancelExpiry: () => undefined,
    }
    this.#entries.set(request.id, entry)
    entry.terminal.then(
      (terminal) => {
        // The caller may have left while the shell started.
        if (terminal.clientCount === 0) this.#expireLater(request.id, entry, terminal)
      },
      () => {
        this.#forget(request.id, entry)
      },
    )
    return entry
  }

  async #start(request: OpenTerminalRequest): Promise<Terminal> {
    const { clock, logger, createCommand, readGreeting } = this.#options
    const { id, cols, rows } = request
    const greeting = request.command === '' ? await readGreeting() : undefined
    const pty = await spawnPty({ ...createCommand(request.command), cols, rows }, clock)
    logger.debug('A terminal started', { terminal: id, pid: pty.pid })
    const terminal: Terminal = new Terminal({
      pty,
      greeting,
      clock,
      onAttachedChange: (isAttached) => {
        const entry = this.#entries.get(id)
        entry?.cancelExpiry()
        if (entry !== undefined && !isAttached) this.#expireLater(id, entry, terminal)
      },
      onEnd: (exitCode) => {
        logger.debug('A terminal ended', { terminal: id, exitCode })
        const entry = this.#entries.get(id)
        if (entry !== undefined) this.#forget(id, entry)
      },
    })
    return terminal
  }

  #expireLater(id: string, entry: Entry, terminal: Terminal): void {
    entry.cancelExpiry()
    entry.cancelExpiry = this.#options.clock.after(detachedLifeMs, () => {
      this.#forget(id, entry)
      this.#options.processTree.end([terminal.pid], 'SIGHUP').catch((error: unknown) => {
        this.#options.logger.warn('A terminal could not be ended', { terminal: id, error: String(error) })
      })
    })
  }

  #forget(id: string, entry: Entry): void {
    entry.cancelExpiry()
    if (this.#entries.get(id) === entry) this.#entries.delete(id)
  }
}
