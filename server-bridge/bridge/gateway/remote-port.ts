import type { Client } from 'ssh2'

/** Where the forward listens: loopback of the workspace. */
const remoteAddress = '127.0.0.1'

/** How many ports behind the wanted one are tried before any is taken. */
const neighbours = 8

/** The port could not be had. */
export class PortTakenError extends Error {
  override readonly name = 'PortTakenError'
}

/**
 * Asks the workspace to listen on a port and answers the one it listens on.
 *
 * @param exactly another port would not do: clients know this one.
 * @throws {PortTakenError}
 */
export async function listenInWorkspace(ssh: Client, port: number, exactly: boolean): Promise<number> {
  const candidates = exactly ? [port] : [...Array.from({ length: neighbours }, (_, at) => port + at), 0]
  for (const candidate of candidates.filter((one) => one <= 65_535)) {
    const bound = await ask(ssh, candidate)
    if (bound !== undefined) return bound
  }
  throw new PortTakenError(`Port ${String(port)} of the workspace is in use.`)
}

function ask(ssh: Client, port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    ssh.forwardIn(remoteAddress, port, (error, bound) => {
      if (error !== undefined) resolve(undefined)
      // The answer names a port only where it was left open (RFC 4254, 7.1).
      else resolve(port === 0 ? bound : port)
    })
  })
}
