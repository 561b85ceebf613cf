import type { Writable } from 'node:stream'

/**
 * Lets what is written to a stream in one turn of the loop leave as one piece. ssh2 writes each packet in three parts
 * (length, content, tag), and a stream that idles sends the first one ahead: a message, a system call and a wake-up of
 * the next process for four bytes.
 */
export function gatherTurn(stream: Writable): void {
  const write = stream.write.bind(stream) as (...given: unknown[]) => boolean
  let isCorked = false
  stream.write = (...given: unknown[]): boolean => {
    if (!isCorked) {
      isCorked = true
      stream.cork()
      setImmediate(() => {
        isCorked = false
        stream.uncork()
      })
    }
    return write(...given)
  }
}
