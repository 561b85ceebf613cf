/**
 * Who waits for one answer. What an `AbortSignal` would tell, without what one costs: an event, a listener at each end of
 * a request and an error with a stack were a twentieth of a call.
 */
export class Asker {
  readonly #listeners = new Set<() => void>()
  #hasLeft = false

  get hasLeft(): boolean {
    return this.#hasLeft
  }

  /** The answer or the connection has ended. */
  leave(): void {
    if (this.#hasLeft) return
    this.#hasLeft = true
    for (const run of [...this.#listeners]) run()
  }

  /** Calls back once, at once when that was before; the returned function ends it. */
  onLeave(run: () => void): () => void {
    if (this.#hasLeft) {
      run()
      return () => undefined
    }
    this.#listeners.add(run)
    return () => this.#listeners.delete(run)
  }
}
