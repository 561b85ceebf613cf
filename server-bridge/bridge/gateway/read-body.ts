import type { IncomingMessage } from 'node:http'
import type { Clock } from '../../lib/clock.ts'

/** The body could not be had. */
export class BodyError extends Error {
  override readonly name = 'BodyError'
  readonly status: 400 | 408 | 413

  constructor(status: 400 | 408 | 413, message: string) {
    super(message)
    this.status = status
  }
}

/** Reads a whole message. @throws {BodyError} when it is too large, too slow or broken off. */
export function readBody(
  request: IncomingMessage,
  limits: { readonly bodyBytes: number; readonly bodyMs: number },
  clock: Clock,
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    const fail = (status: 400 | 408 | 413, message: string): void => {
      cancel()
      request.off('data', onData)
      reject(new BodyError(status, message))
    }
    const cancel = clock.after(limits.bodyMs, () => {
      fail(408, 'The message did not come in time.')
    })
    const tooLarge = (): void => {
      fail(413, `A message may have ${String(limits.bodyBytes)} bytes.`)
    }
    const onData = (chunk: Buffer): void => {
      size += chunk.length
      if (size > limits.bodyBytes) tooLarge()
      else chunks.push(chunk)
    }
    if (Number(request.headers['content-length'] ?? 0) > limits.bodyBytes) {
      tooLarge()
      return
    }
    request.on('data', onData)
    request.once('end', () => {
      cancel()
      resolve(Buffer.concat(chunks))
    })
    request.once('close', () => {
      if (!request.complete) fail(400, 'The message broke off.')
    })
  })
}
