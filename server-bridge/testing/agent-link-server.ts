import { once } from 'node:events'
import type { ClientHttp2Session, ClientHttp2Stream } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { WebSocketServer } from 'ws'
import {
  agentEventSchema,
  agentLinkPath,
  type AgentEvent,
  type AgentManifest,
} from '../contract/agent-link.ts'
import { encodePtyRequest } from '../contract/pty.ts'
import { connectHttp2OverDuplex } from '../lib/http2-link.ts'
import { createWebSocketDuplex } from '../lib/websocket-duplex.ts'

/** The server's end of the agent link and nothing else, for tests of a real agent. */
export class AgentLinkServer {
  readonly #sockets: WebSocketServer
  #session: ClientHttp2Session | undefined
  #waiting: ((session: ClientHttp2Session) => void)[] = []
  /** Tokens of the links dialled so far. */
  readonly tokens: string[] = []
  /** Links are refused with this status while set. */
  refuseWith: number | undefined
  /** How many links were refused so far. */
  refusals = 0

  private constructor(sockets: WebSocketServer) {
    this.#sockets = sockets
    sockets.on('connection', (socket, request) => {
      this.tokens.push(String(request.headers['coder-session-token']))
      const session = connectHttp2OverDuplex(createWebSocketDuplex(socket))
      this.#session = session
      session.once('close', () => {
        if (this.#session === session) this.#session = undefined
      })
      for (const resolve of this.#waiting.splice(0)) resolve(session)
    })
  }

  static async listen(port = 0): Promise<AgentLinkServer> {
    const sockets: WebSocketServer = new WebSocketServer({
      host: '127.0.0.1',
      port,
      path: agentLinkPath,
      perMessageDeflate: false,
      verifyClient: (_info, done) => {
        if (server.refuseWith === undefined) done(true)
        else {
          server.refusals += 1
          done(false, server.refuseWith)
        }
      },
    })
    const server = new AgentLinkServer(sockets)
    await once(sockets, 'listening')
    return server
  }

  get port(): number {
    return (this.#sockets.address() as AddressInfo).port
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`
  }

  /** The link that is up, or the next one. */
  async session(): Promise<ClientHttp2Session> {
    if (this.#session !== undefined && !this.#session.destroyed) return this.#session
    return new Promise((resolve) => this.#waiting.push(resolve))
  }

  /** Resolves once the link that was up has gone down. */
  async lost(): Promise<void> {
    const session = this.#session
    if (session === undefined || session.destroyed) return
    await new Promise<void>((resolve) => session.once('close', resolve))
  }

  /** Breaks the link as a pulled plug would. */
  async cut(): Promise<void> {
    const session = await this.session()
    const closed = new Promise<void>((resolve) => session.once('close', resolve))
    for (const socket of this.#sockets.clients) socket.terminate()
    await closed
  }

  async request(method: string, path: string, body?: unknown): Promise<{ status: number; body: string }> {
    const session = await this.session()
    const stream = session.request({ ':method': method, ':path': path })
    stream.end(body === undefined ? undefined : JSON.stringify(body))
    const response = once(stream, 'response') as Promise<[Record<string, unknown>]>
    let text = ''
    stream.setEncoding('utf8')
    stream.on('data', (chunk: string) => (text += chunk))
    const [[headers]] = await Promise.all([response, once(stream, 'end')])
    return { status: Number(headers[':status']), body: text }
  }

  async sendManifest(manifest: AgentManifest): Promise<void> {
    const { status, body } = await this.request('POST', '/manifest', manifest)
    if (status !== 204) throw new Error(`The manifest was answered with ${status}: ${body}`)
  }

  async events(after = 0): Promise<EventReader> {
    const session = await this.session()
    return new EventReader(
      session.request({ ':method': 'POST', ':path': `/events?after=${after}` }, { endStream: true }),
    )
  }

  async terminal(options: {
    id: string
    cols?: number
    rows?: number
    command?: string
  }): Promise<TestTerminal> {
    const session = await this.session()
    const query = new URLSearchParams({
      reconnect: options.id,
      width: String(options.cols ?? 80),
      height: String(options.rows ?? 24),
      ...(options.command !== undefined && { command: options.command }),
    })
    const stream = session.request({ ':method': 'POST', ':path': `/pty?${query.toString()}` })
    const [headers] = (await once(stream, 'response')) as [Record<string, unknown>]
    return new TestTerminal(stream, Number(headers[':status']))
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets.clients) socket.terminate()
    await new Promise((resolve) => this.#sockets.close(resolve))
  }
}

/** Events of an agent as they come. */
export class EventReader {
  readonly seen: AgentEvent[] = []
  readonly stream: ClientHttp2Stream
  #changed: (() => void)[] = []

  constructor(stream: ClientHttp2Stream) {
    this.stream = stream
    let rest = ''
    stream.setEncoding('utf8')
    stream.on('error', () => undefined)
    stream.on('data', (chunk: string) => {
      const lines = (rest + chunk).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) this.seen.push(agentEventSchema.parse(JSON.parse(line)))
      for (const wake of this.#changed.splice(0)) wake()
    })
    stream.once('close', () => {
      for (const wake of this.#changed.splice(0)) wake()
    })
  }

  /** Waits until one event fulfils `is`. */
  async find(is: (event: AgentEvent) => boolean): Promise<AgentEvent> {
    for (;;) {
      const found = this.seen.find(is)
      if (found !== undefined) return found
      if (this.stream.destroyed) throw new Error(`The event stream ended with ${JSON.stringify(this.seen)}`)
      await new Promise<void>((resolve) => this.#changed.push(resolve))
    }
  }

  lifecycle(state: string): Promise<AgentEvent> {
    return this.find((event) => event.type === 'lifecycle' && event.state === state)
  }

  get logLines(): string[] {
    return this.seen.flatMap((event) => (event.type === 'log' ? [event.output] : []))
  }
}

/** One attached client of a terminal. */
export class TestTerminal {
  readonly stream: ClientHttp2Stream
  readonly status: number
  output = ''
  bytes = 0
  readonly ended: Promise<void>
  #changed: (() => void)[] = []

  constructor(stream: ClientHttp2Stream, status: number) {
    this.stream = stream
    this.status = status
    const decoder = new TextDecoder()
    this.ended = new Promise((resolve) => stream.once('close', resolve))
    stream.on('error', () => undefined)
    stream.on('data', (chunk: Buffer) => {
      this.bytes += chunk.length
      this.output = (this.output + decoder.decode(chunk, { stream: true })).slice(-1_000_000)
      for (const wake of this.#changed.splice(0)) wake()
    })
    stream.once('end', () => stream.end())
    void this.ended.then(() => {
      for (const wake of this.#changed.splice(0)) wake()
    })
  }

  type(data: string): void {
    this.stream.write(encodePtyRequest({ data }))
  }

  resize(cols: number, rows: number): void {
    this.stream.write(encodePtyRequest({ width: cols, height: rows }))
  }

  /** Waits until the output matches. */
  async see(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const match = pattern.exec(this.output)
      if (match !== null) return match
      if (this.stream.destroyed) throw new Error(`The terminal ended with ${JSON.stringify(this.output)}`)
      await new Promise<void>((resolve) => this.#changed.push(resolve))
    }
  }

  async detach(): Promise<void> {
    this.stream.close(8)
    await this.ended
  }
}
