import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'

/** Takes over a connection whose request was granted, and answers it as it likes. */
export interface TakeOver {
  serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void>
  upgrade(incoming: IncomingMessage, socket: Duplex, head: Buffer): Promise<void>
}
