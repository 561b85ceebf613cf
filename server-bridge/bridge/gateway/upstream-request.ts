/** One request of a gateway to the MCP server. */
import {
  Agent as HttpAgent,
  request as httpRequest,
  type IncomingMessage,
  type OutgoingHttpHeaders,
} from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import type { Clock } from '../../lib/clock.ts'
import { errorCode, toError } from '../../lib/to-error.ts'
import type { Asker } from './asker.ts'

/** Below the five seconds after which Node's servers close an idle connection, so that none is used as it is closed. */
const idleMs = 4_000
const connectMs = 15_000
/** A server that adds a slash to its path answers one; more are a loop. */
const maxRedirects = 3

/** One for all: nobody reads its stack, which is what an error costs. */
const askerLeft = new Error('Nobody waits for the answer any more.')

/** Why there is no answer of the MCP server. `message` is a sentence without any address or value. */
export class UpstreamError extends Error {
  override readonly name = 'UpstreamError'
}

export interface UpstreamRequest {
  readonly method: 'GET' | 'POST' | 'DELETE'
  readonly url: URL
  readonly headers: OutgoingHttpHeaders
  readonly body: Buffer | undefined
  readonly asker: Asker
  readonly answerMs: number
}

export interface Upstream {
  /** Answers once the headers are there. @throws {UpstreamError} */
  send(request: UpstreamRequest): Promise<IncomingMessage>
  close(): void
}

/** Keeps connections to one MCP server. Certificates are checked as everywhere; nothing is followed to another origin. */
export function createUpstream(clock: Clock, options: { readonly ca?: string } = {}): Upstream {
  const agents = {
    'http:': new HttpAgent({ keepAlive: true, timeout: idleMs }),
    'https:': new HttpsAgent({ keepAlive: true, timeout: idleMs, ...options }),
  }

  const sendOnce = (request: UpstreamRequest, url: URL): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      const isSecure = url.protocol === 'https:'
      const make = isSecure ? httpsRequest : httpRequest
      const start = (): ReturnType<typeof make> =>
        make(url, {
          method: request.method,
          headers: {
            ...request.headers,
            ...(request.body === undefined ? {} : { 'content-length': request.body.length }),
          },
          agent: agents[isSecure ? 'https:' : 'http:'],
          maxHeaderSize: 64 * 1024,
        })
      let outgoing: ReturnType<typeof make>
      let isAnswered = false
      try {
        outgoing = start()
      } catch (thrown) {
        // Headers are looked through before anything is sent. The error names one.
        reject(new UpstreamError(words(thrown), { cause: thrown }))
        return
      }
      const fail = (message: string) => (): void => {
        outgoing.destroy(new UpstreamError(message))
      }
      let cancel = clock.after(connectMs, fail('The MCP server could not be reached in time.'))
      const waitForAnswer = (): void => {
        cancel()
        cancel = clock.after(request.answerMs, fail('The MCP server did not answer in time.'))
      }
      outgoing.once('socket', (socket) => {
        if (!socket.connecting) waitForAnswer()
        else socket.once(isSecure ? 'secureConnect' : 'connect', waitForAnswer)
      })
      outgoing.once('error', (error) => {
        cancel()
        reject(error instanceof UpstreamError ? error : new UpstreamError(words(error), { cause: error }))
      })
      // A socket that Node gives up without a word, too: a promise that nobody settles would hold its place for ever.
      outgoing.once('close', () => {
        cancel()
        forget()
        if (!isAnswered) reject(new UpstreamError('The MCP server closed the connection.'))
      })
      outgoing.once('upgrade', (_answer, socket) => {
        cancel()
        reject(new UpstreamError('The MCP server answered with another protocol than HTTP.'))
        socket.destroy()
      })
      outgoing.once('response', (answer) => {
        cancel()
        isAnswered = true
        resolve(answer)
      })
      outgoing.end(request.body)
      const forget = request.asker.onLeave(() => outgoing.destroy(askerLeft))
    })

  return {
    async send(request) {
      let { url } = request
      for (let redirects = 0; ; redirects += 1) {
        const answer = await sendOnce(request, url)
        const status = answer.statusCode ?? 0
        if (status < 300 || status > 399 || status === 304) return answer
        answer.destroy()
        const next = redirectTarget(url, status, answer.headers.location)
        if (next === undefined || redirects >= maxRedirects) {
          throw new UpstreamError(
            `The MCP server sends to another address (status ${String(status)}), which is not followed: the values are for this server only.`,
          )
        }
        url = next
      }
    },
    close() {
      for (const agent of Object.values(agents)) agent.destroy()
    },
  }
}

/** Within the same origin and with the same method (RFC 9110, 15.4.8 and 15.4.9), or not at all. */
function redirectTarget(from: URL, status: number, location: string | undefined): URL | undefined {
  if ((status !== 307 && status !== 308) || location === undefined || !URL.canParse(location, from.href))
    return undefined
  const to = new URL(location, from)
  return to.origin === from.origin ? to : undefined
}

const wordsByCode: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'The MCP server could not be reached: nothing answers at its address.',
  ENOTFOUND: 'The MCP server could not be reached: its name is not known on this network.',
  EAI_AGAIN: 'The MCP server could not be reached: names cannot be looked up at the moment.',
  EHOSTUNREACH: 'The MCP server could not be reached from this network.',
  ENETUNREACH: 'The MCP server could not be reached: there is no network.',
  ECONNRESET: 'The MCP server closed the connection.',
  ETIMEDOUT: 'The MCP server could not be reached in time.',
  ERR_INVALID_CHAR: 'A header value has a character that no header can carry. Save it again.',
  HPE_HEADER_OVERFLOW: 'The MCP server answered with too many headers.',
}

function words(thrown: unknown): string {
  const error = toError(thrown)
  const code = errorCode(error) ?? ''
  const known = wordsByCode[code]
  if (known !== undefined) return known
  if (/CERT|SELF_SIGNED|UNABLE_TO_|ERR_TLS/.test(code))
    return `The certificate of the MCP server is not trusted (${code}).`
  if (code.startsWith('HPE_')) return 'The MCP server answered with something that is not HTTP.'
  return code === ''
    ? 'The request to the MCP server failed.'
    : `The request to the MCP server failed (${code}).`
}
