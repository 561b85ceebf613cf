import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { readHandshake } from '../client/network/read-exactly.ts'

export interface SocksServerOptions {
  readonly credentials?: { readonly username: string; readonly password: string }
  /** Names and addresses it knows, and where they lead to on this machine. */
  readonly ports: Readonly<Record<string, number>>
}

export interface SocksServer {
  readonly port: number
  readonly passed: string[]
  close(): Promise<void>
}

/** A real SOCKS 5 proxy on loopback. */
export async function startSocksServer(options: SocksServerOptions): Promise<SocksServer> {
  const passed: string[] = []
  const sockets = new Set<Socket>()
  const server = createServer((client) => {
    sockets.add(client)
    client.on('error', () => undefined)
    client.on('close', () => sockets.delete(client))
    serve(client, options, passed).catch(() => client.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    passed,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve()
        })
        for (const socket of sockets) socket.destroy()
      }),
  }
}

async function serve(client: Socket, options: SocksServerOptions, passed: string[]): Promise<void> {
  const reader = readHandshake(client)
  const [, count = 0] = await reader.bytes(2)
  const methods = [...(await reader.bytes(count))]
  const wanted = options.credentials === undefined ? 0 : 2
  client.write(Buffer.from([5, methods.includes(wanted) ? wanted : 0xff]))
  if (options.credentials !== undefined) {
    const text = async (): Promise<string> => {
      const [length = 0] = await reader.bytes(1)
      return (await reader.bytes(length)).toString()
    }
    await reader.bytes(1)
    const [username, password] = [await text(), await text()]
    const isRight = username === options.credentials.username && password === options.credentials.password
    client.write(Buffer.from([1, isRight ? 0 : 1]))
    if (!isRight) return
  }
  const [, , , kind] = await reader.bytes(4)
  let host: string
  if (kind === 1) host = [...(await reader.bytes(4))].join('.')
  else if (kind === 4) host = (await reader.bytes(16)).toString('hex')
  else host = (await reader.bytes((await reader.bytes(1))[0] ?? 0)).toString()
  const port = (await reader.bytes(2)).readUInt16BE(0)
  reader.release()
  const leadsTo = options.ports[host]
  if (leadsTo === undefined) {
    client.end(Buffer.from([5, 4, 0, 1, 0, 0, 0, 0, 0, 0]))
    return
  }
  passed.push(`${host}:${String(port)}`)
  const onward = connect(leadsTo, '127.0.0.1', () => {
    // A bound name in place of an address: clients have to read its length.
    client.write(Buffer.from([5, 0, 0, 3, 4, ...Buffer.from('here'), 0, 80]))
    onward.pipe(client).pipe(onward)
  })
  onward.on('error', () => client.destroy())
  client.on('close', () => onward.destroy())
}
