import { connect, type AddressInfo, type Socket } from 'node:net'
import { createServer, type TLSSocket } from 'node:tls'

export interface TlsFront {
  readonly port: number
  /** Whether each client so far showed a certificate that was accepted. */
  readonly clients: boolean[]
  close(): Promise<void>
}

/** Puts TLS in front of a plain server on loopback, as a gateway does. */
export async function startTlsFront(options: {
  readonly key: string
  readonly cert: string
  /** Lets nobody in without a certificate this authority signed. */
  readonly clientCa?: string
  /** Of the plain server. */
  readonly to: number
}): Promise<TlsFront> {
  const { key, cert, clientCa, to } = options
  const clients: boolean[] = []
  const sockets = new Set<Socket>()
  const guard = clientCa === undefined ? {} : { ca: clientCa, requestCert: true, rejectUnauthorized: true }
  const server = createServer({ key, cert, ...guard }, (client: TLSSocket) => {
    clients.push(client.authorized)
    const onward = connect(to, '127.0.0.1')
    client.pipe(onward).pipe(client)
    client.on('error', () => onward.destroy())
    client.on('close', () => onward.destroy())
    onward.on('error', () => client.destroy())
  })
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.on('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    clients,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve()
        })
        for (const socket of sockets) socket.destroy()
      }),
  }
}
