import type { IncomingMessage } from 'node:http'
import { responseSchema } from '../contract/response.ts'
import { redirectError } from './connection-failure.ts'
import type { ConnectionFailure } from './reconnecting-connection.ts'

const maxBodyBytes = 64 * 1024

/** A handshake that had an HTTP answer. */
export interface HandshakeFailure extends ConnectionFailure {
  readonly status: number
}

/** What an HTTP answer to a WebSocket handshake says, in a sentence. */
export async function handshakeFailure(response: IncomingMessage, host: string): Promise<HandshakeFailure> {
  const status = response.statusCode ?? 0
  const { location } = response.headers
  if (status >= 300 && status < 400) {
    const from = `https://${host}`
    const target =
      location !== undefined && URL.canParse(location, from) ? new URL(location, from) : undefined
    response.destroy()
    return { reason: redirectError(host, target).message, status, hopeless: 'redirected' }
  }
  const message = await readMessage(response)
  if (message !== undefined) return { reason: message, status }
  return {
    reason: `${host} refused the connection (status ${status}).`,
    status,
    // Coder gives a reason with each refusal. Without one it is a gateway's, whose server may only be restarting.
    hopeless: status >= 400 && status < 500 && status !== 401 && status !== 429 ? 'not_coder' : undefined,
  }
}

/** Coder's message. A plain GET's 426 has text before the JSON, and a proxy answers HTML: then there is none. */
async function readMessage(response: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = []
  let size = 0
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      size += chunk.length
      if (size > maxBodyBytes) return undefined
      chunks.push(chunk)
    }
    const parsed = responseSchema.safeParse(JSON.parse(Buffer.concat(chunks).toString('utf8')))
    return parsed.success && parsed.data.message !== '' ? parsed.data.message : undefined
  } catch {
    // Cut off or not JSON; the status is reason enough.
    return undefined
  }
}
