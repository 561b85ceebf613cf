import {
  request as httpRequest,
  type Agent,
  type ClientRequest,
  type IncomingMessage,
  type RequestOptions,
} from 'node:http'
import { request as httpsRequest } from 'node:https'
import type { Socket } from 'node:net'
import { pipeline, type Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { toError } from './to-error.ts'

export interface OutgoingRequest {
  readonly method: string
  readonly url: URL
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array | undefined
  readonly signal?: AbortSignal | undefined
}

/** An agent that makes connections, or one connection made already, to a proxy that wants the whole address. */
export type RequestWay =
  { readonly agent: Agent } | { readonly socket: Socket; readonly isForwarded: boolean }

/**
 * One request and its answer, as `fetch` gives it. Nothing is followed, kept or sent along: no redirects, no cookies.
 *
 * @throws what Node throws, as it is.
 */
export function sendRequest(outgoing: OutgoingRequest, way: RequestWay): Promise<Response> {
  const { url, body, signal } = outgoing
  return new Promise((resolve, reject) => {
    const request = open(outgoing, way)
    request.once('response', (message) => {
      try {
        resolve(toResponse(message, signal))
      } catch (thrown) {
        message.destroy()
        reject(toError(thrown))
      }
    })
    request.on('error', reject)
    // A server that answers otherwise is none of ours; without a listener the socket would be left open.
    request.once('upgrade', (_message, socket: Socket) => {
      socket.destroy()
      reject(new Error(`${url.host} switched protocols unasked.`))
    })
    if (signal?.aborted === true) request.destroy(signal.reason as Error)
    request.end(body)
  })
}

function open({ method, url, headers, signal }: OutgoingRequest, way: RequestWay): ClientRequest {
  const isStream = headers['accept'] === 'text/event-stream'
  const options: RequestOptions = {
    method,
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? undefined : url.port,
    path: 'isForwarded' in way && way.isForwarded ? url.href : `${url.pathname}${url.search}`,
    headers: { host: url.host, ...(isStream ? {} : { 'accept-encoding': 'gzip' }), ...headers },
    ...('agent' in way ? { agent: way.agent } : { createConnection: () => way.socket }),
    ...(signal === undefined ? {} : { signal }),
  }
  return url.protocol === 'https:' ? httpsRequest(options) : httpRequest(options)
}

function toResponse(message: IncomingMessage, signal: AbortSignal | undefined): Response {
  const headers = new Headers()
  for (let index = 0; index + 1 < message.rawHeaders.length; index += 2) {
    const name = message.rawHeaders[index] ?? ''
    // There is no jar to put them into.
    if (name.toLowerCase() !== 'set-cookie') headers.append(name, message.rawHeaders[index + 1] ?? '')
  }
  const status = message.statusCode ?? 0
  if (status === 204 || status === 205 || status === 304) {
    message.resume()
    return new Response(null, { status, headers })
  }
  return new Response(toStream(decoded(message, headers), signal), {
    status,
    statusText: message.statusMessage ?? '',
    headers,
  })
}

function decoded(message: IncomingMessage, headers: Headers): Readable {
  if (headers.get('content-encoding')?.toLowerCase() !== 'gzip') return message
  headers.delete('content-encoding')
  headers.delete('content-length')
  // Its callback is told of nothing that the reader of the last stream is not told as well.
  return pipeline(message, createGunzip(), () => undefined)
}

/** Chunks that wait to be read before the connection is held back. */
const MAX_WAITING = 16

/** What Node makes of it copies each chunk, and takes longer for a short answer than sending the request. */
function toStream(from: Readable, signal: AbortSignal | undefined): ReadableStream<Uint8Array> {
  // What fails or is not wanted any more may still come, or end.
  let isOpen = true
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        const end = (error?: Error): void => {
          if (!isOpen) return
          isOpen = false
          if (error) controller.error(error)
          else controller.close()
        }
        from.on('data', (chunk: Buffer) => {
          if (!isOpen) return
          controller.enqueue(chunk)
          if ((controller.desiredSize ?? 0) <= 0) from.pause()
        })
        // Node ends an answer that has come but was not read when its request is called off.
        from.once('end', () => end(signal?.aborted === true ? (signal.reason as Error) : undefined))
        from.on('error', end)
        from.once('close', () => end(new Error('The answer was ended before it was whole.')))
      },
      pull() {
        from.resume()
      },
      cancel() {
        isOpen = false
        from.destroy()
      },
    },
    { highWaterMark: MAX_WAITING },
  )
}
