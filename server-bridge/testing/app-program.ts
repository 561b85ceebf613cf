import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { WebSocketServer } from 'ws'

export interface AppProgram {
  readonly port: number
  /** What it was asked, the first one first. */
  readonly asked: IncomingMessage[]
  close(): Promise<void>
}

/** The program behind an app: greets, wants more than it may have, and says again what it hears on sockets. */
export async function startAppProgram(): Promise<AppProgram> {
  const asked: IncomingMessage[] = []
  const program = createServer((request, response) => {
    asked.push(request)
    response.writeHead(200, {
      'content-type': 'text/html',
      'access-control-allow-origin': '*',
      'set-cookie': ['mine=1; Path=/; Domain=localhost; HttpOnly', 'coder_session_token=stolen; Path=/'],
    })
    response.end('hello from the app')
  })
  const sockets = new WebSocketServer({ server: program })
  sockets.on('connection', (socket, request) => {
    asked.push(request)
    socket.on('message', (data: Buffer, isBinary) => socket.send(data, { binary: isBinary }))
  })
  await new Promise<void>((resolve) => program.listen(0, '127.0.0.1', resolve))
  return {
    port: (program.address() as AddressInfo).port,
    asked,
    async close() {
      program.closeAllConnections()
      await new Promise((resolve) => program.close(resolve))
    },
  }
}
