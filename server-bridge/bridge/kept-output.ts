/** The most recent bytes of a stream, by their position in it. Memory follows what is kept, up to the capacity. */

const blockBytes = 64 * 1024

export interface KeptOutput {
  /** Position of the first byte that is still kept. */
  readonly start: number
  /** Position after the last byte. */
  readonly end: number
  push(bytes: Uint8Array): void
  /** A copy of at most `maxBytes` from `position` on, which must not lie before `start`. */
  read(position: number, maxBytes: number): Uint8Array
}

/**
 * Keeps at least `capacityBytes`, and at most one block of 64 KiB more.
 *
 * @param onDrop gets what falls out, with the position of its first byte.
 */
export function createKeptOutput(
  capacityBytes: number,
  onDrop: (bytes: Uint8Array, position: number) => void,
): KeptOutput {
  const maxBlocks = Math.ceil(capacityBytes / blockBytes) + 1
  const blocks: Uint8Array[] = []
  let start = 0
  let end = 0

  /** The block that has room, made when there is none. */
  const roomy = (): Uint8Array => {
    const last = blocks.at(-1)
    if (last !== undefined && end - start < blocks.length * blockBytes) return last
    const dropped = blocks.length === maxBlocks ? blocks.shift() : undefined
    if (dropped !== undefined) {
      onDrop(dropped, start)
      start += blockBytes
    }
    // Nobody has a view of a block: what is read is copied.
    const block = dropped ?? new Uint8Array(blockBytes)
    blocks.push(block)
    return block
  }

  return {
    get start() {
      return start
    },
    get end() {
      return end
    },
    push: (bytes) => {
      let at = 0
      while (at < bytes.length) {
        const block = roomy()
        const used = end - start - (blocks.length - 1) * blockBytes
        const count = Math.min(blockBytes - used, bytes.length - at)
        block.set(bytes.subarray(at, at + count), used)
        at += count
        end += count
      }
    },
    read: (position, maxBytes) => {
      const count = Math.max(0, Math.min(maxBytes, end - position))
      const copy = new Uint8Array(count)
      let at = 0
      while (at < count) {
        const offset = position + at - start
        const from = offset % blockBytes
        const part = blocks[Math.floor(offset / blockBytes)]?.subarray(from, from + count - at)
        if (part === undefined || part.length === 0)
          throw new RangeError('These bytes are not kept any more.')
        copy.set(part, at)
        at += part.length
      }
      return copy
    },
  }
}
