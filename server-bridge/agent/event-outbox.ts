import type { Writable } from 'node:stream'
import type { AgentEvent, AgentLifecycle } from '../contract/agent-link.ts'
import type { Clock } from '../lib/clock.ts'

/** A little more than the 1 MiB of log the server keeps of an agent: older lines would be cut there anyway. */
const maxRetainedBytes = 2 * 1024 * 1024

/** A lagging log leaves in pieces of a frame of the link, each of which costs a message and a system call. */
const maxChunkChars = 64 * 1024

type LogEvent = Extract<AgentEvent, { type: 'log' }>
export type ScriptCompleted = Extract<AgentEvent, { type: 'script-completed' }>
export type Hello = Extract<AgentEvent, { type: 'hello' }>
/** What only has a newest value: an older one is worth nothing once a newer is there. */
export type StateEvent = Extract<AgentEvent, { type: 'metadata' | 'app-health' | 'stats' }>

interface Entry {
  readonly event: AgentEvent
  readonly line: string
}

interface Reader {
  readonly stream: Writable
  /** Count of all entries ever made before the next one to send. */
  next: number
  /** Log lines up to here are known to the server. */
  readonly afterSeq: number
  /** Entries before this one were there when the reader came; their states are old news. */
  readonly joinedAt: number
  /** States it has not been told. */
  readonly unsent: Set<string>
}

/**
 * What the agent has to tell, kept until the server asks for it: a lost link loses no log line. Bounded; when the
 * bound is reached the oldest go, as they would at the server.
 */
export class EventOutbox {
  readonly #clock: Clock
  readonly #readers = new Set<Reader>()
  readonly #states = new Map<string, StateEvent>()
  #entries: Entry[] = []
  #firstIndex = 0
  #retainedBytes = 0
  /** What is added before the next turn of the event loop goes out then. */
  #isGathering = false
  #time = { ms: Number.NaN, text: '' }
  #seq: number
  #lifecycle: Extract<AgentEvent, { type: 'lifecycle' }>
  #hello: Hello | undefined

  constructor(clock: Clock) {
    this.#clock = clock
    // In microseconds of the clock, so the numbers of an agent that was started again are larger than its forerunner's.
    this.#seq = clock.now() * 1000
    this.#lifecycle = { type: 'lifecycle', state: 'created', changed_at: this.#timestamp() }
  }

  get lifecycle(): AgentLifecycle {
    return this.#lifecycle.state
  }

  setLifecycle(state: AgentLifecycle): void {
    this.#lifecycle = { type: 'lifecycle', state, changed_at: this.#timestamp() }
    this.#add(this.#lifecycle)
  }

  /** Sent first on every stream, and again when it changes. */
  setHello(hello: Hello): void {
    const changed = JSON.stringify(hello) !== JSON.stringify(this.#hello)
    this.#hello = hello
    if (changed) this.#add(hello)
  }

  log(logSourceId: string, level: LogEvent['level'], output: string): void {
    this.#seq += 1
    this.#add({
      type: 'log',
      log_source_id: logSourceId,
      created_at: this.#timestamp(),
      level,
      output,
      seq: this.#seq,
    })
  }

  scriptCompleted(event: ScriptCompleted): void {
    this.#add(event)
  }

  /** Replaces what was told under the same name. Kept apart from the log, which a value a second would push out. */
  setState(name: string, event: StateEvent): void {
    this.#states.set(name, event)
    for (const reader of this.#readers) {
      reader.unsent.add(name)
      this.#pump(reader)
    }
  }

  /** Streams to `stream` until it closes: who we are, how we are, the log after `afterSeq`, then what happens. */
  connect(stream: Writable, afterSeq: number): void {
    const joinedAt = this.#firstIndex + this.#entries.length
    const unsent = new Set(this.#states.keys())
    const reader: Reader = { stream, next: this.#firstIndex, afterSeq, joinedAt, unsent }
    this.#readers.add(reader)
    stream.on('drain', () => {
      this.#pump(reader)
    })
    stream.once('close', () => {
      this.#readers.delete(reader)
    })
    if (this.#hello !== undefined) send(stream, toLine(this.#hello))
    send(stream, toLine(this.#lifecycle))
    this.#pump(reader)
  }

  /** Ends the streams after what is written to them; resolves when all of it is on its way, or the peer is gone. */
  async close(): Promise<void> {
    this.#pumpAll()
    await Promise.all(
      [...this.#readers].map(
        ({ stream }) =>
          new Promise<void>((resolve) => {
            stream.once('close', resolve)
            stream.end(resolve)
          }),
      ),
    )
  }

  #add(event: AgentEvent): void {
    const line = toLine(event)
    this.#entries.push({ event, line })
    this.#retainedBytes += line.length
    while (this.#retainedBytes > maxRetainedBytes && this.#entries.length > 1) {
      this.#retainedBytes -= this.#entries.shift()?.line.length ?? 0
      this.#firstIndex += 1
    }
    this.#pumpSoon()
  }

  /** At once, but for what follows in the same turn: a write a line costs more than all else about it. */
  #pumpSoon(): void {
    if (this.#isGathering) return
    this.#isGathering = true
    setImmediate(() => {
      this.#isGathering = false
      this.#pumpAll()
    })
    this.#pumpAll()
  }

  #pumpAll(): void {
    for (const reader of this.#readers) this.#pump(reader)
  }

  #pump(reader: Reader): void {
    reader.next = Math.max(reader.next, this.#firstIndex)
    while (takesMore(reader.stream)) {
      const chunk = this.#nextChunk(reader)
      if (chunk === '') break
      send(reader.stream, chunk)
    }
    for (const name of reader.unsent) {
      if (!takesMore(reader.stream)) return
      reader.unsent.delete(name)
      const event = this.#states.get(name)
      if (event !== undefined) send(reader.stream, toLine(event))
    }
  }

  /** Lines of what is next, as many as go out in one write; empty when there are none. */
  #nextChunk(reader: Reader): string {
    let chunk = ''
    while (chunk.length < maxChunkChars) {
      const entry = this.#entries[reader.next - this.#firstIndex]
      if (entry === undefined) break
      const isOld = reader.next < reader.joinedAt
      reader.next += 1
      if (shouldSend(entry.event, isOld, reader.afterSeq)) chunk += entry.line
    }
    return chunk
  }

  #timestamp(): string {
    const ms = this.#clock.now()
    // Many lines come in one millisecond.
    if (ms !== this.#time.ms) this.#time = { ms, text: new Date(ms).toISOString() }
    return this.#time.text
  }
}

/**
 * As bytes: what is written as text to an HTTP/2 stream over a duplex of JavaScript, which the link is, may be sent from
 * memory that is free again.
 */
function send(stream: Writable, text: string): void {
  stream.write(Buffer.from(text))
}

function takesMore(stream: Writable): boolean {
  return !stream.writableNeedDrain && !stream.writableEnded && !stream.destroyed
}

function shouldSend(event: AgentEvent, isOld: boolean, afterSeq: number): boolean {
  if (event.type === 'log') return event.seq > afterSeq
  // A script that completed is told again: nobody acknowledges it, and hearing it twice changes nothing.
  return !isOld || event.type === 'script-completed'
}

function toLine(event: AgentEvent): string {
  return `${JSON.stringify(event)}\n`
}
