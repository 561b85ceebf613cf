/** Listening on a socket file that only its owner may use. */
import { lstatSync, unlinkSync } from 'node:fs'
import { connect, type Server } from 'node:net'

/**
 * Begins to listen; `listening` or `error` follows. Nobody but the user may connect, as with OpenSSH's
 * `StreamLocalBindMask`. The socket is bound within the call.
 */
export function listenPrivately(server: Server, path: string): void {
  const before = process.umask(0o177)
  try {
    server.listen(path)
  } finally {
    process.umask(before)
  }
}

/** Removes a socket file that nobody listens on any more, as a process that was killed leaves it. */
export async function removeStaleSocket(path: string): Promise<void> {
  if (process.platform === 'win32' || lstatSync(path, { throwIfNoEntry: false })?.isSocket() !== true) return
  const isStale = await new Promise<boolean>((answer) => {
    const probe = connect({ path })
    probe.once('connect', () => {
      probe.destroy()
      answer(false)
    })
    probe.once('error', (error) => {
      answer('code' in error && error.code === 'ECONNREFUSED')
    })
  })
  if (isStale) unlinkSync(path)
}
