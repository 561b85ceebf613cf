import { connect, type Socket } from 'node:net'
import { resolve } from 'node:path'
import type { Connection, ServerChannel } from 'ssh2'
import { workingDirectory } from '../shell-command.ts'
import { joinChannel } from '../../lib/join-channel.ts'
import type { SessionContext } from './ssh-session.ts'

/** Serves `-L` and `-D`: the client asks for connections from here to a port or to a socket file. */
export function serveForwards(connection: Connection, context: SessionContext): void {
  connection.on('tcpip', (accept, reject, { destIP, destPort }) => {
    if (destPort < 1 || destPort > 65_535) reject()
    else open(connect({ host: destIP, port: destPort, allowHalfOpen: true }), accept, reject)
  })
  connection.on('openssh.streamlocal', (accept, reject, { socketPath }) => {
    const path = resolve(workingDirectory(context.surroundings), socketPath)
    open(connect({ path, allowHalfOpen: true }), accept, reject)
  })

  function open(socket: Socket, accept: () => ServerChannel, reject: () => void): void {
    const forget = context.onConnectionEnd(() => socket.destroy())
    socket.setNoDelay(true)
    socket.pause()
    socket.once('connect', () => {
      joinChannel(accept(), socket, context.load)
    })
    // After the connect both do nothing any more.
    socket.on('error', reject)
    socket.once('close', () => {
      forget()
      reject()
    })
  }
}
