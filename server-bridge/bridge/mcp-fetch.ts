/** `fetch` for trying an MCP server: to its origin only, with bounded answers, and remembering how it went. */
import { errorCode } from '../lib/to-error.ts'

/** All answers of one test together. */
const MAX_BYTES = 4 * 1024 * 1024
/** Of an answer that is no success: as much as can hold a message. */
const MAX_ERROR_BYTES = 64 * 1024

/** The last thing that happened on the wire. */
export type McpExchange =
  | { readonly kind: 'none' }
  | { readonly kind: 'failed'; readonly code: string }
  | { readonly kind: 'too_large' }
  | { readonly kind: 'redirected'; readonly to: string }
  | { readonly kind: 'answered'; readonly status: number; readonly type: string; readonly text: string }

export interface McpFetch {
  readonly fetch: (input: string | URL, init?: RequestInit) => Promise<Response>
  readonly last: () => McpExchange
}

export interface McpFetchOptions {
  readonly origin: string
  readonly signal: AbortSignal
  /** The stream a server may open or refuse says nothing about the test. */
  readonly ignores: (method: string) => boolean
  readonly maxBytes?: number
}

/** Makes a `fetch` for one test. */
export function createMcpFetch({ origin, signal, ignores, maxBytes = MAX_BYTES }: McpFetchOptions): McpFetch {
  let last: McpExchange = { kind: 'none' }
  let bytes = 0
  const count = (chunk: Uint8Array): boolean => (bytes += chunk.byteLength) <= maxBytes

  const bounded = (body: ReadableStream<Uint8Array>): ReadableStream<Uint8Array> =>
    body.pipeThrough(
      new TransformStream<Uint8Array, Uint8Array>({
        transform(chunk, controller) {
          if (count(chunk)) controller.enqueue(chunk)
          else {
            last = { kind: 'too_large' }
            controller.error(new Error('The answer is too large.'))
          }
        },
      }),
    )

  const exchange = async (input: string | URL, init: RequestInit): Promise<Response> => {
    const remembers = !ignores((init.method ?? 'GET').toUpperCase())
    const note = (what: McpExchange): void => {
      if (remembers && last.kind !== 'too_large') last = what
    }
    const signals = init.signal ? AbortSignal.any([signal, init.signal]) : signal
    let response: Response
    try {
      // Never followed here: the headers would go along.
      response = await fetch(input, { ...init, redirect: 'manual', signal: signals })
    } catch (thrown) {
      note({ kind: 'failed', code: errorCode(thrown) ?? '' })
      throw thrown
    }
    const { status, headers } = response
    const type = headers.get('content-type') ?? ''
    const location = headers.get('location')
    if (status >= 300 && status < 400) {
      const to =
        location !== null && URL.canParse(location, String(input))
          ? new URL(location, String(input)).origin
          : ''
      note({ kind: 'redirected', to })
      return response
    }
    if (response.ok) {
      note({ kind: 'answered', status, type, text: '' })
      return response.body === null ? response : new Response(bounded(response.body), { status, headers })
    }
    const text = await readPart(response)
    note({ kind: 'answered', status, type, text })
    return new Response(text, { status, headers: withoutLength(headers) })
  }

  return {
    last: () => last,
    fetch: (input, init = {}) => {
      // A server of the SSE kind names the address of its messages itself.
      if (new URL(input).origin !== origin) {
        last = { kind: 'redirected', to: new URL(input).origin }
        return Promise.reject(new TypeError('The server sends the connection to another origin.'))
      }
      return exchange(input, init)
    },
  }
}

/** What was read no longer has the length or the packing that the headers say. */
function withoutLength(headers: Headers): Headers {
  const kept = new Headers(headers)
  kept.delete('content-length')
  kept.delete('content-encoding')
  return kept
}

async function readPart(response: Response): Promise<string> {
  if (response.body === null) return ''
  const parts: Uint8Array[] = []
  let size = 0
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    parts.push(chunk)
    size += chunk.byteLength
    if (size >= MAX_ERROR_BYTES) break
  }
  return Buffer.concat(parts).subarray(0, MAX_ERROR_BYTES).toString('utf8')
}
