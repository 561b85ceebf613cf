/**
 * HTTP/2 with prior knowledge over any duplex (the agent link). The duplex is authenticated and, where it crosses a
 * network, encrypted already; HTTP/2 adds streams, flow control and a clean end (RFC 9113).
 */
import {
  connect,
  performServerHandshake,
  type ClientHttp2Session,
  type Http2Session,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
  type Settings,
} from 'node:http2'
import type { Duplex } from 'node:stream'

/**
 * What one stream may have in flight before its reader must have read: bounds the memory of a lagging stream. A quarter
 * of it held terminals below 20 MB/s on a busy machine, where an acknowledgement takes 10 ms.
 */
const streamWindowBytes = 1024 * 1024
/** Each frame costs a message and a callback on both sides; the default is 16 KiB. */
const frameBytes = 64 * 1024

const settings: Settings = {
  initialWindowSize: streamWindowBytes,
  maxFrameSize: frameBytes,
  enablePush: false,
  maxConcurrentStreams: 1_000,
  maxHeaderListSize: 16 * 1024,
}

/** In megabytes. Node's 10 refuse new streams while a few dozen lagging terminals hold their windows full. */
const maxSessionMemory = 64

/** Room for many streams at once; Node gives connection credit back when bytes arrive, not when they are read. */
const connectionWindowBytes = 4 * 1024 * 1024

/**
 * The client half: requests go out on the answered session. A duplex that ends or breaks closes the session, and every
 * stream of it gets an error at once.
 */
export function connectHttp2OverDuplex(duplex: Duplex): ClientHttp2Session {
  const session = connect('http://agent', { createConnection: () => duplex, settings, maxSessionMemory })
  bindLife(session, duplex)
  session.once('connect', () => {
    // Told also of one that was given up meanwhile, where nobody could catch what that throws.
    if (!session.destroyed) session.setLocalWindowSize(connectionWindowBytes)
  })
  return session
}

/** The server half: `handle` gets every stream the peer opens. */
export function serveHttp2OverDuplex(
  duplex: Duplex,
  handle: (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => void,
): ServerHttp2Session {
  const session = performServerHandshake(duplex, { settings, maxSessionMemory })
  bindLife(session, duplex)
  session.setLocalWindowSize(connectionWindowBytes)
  session.on('stream', handle)
  return session
}

/**
 * Ties the two lives together. Node closes neither when the other breaks over a plain duplex, which would leave
 * requests waiting for ever on a dead link.
 */
function bindLife(session: Http2Session, duplex: Duplex): void {
  let broken: Error | undefined
  duplex.once('error', (error) => {
    broken = error
    session.destroy(error)
  })
  duplex.once('close', () => {
    if (!session.destroyed) session.destroy(broken ?? new Error('The link was closed.'))
  })
  session.once('close', () => {
    if (!duplex.destroyed) duplex.destroy()
  })
  // One that is given up waits for what it is writing, which never leaves when the peer takes nothing any more. One that
  // ends in order has said all it had to before it comes here.
  const destroy = session.destroy.bind(session)
  session.destroy = (...reason) => {
    const isInOrder = session.closed
    destroy(...reason)
    if (!isInOrder) duplex.destroy()
  }
  // Every stream reports it; without a listener it would end the process.
  session.on('error', () => undefined)
}
