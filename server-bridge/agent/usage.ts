import type { Clock } from '../lib/clock.ts'
import type { EventOutbox } from './event-outbox.ts'

/** How often a workspace in use says so. */
const reportMs = 30_000

export type SessionKind = 'reconnecting_pty' | 'ssh'

/** One session of a person or program. */
export interface UsageSession {
  /** Bytes that came into the workspace, and that left it. */
  count(direction: 'rx' | 'tx', bytes: number): void
  /** May be called again. */
  end(): void
}

/** Counts who uses the workspace, and tells when that changes and every half minute while somebody does. */
export class Usage {
  readonly #clock: Clock
  readonly #outbox: Pick<EventOutbox, 'setState'>
  readonly #sessions: Record<SessionKind, number> = { reconnecting_pty: 0, ssh: 0 }
  readonly #bytes = { rx: 0, tx: 0 }
  #cancelReports: (() => void) | undefined
  #closed = false

  constructor(clock: Clock, outbox: Pick<EventOutbox, 'setState'>) {
    this.#clock = clock
    this.#outbox = outbox
  }

  open(kind: SessionKind): UsageSession {
    this.#change(kind, 1)
    let isOpen = true
    return {
      count: (direction, bytes) => {
        this.#bytes[direction] += bytes
      },
      end: () => {
        if (!isOpen) return
        isOpen = false
        this.#change(kind, -1)
      },
    }
  }

  /** Ends the reports for good; sessions may still end. */
  close(): void {
    this.#closed = true
    this.#stopReports()
  }

  #stopReports(): void {
    this.#cancelReports?.()
    this.#cancelReports = undefined
  }

  #change(kind: SessionKind, by: 1 | -1): void {
    this.#sessions[kind] += by
    if (this.#closed) return
    this.#report()
    const inUse = Object.values(this.#sessions).some((count) => count > 0)
    if (!inUse) this.#stopReports()
    else
      this.#cancelReports ??= this.#clock.every(reportMs, () => {
        this.#report()
      })
  }

  #report(): void {
    this.#outbox.setState('stats', {
      type: 'stats',
      reported_at: new Date(this.#clock.now()).toISOString(),
      sessions: { ...this.#sessions },
      rx_bytes: this.#bytes.rx,
      tx_bytes: this.#bytes.tx,
    })
  }
}
