/** A server that answers with all it was sent, and what talks to one: for tests of ways that carry bytes. */
import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type NetConnectOpts } from 'node:net'

export interface EchoServer {
  /** 0 on a socket file. */
  readonly port: number
  close(): void
}

/** Answers only once the sender has ended its half. */
export async function startEcho(
  listen: { port: number; host: string } | { path: string },
): Promise<EchoServer> {
  const echo = createServer({ allowHalfOpen: true }, (socket) => {
    const chunks: Buffer[] = []
    socket.on('data', (chunk: Buffer) => chunks.push(chunk))
    socket.on('end', () => socket.end(Buffer.concat(chunks)))
    socket.on('error', () => undefined)
  })
  echo.listen(listen)
  await once(echo, 'listening')
  return {
    port: 'path' in listen ? 0 : (echo.address() as AddressInfo).port,
    close: () => void echo.close(),
  }
}

/** Sends, ends its half, and answers all that comes back. */
export async function exchange(target: NetConnectOpts, bytes: Buffer): Promise<Buffer> {
  const socket = connect({ ...target, allowHalfOpen: true })
  const received: Buffer[] = []
  socket.on('data', (chunk: Buffer) => received.push(chunk))
  socket.end(bytes)
  await once(socket, 'close')
  return Buffer.concat(received)
}

/** A port that is free now. */
export async function freePort(): Promise<number> {
  const probe = createServer()
  probe.listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as AddressInfo
  probe.close()
  await once(probe, 'close')
  return port
}
