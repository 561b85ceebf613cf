import { connect, type Socket } from 'node:net'

/** Programs listen on one or the other: many dev servers take whatever `localhost` names first. */
const loopbackAddresses = ['127.0.0.1', '::1']
const connectTimeoutMs = 10_000

/** Connects to a port of this machine. @throws the reason of the first address when neither answers. */
export async function dialPort(port: number): Promise<Socket> {
  let reason: unknown
  for (const host of loopbackAddresses) {
    try {
      return await connectTo(host, port)
    } catch (error) {
      reason ??= error
    }
  }
  throw reason
}

function connectTo(host: string, port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, allowHalfOpen: true, noDelay: true, timeout: connectTimeoutMs })
    socket.once('connect', () => {
      socket.setTimeout(0)
      socket.off('timeout', giveUp)
      socket.off('error', reject)
      resolve(socket)
    })
    const giveUp = (): void => {
      socket.destroy(new Error(`Nothing answered on port ${port} in time.`))
    }
    socket.once('timeout', giveUp)
    socket.once('error', reject)
  })
}
