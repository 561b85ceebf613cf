import { createServer, request as httpRequest, type IncomingMessage } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { connect, type AddressInfo, type Socket } from 'node:net'

export interface HttpProxyOptions {
  /** Asked for by Basic authentication. */
  readonly credentials?: { readonly username: string; readonly password: string }
  /** Names only the proxy knows: where they lead to on this machine. */
  readonly ports: Readonly<Record<string, number>>
  readonly tls?: { readonly key: string; readonly cert: string }
  /** What it offers with a 407. */
  readonly offers?: string
}

export interface HttpProxy {
  readonly port: number
  /** `CONNECT host:port` and `GET http://…`, those it let through. */
  readonly passed: string[]
  readonly requests: IncomingMessage[]
  /** Open tunnels. */
  readonly tunnels: ReadonlySet<Socket>
  close(): Promise<void>
}

/** A real proxy on loopback: tunnels by CONNECT, and forwards plain requests. */
export async function startHttpProxy(options: HttpProxyOptions): Promise<HttpProxy> {
  const { credentials, ports, offers = 'Basic realm="office"' } = options
  const passed: string[] = []
  const requests: IncomingMessage[] = []
  const tunnels = new Set<Socket>()
  const sockets = new Set<Socket>()
  const expected =
    credentials === undefined
      ? undefined
      : `Basic ${Buffer.from(`${credentials.username}:${credentials.password}`).toString('base64')}`
  const isAllowed = (request: IncomingMessage): boolean =>
    expected === undefined || request.headers['proxy-authorization'] === expected

  const server = options.tls === undefined ? createServer() : createTlsServer(options.tls)
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.on('close', () => sockets.delete(socket))
  })
  server.on('request', (request, response) => {
    requests.push(request)
    if (!isAllowed(request)) {
      response.writeHead(407, { 'Proxy-Authenticate': offers }).end()
      return
    }
    const url = new URL(request.url ?? '')
    passed.push(`${request.method ?? ''} ${url.href}`)
    const { 'proxy-authorization': _own, ...headers } = request.headers
    const onward = httpRequest(
      { port: ports[url.hostname], path: url.pathname + url.search, method: request.method, headers },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers)
        answer.pipe(response)
      },
    )
    onward.on('error', () => response.destroy())
    request.pipe(onward)
  })
  server.on('connect', (request: IncomingMessage, client: Socket, head: Buffer) => {
    requests.push(request)
    client.on('error', () => undefined)
    const [host = ''] = (request.url ?? '').split(/:\d+$/)
    const port = ports[host]
    if (!isAllowed(request)) {
      client.end(`HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: ${offers}\r\n\r\n`)
      return
    }
    if (port === undefined) {
      client.end('HTTP/1.1 403 Forbidden\r\n\r\n')
      return
    }
    passed.push(`CONNECT ${request.url ?? ''}`)
    const onward = connect(port, '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection established\r\nVia: 1.1 office\r\n\r\n')
      onward.write(head)
      onward.pipe(client).pipe(onward)
    })
    tunnels.add(client)
    client.on('close', () => {
      tunnels.delete(client)
      onward.destroy()
    })
    onward.on('error', () => client.destroy())
    onward.on('close', () => client.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    passed,
    requests,
    tunnels,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve()
        })
        for (const socket of sockets) socket.destroy()
      }),
  }
}
