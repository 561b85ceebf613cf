import type { Duplex } from 'node:stream'
import type { Clock } from '../lib/clock.ts'
import type { PtyProcess, PtySize } from './pty-process.ts'
import { TerminalHistory } from './terminal-history.ts'
import { createUnreadOutput, type UnreadOutput } from './unread-output.ts'

/** A client may lag this far behind a faster one before it is caught up by a replay instead. */
const maxLagBytes = 1024 * 1024
/** No more than this waits for the end of a turn. */
const gatherBytes = 64 * 1024
/** RIS: the client forgets what it drew, since a replay follows. */
const resetTerminal = '\u001bc'

interface Client {
  readonly stream: Duplex
  readonly onSent: (bytes: number) => void
  readonly unread: UnreadOutput
  size: PtySize
  /** Its stream asked us to wait. */
  congested: boolean
  /** Its input waits for the program, so that it cannot say what it has read. */
  isHeld: boolean
  /** Its output is being gathered. */
  corked: boolean
  /** It missed output; a replay brings it up to date once it has drained. */
  skipped: boolean
}

export interface TerminalOptions {
  readonly pty: PtyProcess
  /** Printed before what the program prints. */
  readonly greeting?: Buffer | undefined
  readonly clock: Pick<Clock, 'now'>
  /** The last client has gone, or the first one came back. */
  readonly onAttachedChange: (isAttached: boolean) => void
  readonly onEnd: (exitCode: number) => void
}

/**
 * One shell and the clients that look at it. Output goes to every client; the program is paused while none of them
 * can take more, so a flood stays in the program and memory stays flat. The newest client's size wins.
 */
export class Terminal {
  readonly #pty: PtyProcess
  readonly #history = new TerminalHistory()
  readonly #clients: Client[] = []
  readonly #onAttachedChange: (isAttached: boolean) => void
  readonly #clock: Pick<Clock, 'now'>
  readonly startedAt: number
  #lastActiveAt: number
  #ended = false

  constructor(options: TerminalOptions) {
    this.#pty = options.pty
    this.#clock = options.clock
    this.startedAt = options.clock.now()
    this.#lastActiveAt = this.startedAt
    this.#onAttachedChange = options.onAttachedChange
    if (options.greeting !== undefined && options.greeting.length > 0) this.#deliver(options.greeting)
    this.#pty.onData((bytes) => {
      this.#deliver(bytes)
    })
    this.#pty.onDrain(() => {
      for (const client of this.#clients) {
        client.isHeld = false
        client.stream.resume()
      }
      this.#regulate()
    })
    this.#pty.onEnd((exitCode) => {
      this.#finish()
      options.onEnd(exitCode)
    })
  }

  get pid(): number {
    return this.#pty.pid
  }

  get clientCount(): number {
    return this.#clients.length
  }

  /** When something was last typed or printed, in epoch milliseconds. */
  get lastActiveAt(): number {
    return this.#lastActiveAt
  }

  /** The title that the program gave its window; empty when it gave none. */
  get title(): string {
    return this.#history.title
  }

  /** Replays the history to `stream` and keeps it up to date until it closes; `onSent` counts what it was sent. */
  attach(stream: Duplex, size: PtySize, onSent: (bytes: number) => void = () => undefined): TerminalClient {
    const client: Client = {
      stream,
      onSent,
      unread: createUnreadOutput(() => this.#clock.now()),
      size,
      congested: false,
      isHeld: false,
      corked: false,
      skipped: false,
    }
    this.#clients.push(client)
    stream.on('drain', () => {
      this.#drained(client)
    })
    stream.once('close', () => {
      this.#detach(client)
    })
    const { bytes, alternateScreen } = this.#history.snapshot()
    if (bytes.length > 0) this.#send(client, bytes)
    this.#applySize()
    // A full-screen program redraws when its size changes; the replay alone may have started mid-picture.
    if (alternateScreen) this.#forceRedraw(size)
    this.#regulate()
    if (this.#clients.length === 1) this.#onAttachedChange(true)
    return {
      input: (data) => {
        this.#lastActiveAt = this.#clock.now()
        if (this.#pty.write(data)) return
        client.isHeld = true
        stream.pause()
        // It may wait for its output to be taken before it takes more.
        this.#regulate()
      },
      read: (total) => {
        client.unread.read(total)
        this.#regulate()
      },
      resize: (next) => {
        client.size = next
        this.#applySize()
      },
    }
  }

  #deliver(bytes: Buffer): void {
    this.#lastActiveAt = this.#clock.now()
    this.#history.push(bytes)
    for (const client of this.#clients) {
      if (client.skipped || client.stream.writableLength > maxLagBytes) client.skipped = true
      else this.#send(client, bytes)
    }
    this.#regulate()
  }

  /** The kernel hands a flood over in pieces of 4 KiB: what comes in one turn of the event loop leaves as one. */
  #send(client: Client, bytes: Buffer): void {
    const { stream } = client
    if (!client.corked) {
      client.corked = true
      stream.cork()
      setImmediate(() => {
        uncork(client)
      })
    }
    client.onSent(bytes.length)
    client.unread.sent(bytes.length)
    if (!stream.write(bytes)) client.congested = true
    if (stream.writableLength >= gatherBytes) uncork(client)
  }

  #drained(client: Client): void {
    client.congested = false
    if (client.skipped) this.#catchUp(client)
    this.#regulate()
  }

  #catchUp(client: Client): void {
    client.skipped = false
    this.#send(client, Buffer.concat([Buffer.from(resetTerminal), this.#history.snapshot().bytes]))
  }

  /** With nobody attached the program runs on: the ring keeps what is recent. */
  #regulate(): void {
    if (this.#clients.length > 0 && this.#clients.every(mustWait)) this.#pty.pause()
    else this.#pty.resume()
  }

  #detach(client: Client): void {
    const index = this.#clients.indexOf(client)
    if (index === -1) return
    this.#clients.splice(index, 1)
    if (this.#ended) return
    this.#applySize()
    this.#regulate()
    if (this.#clients.length === 0) this.#onAttachedChange(false)
  }

  #applySize(): void {
    const newest = this.#clients.at(-1)
    if (newest !== undefined) this.#pty.resize(newest.size)
  }

  #forceRedraw(size: PtySize): void {
    this.#pty.resize({ cols: size.cols, rows: size.rows > 1 ? size.rows - 1 : size.rows + 1 })
    this.#pty.resize(size)
  }

  #finish(): void {
    this.#ended = true
    for (const client of this.#clients) {
      if (client.skipped) this.#catchUp(client)
      client.stream.end()
    }
  }
}

const mustWait = ({ congested, isHeld, unread }: Client): boolean => congested || (unread.isFull && !isHeld)

function uncork(client: Client): void {
  if (!client.corked) return
  client.corked = false
  client.stream.uncork()
}

/** What one attached client may do. */
export interface TerminalClient {
  input(data: string): void
  /** So many bytes of its output were read, of all since it was attached. */
  read(total: number): void
  resize(size: PtySize): void
}
