import { request as httpRequest } from 'node:http'

export interface RawAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly text: string
  /** The body as JSON. */
  json(): ReturnType<typeof JSON.parse>
}

export interface RawRequest {
  /** The target as the request line has it, where the URL would be put in order first. */
  readonly target?: string
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
}

/** A request with exactly these headers, also the ones `fetch` forbids. */
export function rawRequest(
  url: string,
  { method = 'GET', headers = {}, body, target }: RawRequest = {},
): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    // No agent: a kept connection would outlive the test.
    // Node sends no length with a DELETE by itself, and the body would be taken for another request.
    const length =
      body === undefined || headers['transfer-encoding'] !== undefined
        ? {}
        : { 'content-length': String(Buffer.byteLength(body)) }
    const request = httpRequest(
      url,
      {
        method,
        headers: { ...length, ...headers },
        agent: false,
        ...(target === undefined ? {} : { path: target }),
      },
      (response) => {
        const parts: Buffer[] = []
        response.on('data', (part: Buffer) => parts.push(part))
        response.on('end', () => {
          const text = Buffer.concat(parts).toString('utf8')
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            text,
            json: () => JSON.parse(text),
          })
        })
        response.on('error', reject)
      },
    )
    request.on('upgrade', (response, socket) => {
      socket.destroy()
      resolve({ status: 101, headers: response.headers, text: '', json: () => undefined })
    })
    request.on('error', reject)
    request.end(body)
  })
}

/** The headers of a WebSocket handshake. */
export const upgradeHeaders = {
  connection: 'Upgrade',
  upgrade: 'websocket',
  'sec-websocket-version': '13',
  'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
} as const
