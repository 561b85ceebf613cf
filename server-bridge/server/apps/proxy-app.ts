import {
  type ClientRequest,
  type IncomingMessage,
  request as requestHttp,
  type ServerResponse,
} from 'node:http'
import { type Duplex, pipeline } from 'node:stream'
import { connect as connectTls } from 'node:tls'
import { HtmlError, htmlErrorPage } from '../http/html-error.ts'
import { headersForApp, headersFromApp, withoutOwnQuery } from './app-headers.ts'

/** Answers of an app that is being asked: until its headers are there. After that it may take its time. */
const HEADERS_TIMEOUT_MS = 5 * 60_000

export interface AppUpstream {
  /** The app's address: only its scheme, path and query count, the way there is `connect`. */
  readonly url: URL
  /** What follows the app's own path, with its query, as the browser wrote it. */
  readonly path: string
  /** Browsers reach it by TLS, which may end before this server. Absent: they do not. */
  readonly isSecure?: boolean
  /** A connection to the app's port. */
  readonly connect: () => Promise<Duplex>
  /** Headers of every answer, those of the app aside. */
  readonly commonHeaders: Readonly<Record<string, string>>
}

/** Hands a request to an app and its answer back, both as they come. */
export async function proxyRequest(
  upstream: AppUpstream,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  try {
    const request = await openRequest(upstream, incoming, {})
    const answered = new Promise<IncomingMessage>((resolve, reject) => {
      request.once('response', resolve)
      request.once('error', reject)
    })
    outgoing.once('close', () => request.destroy())
    pipeline(incoming, request, (error) => {
      if (error) request.destroy()
    })
    const response = await answered
    outgoing.writeHead(
      response.statusCode ?? 502,
      response.statusMessage,
      [...headersFromApp(response.rawHeaders), ...Object.entries(upstream.commonHeaders)].flat(),
    )
    // Headers at once: an event stream may say nothing for a long time.
    outgoing.flushHeaders()
    pipeline(response, outgoing, (error) => {
      if (error) outgoing.destroy()
    })
  } catch (error) {
    answerUnreachable(outgoing, error)
  }
}

/** Hands an upgrade to an app; when it agrees, both sides speak to each other until one ends. */
export async function proxyUpgrade(
  upstream: AppUpstream,
  incoming: IncomingMessage,
  socket: Duplex,
  head: Buffer,
): Promise<void> {
  try {
    const request = await openRequest(upstream, incoming, {
      connection: 'Upgrade',
      upgrade: incoming.headers.upgrade ?? 'websocket',
    })
    const giveUp = (): void => void request.destroy()
    request.once('upgrade', (response, appSocket, appHead) => {
      // From here on the two sockets end each other.
      socket.off('close', giveUp)
      socket.write(
        headOf(response, [
          ['Connection', 'Upgrade'],
          ['Upgrade', response.headers.upgrade ?? ''],
        ]),
      )
      if (appHead.length > 0) socket.write(appHead)
      if (head.length > 0) appSocket.write(head)
      tie(socket, appSocket)
    })
    request.once('response', (response) => {
      socket.write(headOf(response, [['Connection', 'close']]))
      pipeline(response, socket, () => socket.destroy())
    })
    request.once('error', () => socket.destroy())
    socket.once('close', giveUp)
    request.end()
  } catch (error) {
    const { status, message } = unreachable(error)
    // A client that keeps its own half open must not keep the connection.
    socket.once('finish', () => socket.destroy())
    socket.end(`HTTP/1.1 ${status} Bad Gateway\r\nconnection: close\r\n\r\n${message}\n`)
  }
}

async function openRequest(
  upstream: AppUpstream,
  incoming: IncomingMessage,
  extraHeaders: Readonly<Record<string, string>>,
): Promise<ClientRequest> {
  const connection = await upstream.connect()
  const { url } = upstream
  const remoteAddress = incoming.socket.remoteAddress ?? ''
  const request = requestHttp({
    method: incoming.method ?? 'GET',
    path: targetOf(upstream),
    headers: { ...headersForApp(incoming.headers, remoteAddress, upstream.isSecure), ...extraHeaders },
    timeout: HEADERS_TIMEOUT_MS,
    // An app of this machine signs its own certificate: the way to it never leaves the machine.
    createConnection: () =>
      url.protocol === 'https:'
        ? connectTls({ socket: connection, rejectUnauthorized: false })
        : withBytesOnly(connection),
  })
  // Who waits for an answer listens as well; what breaks later has closed what it belongs to.
  request.on('error', () => undefined)
  request.once('timeout', () => request.destroy(new Error('The app did not answer in time.')))
  request.once('response', () => request.setTimeout(0))
  return request
}

/**
 * Node's HTTP client writes headers and chunk sizes as text and bodies as bytes, corked together. An HTTP/2 stream over a
 * duplex of JavaScript then sends the text from memory that is free again, so a request with a body begins with garbage.
 */
function withBytesOnly(connection: Duplex): Duplex {
  const write = connection.write.bind(connection) as (chunk: unknown, done?: unknown) => boolean
  connection.write = (chunk: unknown, encodingOrDone?: unknown, done?: unknown): boolean => {
    if (typeof encodingOrDone === 'function') return write(toBytes(chunk, undefined), encodingOrDone)
    return write(toBytes(chunk, encodingOrDone as BufferEncoding | undefined), done)
  }
  return connection
}

const toBytes = (chunk: unknown, encoding: BufferEncoding | undefined): unknown =>
  typeof chunk === 'string' ? Buffer.from(chunk, encoding) : chunk

/** The app's own path, then the browser's; both queries. */
function targetOf({ url, path }: AppUpstream): string {
  const [pathname = '', ...query] = withoutOwnQuery(path).split('?')
  const base = url.pathname.replace(/\/$/, '')
  const queries = [url.search.slice(1), query.join('?')].filter((part) => part !== '')
  return `${base}${pathname}${queries.length === 0 ? '' : `?${queries.join('&')}`}`
}

function headOf(response: IncomingMessage, extra: readonly (readonly [string, string])[]): string {
  const lines = [...headersFromApp(response.rawHeaders), ...extra].map(([name, value]) => `${name}: ${value}`)
  const status = `${response.statusCode ?? 502} ${response.statusMessage ?? ''}`
  return [`HTTP/1.1 ${status}`, ...lines, '', ''].join('\r\n')
}

function tie(one: Duplex, other: Duplex): void {
  pipeline(one, other, () => other.destroy())
  pipeline(other, one, () => one.destroy())
}

function unreachable(error: unknown): HtmlError {
  const reason = error instanceof Error ? error.message : String(error)
  return new HtmlError(502, `The app cannot be reached. ${reason}`)
}

function answerUnreachable(outgoing: ServerResponse, error: unknown): void {
  if (outgoing.headersSent) {
    outgoing.destroy()
    return
  }
  const page = htmlErrorPage(unreachable(error))
  outgoing.writeHead(page.status, Object.fromEntries(page.headers))
  void page.text().then((text) => outgoing.end(text))
}
