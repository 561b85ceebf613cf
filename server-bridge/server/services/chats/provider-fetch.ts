import { request as requestHttp, type IncomingMessage } from 'node:http'
import { request as requestHttps } from 'node:https'

/** Statuses that must have no body (Fetch, 2.2.3). */
const BODILESS = new Set([204, 205, 304])
/** Chunks that wait to be read before the connection is held back. */
const MAX_WAITING = 16

type Controller = ReadableStreamDefaultController<Uint8Array>

/**
 * `fetch` as the clients of providers use it: the whole body is there before, and the answer is read as it comes. Node's
 * own costs more than all else between two steps of a chat, for what a page needs of it.
 *
 * A redirect would carry the key along, to wherever it points, and is refused.
 *
 * @throws {TypeError} `fetch failed`, with the cause, as the standard's; or the signal's reason.
 */
export const providerFetch: typeof fetch = async (input, init = {}) => {
  const { signal, method = 'GET' } = init
  signal?.throwIfAborted()
  if (input instanceof Request) throw new TypeError('The clients of providers ask by address.')
  const url = new URL(input)
  const body = toBytes(init.body)
  const headers = { accept: '*/*', ...toHeaders(init.headers), 'accept-encoding': 'identity' }
  return new Promise((resolve, reject) => {
    const request = (url.protocol === 'https:' ? requestHttps : requestHttp)(url, { method, headers })
    let controller: Controller | undefined
    const fail = (error: Error): void => {
      reject(error)
      controller?.error(error)
      request.destroy()
    }
    const abort = (): void => fail(signal?.reason as Error)
    signal?.addEventListener('abort', abort, { once: true })
    request.once('close', () => signal?.removeEventListener('abort', abort))
    request.on('error', (cause) => fail(new TypeError('fetch failed', { cause })))
    request.once('response', (answer) => {
      answer.on('error', (cause) => fail(new TypeError('terminated', { cause })))
      try {
        resolve(toResponse(answer, (started) => (controller = started)))
      } catch (cause) {
        fail(new TypeError('fetch failed', { cause }))
      }
    })
    request.end(body)
  })
}

/** @throws {TypeError} for a body that would have to be read first. */
function toBytes(body: BodyInit | null | undefined): Uint8Array | undefined {
  if (typeof body === 'string') return Buffer.from(body)
  if (body === undefined || body === null || body instanceof Uint8Array) return body ?? undefined
  throw new TypeError('The clients of providers send text or bytes.')
}

/** Mostly there as an object already. */
function toHeaders(headers: HeadersInit = {}): Record<string, string> {
  return headers instanceof Headers || Array.isArray(headers)
    ? Object.fromEntries(headers as Iterable<[string, string]>)
    : headers
}

/** @throws for an answer that cannot be given on. */
function toResponse(answer: IncomingMessage, onStart: (controller: Controller) => void): Response {
  const { statusCode: status = 0, statusMessage: statusText = '', rawHeaders } = answer
  if (status >= 300 && status < 400 && status !== 304) throw new Error('unexpected redirect')
  // Decoding is what we did not ask for, and what a small answer could grow by a thousand times.
  const encoding = answer.headers['content-encoding'] ?? 'identity'
  if (encoding !== 'identity') throw new Error(`The answer comes as ${encoding}, which was not asked for.`)
  const headers = new Headers()
  for (let at = 0; at + 1 < rawHeaders.length; at += 2)
    headers.append(rawHeaders[at] ?? '', rawHeaders[at + 1] ?? '')
  if (!BODILESS.has(status)) return new Response(toStream(answer, onStart), { status, statusText, headers })
  answer.resume()
  return new Response(null, { status, statusText, headers })
}

function toStream(
  answer: IncomingMessage,
  onStart: (controller: Controller) => void,
): ReadableStream<Uint8Array> {
  // What fails or is not wanted any more may still come, or end.
  let isWanted = true
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        onStart(controller)
        answer.on('data', (chunk: Buffer) => {
          if (!isWanted || controller.desiredSize === null) return
          controller.enqueue(chunk)
          if (controller.desiredSize <= 0) answer.pause()
        })
        answer.once('end', () => {
          if (isWanted && controller.desiredSize !== null) controller.close()
        })
      },
      pull() {
        answer.resume()
      },
      cancel() {
        isWanted = false
        answer.destroy()
      },
    },
    { highWaterMark: MAX_WAITING },
  )
}
