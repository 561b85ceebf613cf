import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { resolve } from 'node:path'
import type { Connection, ServerChannel } from 'ssh2'
import { joinChannel } from '../../lib/join-channel.ts'
import { listenPrivately, removeStaleSocket } from '../../lib/private-socket.ts'
import { toError } from '../../lib/to-error.ts'
import { workingDirectory } from '../shell-command.ts'
import type { SessionContext } from './ssh-session.ts'

type Opened = (error: Error | undefined, channel: ServerChannel) => void
/** What a client asks for; the name says which of the two kinds of data it carries. */
interface ForwardRequest {
  readonly bindAddr?: string
  readonly bindPort?: number
  readonly socketPath?: string
}

/**
 * Serves `-R`: listens here and hands each connection to the client. TCP listens on loopback whatever address is asked
 * for, as OpenSSH's server does by default (`GatewayPorts no`): a workspace is never opened to the network unseen.
 */
export function serveReverseForwards(connection: Connection, context: SessionContext): void {
  const listeners = new Map<string, Server>()
  context.onConnectionEnd(() => {
    for (const server of listeners.values()) server.close()
    listeners.clear()
  })

  const listenTcp = async ({ bindAddr = '', bindPort = 0 }: ForwardRequest): Promise<number> => {
    const server = createForwardServer((socket, opened) => {
      const { remoteAddress = '', remotePort = 0 } = socket
      connection.forwardOut(bindAddr, portOf(server), remoteAddress, remotePort, opened)
    })
    await listen(server, () => server.listen(bindPort, loopbackOf(bindAddr)))
    keep(tcpKey(bindAddr, portOf(server)), server)
    return portOf(server)
  }

  const listenLocal = async ({ socketPath = '' }: ForwardRequest): Promise<undefined> => {
    const path = resolve(workingDirectory(context.surroundings), socketPath)
    await removeStaleSocket(path)
    const server = createForwardServer((_socket, opened) => {
      connection.openssh_forwardOutStreamLocal(socketPath, opened)
    })
    await listen(server, () => listenPrivately(server, path))
    keep(localKey(socketPath), server)
    return undefined
  }

  function createForwardServer(open: (socket: Socket, opened: Opened) => void): Server {
    return createServer({ allowHalfOpen: true, pauseOnConnect: true, noDelay: true }, (socket) => {
      const forget = context.onConnectionEnd(() => socket.destroy())
      socket.on('error', () => undefined) // `close` follows.
      socket.once('close', forget)
      open(socket, (error, channel) => {
        if (error !== undefined) socket.destroy()
        else joinChannel(channel, socket, context.load)
      })
    })
  }

  function keep(key: string, server: Server): void {
    // The client may have left while the port was opened.
    if (context.isEnded()) server.close()
    else listeners.set(key, server)
  }

  function cancel(key: string): undefined {
    const server = listeners.get(key)
    if (server === undefined) throw new Error('There is no such forward.')
    listeners.delete(key)
    server.close()
    return undefined
  }

  const answers: Readonly<Record<string, (request: ForwardRequest) => Promise<number | undefined>>> = {
    'tcpip-forward': listenTcp,
    'streamlocal-forward@openssh.com': listenLocal,
    'cancel-tcpip-forward': async ({ bindAddr = '', bindPort = 0 }) => cancel(tcpKey(bindAddr, bindPort)),
    'cancel-streamlocal-forward@openssh.com': async ({ socketPath = '' }) => cancel(localKey(socketPath)),
  }

  const onRequest = (
    accept: ((port?: number) => void) | undefined,
    reject: (() => void) | undefined,
    name: string,
    request: ForwardRequest,
  ): void => {
    const answer = answers[name]
    if (answer === undefined) reject?.()
    else
      answer(request).then(
        (port) => accept?.(port),
        (error: unknown) => {
          context.logger.info('A forward was refused', { kind: name, error: toError(error).message })
          reject?.()
        },
      )
  }
  connection.on('request', onRequest)
}

function tcpKey(address: string, port: number): string {
  return `tcp ${address} ${port}`
}

function localKey(path: string): string {
  return `local ${path}`
}

function loopbackOf(bindAddr: string): string {
  return bindAddr === '::1' ? '::1' : '127.0.0.1'
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo | null)?.port ?? 0
}

function listen(server: Server, start: () => void): Promise<void> {
  return new Promise((done, fail) => {
    server.once('error', fail)
    server.once('listening', () => {
      // A connection that cannot be taken is the client's loss alone.
      server.off('error', fail).on('error', () => undefined)
      done()
    })
    start()
  })
}
