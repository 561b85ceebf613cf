/** A header gateway before an MCP server that answers whatever a test wants, and clients of every manner for it. */
import {
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type RequestListener,
  type Server,
} from 'node:http'
import { connect, type AddressInfo, type Socket } from 'node:net'
import { afterEach, beforeEach } from 'vitest'
import { startGatewayListener, type GatewayListener } from './gateway-listener.ts'

/** The value of the header `X-Key` of every gateway here. */
export const gatewaySecret = 'tok_3f9ac27d51e8'

/** The MCP server of the running test. */
export interface AskedServer {
  answer: RequestListener
  /** The requests that reached it. */
  seen: IncomingMessage[]
  url: string
}

/** Makes one for each test of the file, and lets go of whatever listens or talks after it. */
export function useAskedServer(): AskedServer & {
  /** A gateway before it, or before what `target` says otherwise. */
  readonly listen: (
    more?: Parameters<typeof startGatewayListener>[1],
    target?: Partial<Parameters<typeof startGatewayListener>[0]>,
  ) => Promise<GatewayListener>
  readonly talk: (gateway: GatewayListener, text: string) => Talk
} {
  let server: Server
  const open: GatewayListener[] = []
  const talking: Socket[] = []
  const asked: AskedServer = { answer: () => undefined, seen: [], url: '' }
  beforeEach(async () => {
    asked.seen = []
    asked.answer = (_request, response) =>
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
    server = createServer((request, response) => {
      asked.seen.push(request)
      request.resume()
      asked.answer(request, response)
    })
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    asked.url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/mcp`
  })
  afterEach(async () => {
    for (const socket of talking.splice(0)) socket.destroy()
    for (const one of open.splice(0)) await one.close()
    server.closeAllConnections()
    await new Promise((done) => server.close(done))
  })
  return Object.assign(asked, {
    async listen(
      more: Parameters<typeof startGatewayListener>[1] = {},
      target: Partial<Parameters<typeof startGatewayListener>[0]> = {},
    ) {
      const headers = { 'X-Key': gatewaySecret }
      const gateway = await startGatewayListener({ url: asked.url, headers, ...target }, more)
      open.push(gateway)
      return gateway
    },
    talk(gateway: GatewayListener, text: string) {
      const talk = talkTo(gateway, text)
      talking.push(talk.socket)
      return talk
    },
  })
}

export interface GatewayAnswer {
  readonly status: number
  readonly headers: IncomingMessage['headers']
  readonly body: string
  readonly statusText: string
}

/** A request with exactly these headers. */
export function askGateway(
  gateway: GatewayListener,
  given: {
    readonly method?: string
    readonly path?: string
    readonly headers?: Record<string, string>
    readonly body?: string
  } = {},
): Promise<GatewayAnswer> {
  const { method = 'POST', path = '/mcp', headers = {}, body = method === 'POST' ? '{}' : undefined } = given
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest(
      {
        port: gateway.port,
        host: '127.0.0.1',
        method,
        path,
        headers: { ...gateway.authorization, 'content-type': 'application/json', ...headers },
        agent: false,
      },
      (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('error', reject)
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            statusText: response.statusMessage ?? '',
            headers: response.headers,
            body: Buffer.concat(chunks).toString(),
          }),
        )
      },
    )
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}

/** The sentence of an answer of the gateway's own. */
export const gatewayWords = ({ body }: GatewayAnswer): string =>
  (JSON.parse(body) as { error: { message: string } }).error.message

export interface Talk {
  readonly socket: Socket
  readonly received: () => string
}

/** A connection that never ends by itself, with what came on it. */
function talkTo(gateway: GatewayListener, text: string): Talk {
  const socket = connect({ port: gateway.port, host: '127.0.0.1', allowHalfOpen: true })
  const received: Buffer[] = []
  // A gateway may cut it off at any time, which the test asks the gateway about.
  socket.on('data', (chunk) => received.push(chunk)).on('error', () => undefined)
  socket.write(text)
  return { socket, received: () => Buffer.concat(received).toString() }
}

/** Resolves when the connection is gone, however it went. */
export const socketClosed = (socket: Socket): Promise<unknown> =>
  new Promise((done) => socket.on('error', () => undefined).once('close', done))
