import type { Writable } from 'node:stream'

/** Bytes on their way into the link, for all channels of a connection together. */
const highBytes = 1024 * 1024

/** Whether the stream below an SSH connection takes what is sent; ssh2 writes to it without asking. */
export class TransportLoad {
  readonly #stream: Writable
  readonly #listeners = new Set<() => void>()

  constructor(stream: Writable) {
    this.#stream = stream
    stream.on('drain', () => {
      for (const listener of [...this.#listeners]) listener()
    })
  }

  get isHigh(): boolean {
    return this.#stream.writableLength > highBytes
  }

  /** Calls back whenever the stream has sent all it had; the returned function ends that. */
  onRelief(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
}
