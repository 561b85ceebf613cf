import type { Client, ClientChannel } from 'ssh2'

/**
 * Starts a program in the workspace. Aborting ends its channel.
 *
 * @throws {Error} when the workspace does not let it start.
 */
export async function openChannel(ssh: Client, command: string, signal: AbortSignal): Promise<ClientChannel> {
  signal.throwIfAborted()
  const channel = await new Promise<ClientChannel>((resolve, reject) => {
    const lost = () => {
      reject(new Error('The connection to the workspace was lost.'))
    }
    ssh.once('close', lost)
    ssh.exec(command, (error, opened) => {
      ssh.off('close', lost)
      if (error === undefined) resolve(opened)
      else reject(new Error(`The workspace did not start a program for the measurement: ${error.message}`))
    })
  })
  // What goes wrong on it ends it, and `close` follows.
  channel.on('error', () => undefined)
  channel.stderr.resume()
  const end = () => {
    channel.destroy()
  }
  signal.addEventListener('abort', end, { once: true })
  channel.once('close', () => {
    signal.removeEventListener('abort', end)
  })
  if (signal.aborted) end()
  return channel
}
