import { Duplex } from 'node:stream'
import { WebSocket, type RawData } from 'ws'
import { sendGathered } from './gather-memory.ts'
import { messageBytes } from './message-bytes.ts'

/** Close code for a frame type the protocol does not know (RFC 6455, 7.4.1). */
const unsupportedData = 1003
/** What `ws` reports when the connection ended without a close frame. */
const abnormalClosure = 1006
/** A peer that never answers our close frame is cut after this long; `ws` itself waits 30 s. */
const closeGraceMs = 5_000

export interface WebSocketDuplexOptions {
  /** Bytes read ahead of the consumer before the socket is paused, and written ahead before `write` answers false. */
  readonly highWaterMark?: number
}

/** The WebSocket ended in a way that is no clean end of the stream. */
export class WebSocketClosedError extends Error {
  readonly code: number
  constructor(code: number, reason: string) {
    super(
      code === abnormalClosure
        ? 'The connection was lost.'
        : `The connection was closed with code ${code}${reason === '' ? '' : `: ${reason}`}.`,
    )
    this.name = 'WebSocketClosedError'
    this.code = code
  }
}

/**
 * A byte stream over a WebSocket of binary frames, with back-pressure both ways: the socket is paused while the reader
 * lags, and a write is done when its bytes have left for the kernel.
 *
 * `end()` sends the close frame after the last byte; what the peer sent before it answers still arrives. A connection
 * that breaks destroys the stream with an error; only the close codes 1000 and 1005 count as a clean end, which
 * `ws`'s own `createWebSocketStream` does not tell apart. The size of a frame is bounded by the `maxPayload` the
 * socket was made with.
 */
export function createWebSocketDuplex(socket: WebSocket, options: WebSocketDuplexOptions = {}): Duplex {
  const highWaterMark = options.highWaterMark ?? 256 * 1024
  let closeGrace: NodeJS.Timeout | undefined

  const duplex = new Duplex({
    allowHalfOpen: true,
    readableHighWaterMark: highWaterMark,
    writableHighWaterMark: highWaterMark,
    read() {
      if (socket.isPaused) socket.resume()
    },
    write(chunk: Buffer, _encoding, done) {
      whenOpen(done, () => {
        socket.send(chunk, { binary: true }, done)
      })
    },
    // What queued up while a frame was on its way leaves as one frame, or as few as every peer's `maxPayload` admits: HTTP/2
    // writes its headers and bodies piece by piece.
    writev(chunks, done) {
      whenOpen(done, () => {
        sendGathered(
          chunks.map(({ chunk }) => chunk as Buffer),
          (bytes, sent) => {
            socket.send(bytes, { binary: true }, sent)
          },
          done,
        )
      })
    },
    final(done) {
      if (socket.readyState > WebSocket.OPEN) {
        // The peer has closed already: there is nothing left to say.
        done()
        return
      }
      whenOpen(done, () => {
        socket.close(1000)
        // A paused socket never reads the peer's close frame.
        if (socket.isPaused) socket.resume()
        closeGrace = setTimeout(() => {
          socket.terminate()
        }, closeGraceMs)
        done()
      })
    },
    destroy(error, done) {
      clearTimeout(closeGrace)
      // No handshake for a stream nobody reads any more: the peer must see the cut at once.
      socket.terminate()
      done(error)
    },
  })

  /** Runs `ready` once the socket is open; a socket that is closing answers with the error of the close. */
  function whenOpen(done: (error?: Error | null) => void, ready: () => void): void {
    if (socket.readyState === WebSocket.OPEN) {
      ready()
      return
    }
    if (socket.readyState !== WebSocket.CONNECTING) {
      done(new WebSocketClosedError(abnormalClosure, ''))
      return
    }
    socket.once('open', ready)
  }

  socket.on('message', (data: RawData, isBinary: boolean) => {
    if (!isBinary) {
      socket.close(unsupportedData, 'Only binary frames are spoken here.')
      duplex.destroy(new WebSocketClosedError(unsupportedData, 'a text frame arrived'))
      return
    }
    if (!duplex.push(messageBytes(data))) socket.pause()
  })
  socket.on('error', (error) => {
    duplex.destroy(error)
  })
  socket.on('close', (code, reason) => {
    clearTimeout(closeGrace)
    if (duplex.destroyed) return
    // 1005: a close frame without a code, which is what browsers and plain `close()` send.
    if (code === 1000 || code === 1005) {
      duplex.push(null)
      if (!duplex.writableEnded) duplex.end()
      return
    }
    duplex.destroy(new WebSocketClosedError(code, reason.toString()))
  })
  return duplex
}

/** `ws` hands over one buffer, or its fragments when asked to; array buffers only with another `binaryType`. */
