import { request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import { WebSocket } from 'ws'
import type { RouteDefinition } from '../../contract/route.ts'
import type { SeededRandom } from '../seeded-random.ts'
import type { FuzzValues } from './fuzz-values.ts'

export interface FuzzRequest {
  readonly method: string
  /** With its query. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Uint8Array | undefined
  readonly isSocket: boolean
}

export interface FuzzAnswer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
}

/** An answer that takes longer is a hang. */
const PATIENCE_MS = 20_000
/** Of a stream nobody reads more. */
const ENOUGH_BYTES = 8 * 1024 * 1024
const RAW_BODIES = [
  '',
  '{',
  'null',
  '[]',
  '"text"',
  '0',
  '{"a":1}{"b":2}',
  '{"a":1e9999}',
  '\ufeff{}',
  `${'['.repeat(50_000)}${']'.repeat(50_000)}`,
  '{"__proto__":{"x":1}}',
  'x'.repeat(5 * 1024 * 1024),
]
const ODD_HEADERS: readonly Readonly<Record<string, string>>[] = [
  { 'content-type': 'multipart/form-data' },
  { 'content-type': 'application/json; charset=utf-16' },
  { accept: 'text/html', 'accept-language': 'x'.repeat(2_000) },
  { cookie: 'coder_session_token' },
  { cookie: `coder_session_token=${'x'.repeat(4_000)}; =; ;;` },
  { authorization: 'Bearer ' },
  { authorization: `Basic ${'Zm9v'.repeat(50)}` },
  { 'coder-session-token': 'aaaaaaaaaa-bbbbbbbbbbbbbbbbbbbbbb' },
  { 'x-coder-bypass-ratelimit': 'true' },
  { 'x-forwarded-for': '8.8.8.8', 'x-forwarded-host': 'evil.example', forwarded: 'for=1' },
  { host: 'evil.example' },
  { origin: 'null' },
  { range: 'bytes=0-' },
  { expect: 'x' },
  { 'if-none-match': '*' },
  { upgrade: 'h2c', connection: 'Upgrade' },
]

/** A request for a route that differs from a good one in a place or two. */
export function makeRequest(
  route: RouteDefinition,
  values: FuzzValues,
  random: SeededRandom,
  token: string | undefined,
): FuzzRequest {
  const chance = (oneIn: number): boolean => random.below(oneIn) === 0
  const path = route.path.replaceAll(/\{\w+\}/g, () =>
    escapePath(chance(4) ? values.hostileText().slice(0, 3_000) : chance(6) ? 'me' : values.id()),
  )
  const isStream = route.stream !== undefined && route.stream !== 'sse'
  return {
    method: chance(40)
      ? random.pick(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'HEAD'])
      : route.method,
    path: `${path}${makeQuery(route, values, random)}`,
    headers: {
      ...(token === undefined ? {} : { 'coder-session-token': token }),
      ...(chance(8) ? random.pick(ODD_HEADERS) : {}),
    },
    body: makeBody(route, values, random),
    isSocket: isStream && !chance(4),
  }
}

function makeQuery(route: RouteDefinition, values: FuzzValues, random: SeededRandom): string {
  const query = new URLSearchParams()
  const wanted = route.query ? values.neighbour(route.query) : {}
  if (typeof wanted === 'object' && wanted !== null) {
    for (const [key, value] of Object.entries(wanted)) {
      const text = typeof value === 'object' ? JSON.stringify(value) : String(value)
      query.append(key.slice(0, 200), text.slice(0, 3_000))
    }
  }
  if (route.stream === 'array' || random.below(20) === 0) query.append('follow', '')
  if (random.below(10) === 0)
    query.append(values.hostileText().slice(0, 200), values.hostileText().slice(0, 2_000))
  const text = query.toString()
  if (random.below(30) === 0) return `?${text}&%ff=%zz&&=&a[]=1`
  return text === '' ? '' : `?${text}`
}

function makeBody(
  route: RouteDefinition,
  values: FuzzValues,
  random: SeededRandom,
): string | Uint8Array | undefined {
  if (route.method === 'GET') return undefined
  if (!route.body) return random.below(2) === 0 ? random.pick(RAW_BODIES) : Buffer.from([0xff, 0, 0x1f, 0x8b])
  if (random.below(12) === 0) return random.pick(RAW_BODIES)
  return JSON.stringify(values.neighbour(route.body))
}

/** What cannot be in a request line at all is escaped; what can stays as hostile as it is. */
function escapePath(text: string): string {
  return text.replaceAll(/[^\x21-\x7e]|[?#/%]/g, (char) =>
    [...Buffer.from(char)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join(''),
  )
}

/** Sends it, and rejects when no answer comes in time. A connection that is refused without an answer is status 0. */
export function sendPlain(port: number, request: FuzzRequest): Promise<FuzzAnswer> {
  return new Promise((resolve, reject) => {
    const { method, path, headers, body } = request
    const call = httpRequest({ host: '127.0.0.1', port, method, path, agent: false, headers }, (response) => {
      const { statusCode: status = 0 } = response
      let text = ''
      const done = (): void => {
        clearTimeout(timer)
        resolve({ status, headers: response.headers, text })
      }
      response.setEncoding('utf8').on('data', (part: string) => {
        text += part
        // Server-sent events have no end.
        if (response.headers['content-type'] === 'text/event-stream' || text.length > ENOUGH_BYTES) {
          call.destroy()
          done()
        }
      })
      response.once('end', done)
      response.once('error', done)
    })
    const timer = setTimeout(() => {
      call.destroy()
      reject(new Error(`No answer within ${PATIENCE_MS} ms`))
    }, PATIENCE_MS)
    call.once('error', () => {
      clearTimeout(timer)
      // A body that is refused early meets a closed connection.
      resolve({ status: 0, headers: {}, text: '' })
    })
    call.end(body)
  })
}

/** Opens a socket, sends what the protocol does not know, and leaves. Answers the refusal, 101, or 0 without an answer. */
export function sendSocket(
  port: number,
  { path, headers }: FuzzRequest,
  messages: readonly (string | Uint8Array)[],
): Promise<FuzzAnswer> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, { headers })
    const timer = setTimeout(() => {
      socket.terminate()
      reject(new Error(`The socket was neither opened nor refused within ${PATIENCE_MS} ms`))
    }, PATIENCE_MS)
    const done = (answer: FuzzAnswer): void => {
      clearTimeout(timer)
      resolve(answer)
    }
    let status = 0
    socket.once('open', () => {
      status = 101
      for (const message of messages) socket.send(message)
      socket.close(1000)
    })
    socket.once('close', () => done({ status, headers: {}, text: '' }))
    socket.once('unexpected-response', (_, response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (part: string) => (text += part))
      response.once('end', () => {
        socket.removeAllListeners('close')
        socket.terminate()
        done({ status: response.statusCode ?? 0, headers: response.headers, text })
      })
    })
    socket.on('error', () => undefined)
  })
}
