/** Waits on this machine for the browser to come back from a sign-in (RFC 8252, section 7.3). */
import { createHash, timingSafeEqual } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { OAuth2Refusal } from '#bridge/client/oauth2-refusal'

export interface LoopbackRedirect {
  /** Where the provider sends the browser; of this one sign-in alone, since its port is. */
  readonly uri: string
  /** The code. @throws {OAuth2Refusal} the provider said no, or is not the one that was asked. */
  readonly code: Promise<string>
  close(): void
}

export interface LoopbackRedirectInput {
  readonly state: string
  readonly issuer: string
}

const PATH = '/callback'
const REQUEST_TIMEOUT_MS = 10_000

/** Listens on a free port of 127.0.0.1 for one answer that carries the state. Any other request changes nothing. */
export async function listenForRedirect({ state, issuer }: LoopbackRedirectInput): Promise<LoopbackRedirect> {
  let settle: (outcome: string | Error) => void = () => undefined
  const code = new Promise<string>((resolve, reject) => {
    settle = (outcome) => {
      if (typeof outcome === 'string') resolve(outcome)
      else reject(outcome)
    }
  })
  // Whoever waits gets it; nobody may, when the sign-in was given up.
  code.catch(() => undefined)
  let isOver = false

  const server = createServer((request, response) => {
    const outcome = isOver ? undefined : outcomeOf(request)
    if (outcome === undefined) {
      answer(response, 404, 'Nothing to see here', 'This page is for a sign-in that Outpost has begun.')
      return
    }
    isOver = true
    // The page first: what follows closes the connection.
    response.once('close', () => settle(outcome))
    if (typeof outcome === 'string')
      answer(response, 200, 'Back to Outpost', 'Outpost goes on from here. You can close this page.')
    else answer(response, 400, 'Not signed in', 'Outpost says why. You can close this page.')
  })
  server.requestTimeout = REQUEST_TIMEOUT_MS
  server.headersTimeout = REQUEST_TIMEOUT_MS
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const host = `127.0.0.1:${String((server.address() as AddressInfo).port)}`

  /** `undefined`: it is not the answer that is waited for. */
  function outcomeOf({ method, headers, url = '' }: IncomingMessage): string | Error | undefined {
    // A web page whose name was pointed here sends its own name.
    if (method !== 'GET' || headers.host !== host || !URL.canParse(url, `http://${host}`)) return undefined
    const { pathname, searchParams } = new URL(url, `http://${host}`)
    if (pathname !== PATH || !isSame(single(searchParams, 'state') ?? '', state)) return undefined
    // Another server than the one that was asked (RFC 9207): its code is not for this one.
    const from = single(searchParams, 'iss')
    if (searchParams.has('iss') && from !== issuer) return new OAuth2Refusal('invalid_issuer', undefined)
    const error = single(searchParams, 'error')
    if (error !== undefined)
      return new OAuth2Refusal(error.slice(0, 64), single(searchParams, 'error_description'))
    return single(searchParams, 'code')
  }

  return {
    uri: `http://${host}${PATH}`,
    code,
    close() {
      isOver = true
      server.close()
      server.closeAllConnections()
    },
  }
}

/** A parameter that is there once; twice is nobody's answer. */
function single(query: URLSearchParams, name: string): string | undefined {
  const [value, ...more] = query.getAll(name)
  return more.length === 0 && value !== '' ? value : undefined
}

/** In constant time, also where the lengths differ. */
function isSame(given: string, wanted: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(given), digest(wanted))
}

/** A page without anything from outside on it. */
function answer(response: ServerResponse, status: number, title: string, text: string): void {
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    connection: 'close',
  })
  response.end(
    `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="color-scheme" content="light dark"><title>${title}</title>` +
      '<style>body{font:16px/1.5 system-ui;display:grid;place-content:center;min-height:90vh;text-align:center}</style>' +
      `<h1>${title}</h1><p>${text}</p></html>`,
  )
}
