import { constants, type ClientHttp2Stream } from 'node:http2'
import type { WebSocket } from 'ws'
import { createWebSocketDuplex } from '../../lib/websocket-duplex.ts'
import { closeUnreachable } from './close-unreachable.ts'

/**
 * Ties a socket of bytes to a stream of the agent: its SSH server, the screen of its desktop. Both know how to wait, so a
 * slow reader on either side holds back the other one. What is spoken ends as a whole: the end of one half ends both.
 *
 * @param onBytes called with everything that passes.
 */
export function bridgeStream(socket: WebSocket, open: () => ClientHttp2Stream, onBytes: () => void): void {
  let stream: ClientHttp2Stream
  try {
    stream = open()
  } catch (error) {
    closeUnreachable(socket, error)
    return
  }
  const duplex = createWebSocketDuplex(socket)
  // The client is gone: nothing it could still be sent is of use.
  duplex.on('error', () => stream.close(constants.NGHTTP2_CANCEL))
  duplex.on('close', () => {
    if (!stream.destroyed) stream.close(constants.NGHTTP2_CANCEL)
  })
  duplex.on('data', onBytes)
  duplex.pipe(stream)

  stream.once('response', (headers) => {
    const status = Number(headers[constants.HTTP2_HEADER_STATUS])
    if (status !== 200) {
      lose(new Error(`the agent answered ${status}`))
      stream.close(constants.NGHTTP2_CANCEL)
      return
    }
    stream.on('data', onBytes)
    stream.pipe(duplex)
  })
  stream.on('error', lose)
  stream.on('close', () => {
    if (!stream.readableEnded) lose(new Error('the agent was lost'))
  })

  function lose(error: Error): void {
    duplex.unpipe(stream)
    // A paused socket would never read the answer to our close frame.
    duplex.resume()
    closeUnreachable(socket, error)
  }
}
