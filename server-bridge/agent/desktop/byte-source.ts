import type { Duplex } from 'node:stream'
import { toError } from '../../lib/to-error.ts'

/** The bytes of a connection, as many at a time as are asked for. */
export interface ByteSource {
  /** Rejects when the connection ends before they are there. One call at a time. */
  read(bytes: number): Promise<Buffer>
}

/** Beyond what is asked for the other side has to wait. */
const MAX_HELD_BYTES = 1024 * 1024

/** Reads a connection; `onEnd` hears once that nothing more comes. */
export function createByteSource(socket: Duplex, onEnd: (reason: Error) => void): ByteSource {
  const chunks: Buffer[] = []
  let held = 0
  let ended: Error | undefined
  let wanted:
    | {
        readonly bytes: number
        readonly take: (bytes: Buffer) => void
        readonly fail: (error: Error) => void
      }
    | undefined

  const serve = (): void => {
    if (wanted !== undefined && held >= wanted.bytes) {
      const { bytes, take } = wanted
      wanted = undefined
      const all = chunks.length === 1 ? chunks[0] : Buffer.concat(chunks)
      chunks.length = 0
      held -= bytes
      if (all !== undefined && held > 0) chunks.push(all.subarray(bytes))
      take(all === undefined ? Buffer.alloc(0) : all.subarray(0, bytes))
    }
    if (held >= Math.max(MAX_HELD_BYTES, wanted?.bytes ?? 0)) socket.pause()
    else socket.resume()
  }
  const end = (error: Error): void => {
    if (ended !== undefined) return
    ended = error
    wanted?.fail(error)
    wanted = undefined
    onEnd(error)
  }
  socket.on('data', (chunk: Buffer) => {
    chunks.push(chunk)
    held += chunk.length
    serve()
  })
  socket.on('error', (error) => end(toError(error)))
  const closed = (): void => end(new Error('The connection to the desktop ended.'))
  socket.once('end', closed)
  socket.once('close', closed)

  return {
    read: (bytes) =>
      new Promise((take, fail) => {
        if (ended !== undefined && held < bytes) {
          fail(ended)
          return
        }
        wanted = { bytes, take, fail }
        serve()
      }),
  }
}
