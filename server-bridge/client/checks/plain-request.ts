import { createHash, randomBytes } from 'node:crypto'
import { request, type IncomingMessage } from 'node:http'
import type { CheckContext } from './check-context.ts'
import { openFor } from './secure-connection.ts'

export interface PlainAnswer {
  readonly status: number
  readonly headers: IncomingMessage['headers']
  readonly body: string
  /** A WebSocket's handshake that was right. */
  readonly isUpgraded: boolean
}

const maxBodyBytes = 1024 * 1024

/** One GET on a connection of its own. Redirects are answers; the token goes along only where it is asked for. */
export async function ask(
  context: CheckContext,
  path: string,
  options: { readonly withToken?: boolean; readonly upgrade?: boolean } = {},
): Promise<PlainAnswer> {
  const { url, route, token, userAgent, signal } = context
  const key = randomBytes(16).toString('base64')
  const upgrade = {
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-key': key,
    'sec-websocket-version': '13',
  }
  const headers = {
    ...(await route.headers?.()),
    host: url.host,
    accept: 'application/json',
    'user-agent': userAgent,
    ...(options.upgrade === true ? upgrade : { connection: 'close' }),
    ...(options.withToken === true && token !== undefined && token !== ''
      ? { 'coder-session-token': token }
      : {}),
  }
  const socket = await openFor(context)
  try {
    return await new Promise<PlainAnswer>((resolve, reject) => {
      const sent = request({ path, headers, createConnection: () => socket, signal })
      sent.once('error', reject)
      sent.once('upgrade', (response: IncomingMessage) => {
        const isUpgraded = response.headers['sec-websocket-accept'] === acceptOf(key)
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: '', isUpgraded })
      })
      sent.once('response', (response) => {
        read(response).then((body) => {
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body, isUpgraded: false })
        }, reject)
      })
      sent.end()
    })
  } finally {
    socket.destroy()
  }
}

async function read(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > maxBodyBytes) throw new Error('The answer is too long.')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** RFC 6455, 4.2.2. */
function acceptOf(key: string): string {
  return createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64')
}
