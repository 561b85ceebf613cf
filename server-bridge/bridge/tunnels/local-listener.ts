/**
 * The end of a tunnel on this computer. It outlives the connection to the workspace: what is bound stays bound until the
 * tunnel is closed, so a reconnect never costs the port.
 */
import { once } from 'node:events'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { createServer as createTlsServer } from 'node:tls'
import type { TunnelCertificate, TunnelEnd } from '../../contract/tunnels.ts'
import type { Clock } from '../../lib/clock.ts'
import { listenPrivately, removeStaleSocket } from '../../lib/private-socket.ts'
import { toError } from '../../lib/to-error.ts'
import { explainListenError, type ListenProblem } from './listen-problem.ts'

export type ListenerState =
  | { readonly kind: 'binding' }
  | { readonly kind: 'bound'; readonly end: TunnelEnd }
  | ({ readonly kind: 'failed' } & ListenProblem)

export interface LocalListenerOptions {
  readonly listen: TunnelEnd
  /** Another port may be taken where this one is not free. */
  readonly anyPort: boolean
  readonly certificate: TunnelCertificate | null
  readonly clock: Clock
  readonly onState: (state: ListenerState) => void
  /** A connection, of which nothing was read yet. */
  readonly onConnection: (socket: Socket) => void
  /** A connection that came to nothing before it was one. */
  readonly onProblem: (message: string) => void
}

export interface LocalListener {
  readonly state: ListenerState
  /** Tries at once where it could not be bound. */
  retryNow(): void
  /** Listens no more and ends what is connected. The port is free once this resolves. */
  close(): Promise<void>
}

/** A port that is taken is tried again: its owner may have ended. */
const retryMs = 5000
const maxConnections = 1024
const handshakeTimeoutMs = 10_000

/** Begins to listen. */
export function createLocalListener(options: LocalListenerOptions): LocalListener {
  const { clock } = options
  const sockets = new Set<Socket>()
  let state: ListenerState = { kind: 'binding' }
  let server: Server | undefined
  let cancelRetry: (() => void) | undefined
  let binding: Promise<void> | undefined
  let isClosed = false

  const become = (next: ListenerState): void => {
    state = next
    if (!isClosed) options.onState(next)
  }

  const bindOnce = async (end: TunnelEnd): Promise<void> => {
    const made = makeServer(options)
    made.on('connection', (socket) => {
      sockets.add(socket)
      socket.once('close', () => sockets.delete(socket))
      // Whoever uses it hears `close`.
      socket.on('error', () => undefined)
    })
    await listen(made, end)
    server = made
    if (isClosed) made.close()
    else become({ kind: 'bound', end: endOf(made, end) })
  }

  const bind = async (): Promise<void> => {
    try {
      await bindOnce(options.listen)
    } catch (thrown) {
      const { listen: wanted, anyPort } = options
      const { code } = toError(thrown) as NodeJS.ErrnoException
      if ((code === 'EADDRINUSE' || code === 'EACCES') && anyPort && wanted.kind === 'tcp')
        await bindOnce({ ...wanted, port: 0 })
      else throw thrown
    }
  }

  const start = (): void => {
    cancelRetry?.()
    cancelRetry = undefined
    if (isClosed || server !== undefined || binding !== undefined) return
    binding = bind()
      .catch(async (thrown: unknown) => {
        const problem = await explainListenError(toError(thrown), options.listen)
        if (isClosed) return
        cancelRetry = clock.after(retryMs, start)
        // Told once: another try that ends the same is no news.
        if (state.kind !== 'failed' || state.reason !== problem.reason) become({ kind: 'failed', ...problem })
      })
      .finally(() => (binding = undefined))
  }
  start()

  return {
    get state() {
      return state
    },
    retryNow: start,
    async close() {
      isClosed = true
      cancelRetry?.()
      const freed = server?.listening === true ? once(server, 'close') : undefined
      server?.close()
      for (const socket of sockets) socket.destroy()
      await binding
      await freed
    },
  }
}

function makeServer({ certificate, onConnection, onProblem }: LocalListenerOptions): Server {
  const shared = { allowHalfOpen: true, noDelay: true }
  const server =
    certificate === null
      ? createServer({ ...shared, pauseOnConnect: true }, onConnection)
      : createTlsServer(
          {
            ...shared,
            cert: certificate.chain,
            key: certificate.key,
            minVersion: 'TLSv1.2',
            ALPNProtocols: ['http/1.1'],
            handshakeTimeout: handshakeTimeoutMs,
          },
          onConnection,
        ).on('tlsClientError', () => {
          onProblem('A client did not speak HTTPS, or does not trust the certificate of this tunnel.')
        })
  server.maxConnections = maxConnections
  server.on('drop', () => {
    onProblem(`There were more than ${String(maxConnections)} connections at a time.`)
  })
  return server
}

async function listen(server: Server, end: TunnelEnd): Promise<void> {
  const path = end.kind === 'socket' ? localPath(end.path) : undefined
  if (path !== undefined) await removeStaleSocket(path)
  await new Promise<void>((done, fail) => {
    server.once('error', fail)
    server.once('listening', () => {
      // A connection that cannot be taken is the client's loss alone.
      server.off('error', fail).on('error', () => undefined)
      done()
    })
    if (end.kind === 'tcp') server.listen({ port: end.port, host: end.host, exclusive: true })
    else if (path !== undefined) listenPrivately(server, path)
  })
}

/** Whole, with `~/` as the user's folder. */
export function localPath(path: string): string {
  return path.startsWith('~/') ? join(homedir(), path.slice(2)) : path
}

function endOf(server: Server, end: TunnelEnd): TunnelEnd {
  return end.kind === 'socket' ? end : { ...end, port: (server.address() as AddressInfo).port }
}
