/**
 * Gathers terminal output into messages. A shell writes in small pieces, and each message costs more than its bytes:
 * what arrives in one turn of the event loop goes out as one.
 */

/** A message is sent as soon as it is this big: 64 KiB was the knee of the curve when measured. */
const batchBytes = 64 * 1024

export interface OutputBatch {
  push(chunk: Uint8Array): void
  /** Something is held that was not sent. */
  readonly isHolding: boolean
  /** Sends what is held, now. */
  flush(): void
  /** Forgets what is held: it belongs to a connection that will be replayed. */
  clear(): void
}

/** @param send gets an array of its own buffer: a view of a pooled one would be cloned with the whole pool. */
export function createOutputBatch(send: (bytes: Uint8Array) => void): OutputBatch {
  let chunks: Uint8Array[] = []
  let size = 0
  let scheduled: NodeJS.Immediate | undefined

  const clear = () => {
    if (scheduled !== undefined) clearImmediate(scheduled)
    scheduled = undefined
    chunks = []
    size = 0
  }
  const flush = () => {
    const held = chunks
    const total = size
    clear()
    if (total === 0) return
    const bytes = new Uint8Array(total)
    let at = 0
    for (const chunk of held) {
      bytes.set(chunk, at)
      at += chunk.length
    }
    send(bytes)
  }
  return {
    push: (chunk) => {
      if (chunk.length === 0) return
      chunks.push(chunk)
      size += chunk.length
      if (size >= batchBytes) flush()
      else scheduled ??= setImmediate(flush)
    },
    get isHolding() {
      return size > 0
    },
    flush,
    clear,
  }
}
