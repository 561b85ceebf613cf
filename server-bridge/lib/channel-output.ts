import type { Writable } from 'node:stream'
import type { TransportLoad } from './transport-load.ts'

/** Bytes waiting for the client's window, above which the source is held back. */
const maxWaitingBytes = 256 * 1024

/** Where the bytes come from: a pipe, a socket or a terminal. */
export interface HoldableSource {
  pause(): void
  resume(): void
}

/**
 * One direction of a channel, from a source to the client. The source is held back while the client's window is used
 * up, and while the connection below carries more than it can send: SSH's windows alone would let a client with large
 * ones, which stops reading its socket, fill our memory.
 */
export class ChannelOutput {
  readonly #target: Writable
  readonly #load: TransportLoad
  readonly #source: HoldableSource
  readonly #stopListening: () => void
  #waiting = 0
  #held = false
  #onFlushed: (() => void)[] = []

  constructor(target: Writable, load: TransportLoad, source: HoldableSource) {
    this.#target = target
    this.#load = load
    this.#source = source
    this.#stopListening = load.onRelief(() => {
      this.#proceed()
    })
  }

  write(bytes: Buffer): void {
    this.#waiting += 1
    // A channel that was closed never calls back; then nobody waits either.
    this.#target.write(bytes, () => {
      this.#waiting -= 1
      this.#proceed()
    })
    if (!this.#held && this.#isFull(maxWaitingBytes)) {
      this.#held = true
      this.#source.pause()
    }
  }

  /** Resolves once everything written has left for the client. Never, when the channel is closed before. */
  async flushed(): Promise<void> {
    if (this.#waiting > 0) await new Promise<void>((resolve) => this.#onFlushed.push(resolve))
  }

  /** The channel is gone. */
  dispose(): void {
    this.#stopListening()
  }

  #proceed(): void {
    if (this.#waiting === 0) for (const resolve of this.#onFlushed.splice(0)) resolve()
    if (!this.#held || this.#isFull(maxWaitingBytes / 2)) return
    this.#held = false
    this.#source.resume()
  }

  #isFull(limit: number): boolean {
    return this.#target.writableLength > limit || this.#load.isHigh
  }
}
