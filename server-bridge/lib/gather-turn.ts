import type { Writable } from 'node:stream'

/** A packet's length or tag. */
const smallBytes = 64
/** More is not waited for: a socket that is full is read many times in a turn, and the other end could be at work. */
const fullBytes = 32 * 1024

/**
 * Lets what is written to a stream in one turn of the loop leave as one piece. ssh2 writes each packet in three parts
 * (length, content, tag), and a stream that idles sends the first one ahead: a message, a system call and a wake-up of
 * the next process for four bytes. Such small parts are copied: as views they would keep the memory of their packets, and
 * whoever writes them may use it again at once.
 */
export function gatherTurn(stream: Writable): void {
  const write = stream.write.bind(stream) as (...given: unknown[]) => boolean
  let isCorked = false
  const release = (): void => {
    if (!isCorked) return
    isCorked = false
    stream.uncork()
  }
  stream.write = (...given: unknown[]): boolean => {
    if (!isCorked) {
      isCorked = true
      stream.cork()
      setImmediate(release)
    }
    const [part, ...rest] = given
    const isSmall = Buffer.isBuffer(part) && part.length <= smallBytes
    const hasRoom = write(isSmall ? Buffer.from(part) : part, ...rest)
    // Not at once: the parts of a packet belong together.
    if (stream.writableLength >= fullBytes) process.nextTick(release)
    return hasRoom
  }
}
