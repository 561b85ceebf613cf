import type { HttpMethod } from '../contract/route.ts'
import { redirectError } from './connection-failure.ts'

export type Fetch = typeof globalThis.fetch

export interface PlainRequest {
  readonly method: HttpMethod
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array<ArrayBuffer> | undefined
}

const maxRedirects = 3

/**
 * One HTTP exchange, without cookies. Redirects are followed by hand: only for GET and within the origin, because the
 * token goes with them.
 *
 * @throws {ConnectionError} `redirected`, naming the origin it led to.
 */
export async function exchange(send: Fetch, request: PlainRequest, signal: AbortSignal): Promise<Response> {
  let url = request.url
  for (let hop = 0; ; hop += 1) {
    const response = await send(url, {
      method: request.method,
      headers: request.headers,
      redirect: 'manual',
      credentials: 'omit',
      signal,
      ...(request.body === undefined ? {} : { body: request.body }),
    })
    if (response.status < 300 || response.status > 399 || response.status === 304) return response
    await response.body?.cancel()
    const target = parseLocation(response.headers.get('location'), url)
    const follow = request.method === 'GET' && target?.origin === url.origin && hop < maxRedirects
    if (!follow) throw redirectError(request.url.host, target)
    url = target
  }
}

function parseLocation(location: string | null, from: URL): URL | undefined {
  return location === null || !URL.canParse(location, from.href) ? undefined : new URL(location, from)
}
