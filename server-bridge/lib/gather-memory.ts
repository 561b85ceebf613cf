/**
 * Puts pieces together in memory that is used again once they have left. New memory for each keeps the collector busier
 * than the copy itself, since it counts what lies outside of its heap.
 */

const blockBytes = 256 * 1024
/** Below this the collector is no worse than keeping books. */
const smallBytes = 16 * 1024
/** Of all streams of this process. */
const maxFree = 4
const free: Buffer[] = []

type Done = (error?: Error | null) => void

/**
 * Sends the pieces one after the other, in as few blocks as they fill, each one when the one before has left.
 *
 * @param send must not look at the bytes any more once it has called back.
 */
export function sendGathered(
  pieces: readonly Buffer[],
  send: (bytes: Buffer, done: Done) => void,
  done: Done,
): void {
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0)
  if (length < smallBytes) {
    send(Buffer.concat(pieces, length), done)
    return
  }
  const block = free.pop() ?? Buffer.allocUnsafeSlow(blockBytes)
  const finish: Done = (error) => {
    if (free.length < maxFree) free.push(block)
    done(error)
  }
  /** Where the next piece begins that has not left whole, and how much of it has. */
  let index = 0
  let offset = 0
  const sendNext = (): void => {
    let at = 0
    for (let piece = pieces[index]; piece !== undefined && at < blockBytes; piece = pieces[index]) {
      const copied = piece.copy(block, at, offset)
      at += copied
      offset += copied
      if (offset < piece.length) break
      index += 1
      offset = 0
    }
    send(block.subarray(0, at), (error) => {
      if (error || index === pieces.length) finish(error)
      else sendNext()
    })
  }
  sendNext()
}
