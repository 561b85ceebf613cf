import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http'
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import type { App, RequestBindings } from './http/bind-routes.ts'
import { ownAddress, type OwnAddress } from './http/origin-check.ts'
import type { TlsCredentials } from './tls-credentials.ts'
import type { UpgradeHandler } from './ws/upgrade.ts'

export interface ListenAddress {
  /** An IP address, or `localhost`. `0.0.0.0` and `::` are every interface. */
  readonly host: string
  /** 0 asks for any free one. */
  readonly port: number
}

export interface ListenOptions {
  readonly http: ListenAddress
  readonly tls?: ListenAddress & { readonly credentials: TlsCredentials }
  /** Where the server is reached from elsewhere. Absent: its own address. */
  readonly accessUrl?: string
  /** The wildcard host of subdomain apps. Absent: there is none. */
  readonly wildcardAccessUrl?: string
}

export interface Listeners {
  listen(): Promise<void>
  /** Throws before `listen` is done. */
  readonly address: () => OwnAddress
  /** `host:port` of the plain listener, as it was asked for, with the port it got. */
  readonly httpAddress: () => string
  /** What processes on this machine call: plain HTTP, past every proxy. */
  readonly localUrl: () => string
  /** New connections get the new certificate, open ones stay. */
  useCredentials(credentials: TlsCredentials): void
  close(): Promise<void>
}

const EVERY_INTERFACE = new Set(['0.0.0.0', '::'])

/** The HTTP listener, and the one with TLS beside it where there is one. */
export function createListeners(options: ListenOptions, app: App, upgrades: UpgradeHandler): Listeners {
  const listener = requestListener(app)
  const http = createServer(listener)
  const secure = options.tls && {
    at: options.tls,
    server: createTlsServer({ ...options.tls.credentials, minVersion: 'TLSv1.2' }, listener),
  }
  const servers: (Server | TlsServer)[] = secure ? [http, secure.server] : [http]
  for (const server of servers) {
    server.on('upgrade', (request, socket, head) => upgrades.handle(request, socket, head))
  }
  const httpOrigin = (): string => originOf('http:', options.http, http)
  let address: OwnAddress | undefined

  return {
    async listen() {
      try {
        await startListening(http, options.http)
        const own = [httpOrigin()]
        if (secure) {
          await startListening(secure.server, secure.at)
          own.unshift(originOf('https:', secure.at, secure.server))
        }
        address = ownAddress(options.accessUrl ?? own[0] ?? httpOrigin(), own, options.wildcardAccessUrl)
      } catch (error) {
        for (const server of servers) server.close()
        throw error
      }
    },
    address() {
      if (!address) throw new Error('The server does not listen yet.')
      return address
    },
    httpAddress: () => `${bracketed(options.http.host)}:${(http.address() as AddressInfo).port}`,
    localUrl: httpOrigin,
    useCredentials: (credentials) =>
      secure?.server.setSecureContext({ ...credentials, minVersion: 'TLSv1.2' }),
    async close() {
      const closed = servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve())))
      for (const server of servers) server.closeAllConnections()
      await Promise.all(closed)
    },
  }
}

function requestListener(app: App): RequestListener {
  const listener = getRequestListener(
    async (request, env) => {
      const { incoming, outgoing } = env as { incoming: IncomingMessage; outgoing: ServerResponse }
      const bindings: RequestBindings = {
        remoteAddress: incoming.socket.remoteAddress ?? '',
        isUpgrade: false,
      }
      const response = await app.fetch(request, bindings)
      if (!bindings.takeOver) return response
      await bindings.takeOver.serve(incoming, outgoing)
      return RESPONSE_ALREADY_SENT
    },
    { overrideGlobalObjects: false },
  )
  return (request, response) => void listener(request, response)
}

/** An IPv6 address stands in brackets beside a port (RFC 3986, 3.2.2). */
const bracketed = (host: string): string => (host.includes(':') ? `[${host}]` : host)

/** Every interface is called by the loopback one: the others have names only an access URL knows. */
function originOf(protocol: string, { host }: ListenAddress, server: Server | TlsServer): string {
  const { port } = server.address() as AddressInfo
  const name = EVERY_INTERFACE.has(host) ? '127.0.0.1' : bracketed(host)
  return new URL(`${protocol}//${name}:${port}`).origin
}

function startListening(server: Server | TlsServer, { host, port }: ListenAddress): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve()
    })
  })
}
