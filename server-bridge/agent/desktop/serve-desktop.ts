import { constants, type ServerHttp2Stream } from 'node:http2'
import type { Socket } from 'node:net'
import { pipeline } from 'node:stream'

/** Ties a stream of the link to the screen of the virtual desktop. The RFB protocol ends as a whole. */
export function serveDesktop(stream: ServerHttp2Stream, screen: Socket): void {
  if (stream.destroyed) {
    screen.destroy()
    return
  }
  stream.respond({ ':status': 200, 'content-type': 'application/octet-stream' })
  pipeline(stream, screen, () => screen.destroy())
  pipeline(screen, stream, (error) => {
    if (error && !stream.destroyed) stream.close(constants.NGHTTP2_CONNECT_ERROR)
  })
}
