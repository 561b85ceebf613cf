import type { Duplex } from 'node:stream'

/** Reads from a stream that speaks a handshake before it becomes somebody else's. */
export interface HandshakeReader {
  /** Exactly so many bytes. */
  bytes(count: number): Promise<Buffer>
  /** Up to and with the mark, which must come within `maxBytes`. */
  through(mark: string, maxBytes: number): Promise<Buffer>
  /** Gives the stream back; what was read too much is put back into it. */
  release(): void
}

/** Takes a stream over until `release`. Each read rejects when the stream ends or fails before it is done. */
export function readHandshake(stream: Duplex): HandshakeReader {
  let held = Buffer.alloc(0)

  const need = (lengthOf: (have: Buffer) => number | undefined): Promise<Buffer> =>
    new Promise((resolve, reject) => {
      const stop = (): void => {
        stream.off('readable', look)
        stream.off('error', onError)
        stream.off('end', onEnd)
        stream.off('close', onEnd)
      }
      const onError = (error: Error): void => {
        stop()
        reject(error)
      }
      const onEnd = (): void => {
        onError(Object.assign(new Error('It closed the connection.'), { code: 'ECONNRESET' }))
      }
      const look = (): void => {
        const chunk = stream.read() as Buffer | null
        if (chunk !== null) held = Buffer.concat([held, chunk])
        let length: number | undefined
        try {
          length = lengthOf(held)
        } catch (error) {
          onError(error as Error)
          return
        }
        if (length === undefined) return
        stop()
        const taken = held.subarray(0, length)
        held = held.subarray(length)
        resolve(taken)
      }
      stream.on('readable', look)
      stream.once('error', onError)
      stream.once('end', onEnd)
      stream.once('close', onEnd)
      look()
    })

  return {
    bytes: (count) => need((have) => (have.length < count ? undefined : count)),
    through: (mark, maxBytes) =>
      need((have) => {
        const at = have.indexOf(mark)
        if (at >= 0) return at + mark.length
        if (have.length > maxBytes) throw new Error('Its answer is longer than any.')
        return undefined
      }),
    release() {
      if (held.length > 0) stream.unshift(held)
    },
  }
}
