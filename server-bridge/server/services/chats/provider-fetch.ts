import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import { sendRequest } from '../../../lib/send-request.ts'

/**
 * Connections are kept less long than servers of models keep them: five seconds by uvicorn (its `--timeout-keep-alive`),
 * on which many are built. The timeout ends what is not in use only.
 */
const KEPT = { keepAlive: true, timeout: 4000 }
export const providerAgents: Readonly<Record<string, HttpAgent>> = {
  'http:': new HttpAgent(KEPT),
  'https:': new HttpsAgent(KEPT),
}

/**
 * `fetch` as the clients of providers use it: the whole body is there before, and the answer is read as it comes. Node's
 * own takes a ms more of a short step of a chat and three of a long one, for what a page needs of it.
 *
 * A redirect would carry the key along, to wherever it points, and is refused.
 *
 * @throws {TypeError} `fetch failed`, with the cause, as the standard's; or the signal's reason.
 */
export const providerFetch: typeof fetch = async (input, { signal, ...init } = {}) => {
  signal?.throwIfAborted()
  if (input instanceof Request) throw new TypeError('The clients of providers ask by address.')
  const url = new URL(input)
  const agent = providerAgents[url.protocol]
  if (!agent) throw new TypeError(`Providers are asked by HTTP, not by ${url.protocol}`)
  const body = toBytes(init.body)
  const headers = { accept: '*/*', ...toHeaders(init.headers), 'accept-encoding': 'identity' }
  try {
    const request = { method: init.method ?? 'GET', url, headers, body, signal: signal ?? undefined }
    const response = await sendRequest(request, { agent })
    const refused = refusal(response)
    if (refused === undefined) return response
    await response.body?.cancel()
    throw new Error(refused)
  } catch (cause) {
    signal?.throwIfAborted()
    throw new TypeError('fetch failed', { cause })
  }
}

function refusal({ status, headers }: Response): string | undefined {
  if (status >= 300 && status < 400 && status !== 304) return 'unexpected redirect'
  const encoding = headers.get('content-encoding') ?? 'identity'
  return encoding === 'identity' ? undefined : `The answer comes as ${encoding}, which was not asked for.`
}

/** @throws {TypeError} for a body that would have to be read first. */
function toBytes(body: BodyInit | null | undefined): Uint8Array | undefined {
  if (typeof body === 'string') return encode(body)
  if (body === undefined || body === null || body instanceof Uint8Array) return body ?? undefined
  throw new TypeError('The clients of providers send text or bytes.')
}

const encoder = new TextEncoder()

/** A long conversation is ASCII mostly, and then this takes a quarter of what `Buffer.from` does. */
function encode(text: string): Uint8Array {
  const bytes = Buffer.allocUnsafeSlow(text.length)
  const { read } = encoder.encodeInto(text, bytes)
  return read === text.length ? bytes : Buffer.from(text)
}

/** Mostly there as an object already. */
function toHeaders(headers: HeadersInit = {}): Record<string, string> {
  return headers instanceof Headers || Array.isArray(headers)
    ? Object.fromEntries(headers as Iterable<[string, string]>)
    : headers
}
