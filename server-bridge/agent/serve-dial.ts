import { constants, type ServerHttp2Stream } from 'node:http2'
import { pipeline } from 'node:stream'
import { z } from 'zod'
import { toError } from '../lib/to-error.ts'
import { dialPort } from './dial-port.ts'
import { RouteError } from './route-error.ts'

const dialQuerySchema = z.object({ port: z.coerce.number().int().min(1).max(65_535) })

/** Ties a stream of the link to a TCP connection to a port of this machine. */
export async function serveDial(stream: ServerHttp2Stream, search: URLSearchParams): Promise<void> {
  const query = dialQuerySchema.safeParse(Object.fromEntries(search))
  if (!query.success) throw new RouteError(400, 'The query "port" has to be a port.')
  const socket = await dialPort(query.data.port).catch((error: unknown) => {
    throw new RouteError(502, toError(error).message)
  })
  if (stream.destroyed) {
    socket.destroy()
    return
  }
  stream.respond({ ':status': 200, 'content-type': 'application/octet-stream' })
  // Each way ends by itself; one that breaks takes the other along.
  pipeline(stream, socket, (error) => {
    if (error) socket.destroy()
  })
  pipeline(socket, stream, (error) => {
    if (error && !stream.destroyed) stream.close(constants.NGHTTP2_CONNECT_ERROR)
  })
}
