import { connect } from 'node:net'
import { toError } from '../../lib/to-error.ts'
import { createMessageReader, frame } from './ssh-agent-protocol.ts'

/** A key on a token waits for its owner to touch it. */
const patienceMs = 60_000

/**
 * Asks the SSH agent of the user's session one question and answers its message, without the length before it.
 * @throws when there is none at the socket, it hangs up, or says nothing for a minute.
 */
export async function askUsersOwnAgent(socketPath: string, request: Buffer): Promise<Buffer> {
  const socket = connect(socketPath)
  const reader = createMessageReader()
  try {
    return await new Promise<Buffer>((resolve, reject) => {
      socket.setTimeout(patienceMs, () => reject(new Error('The user’s SSH agent does not answer.')))
      socket.once('error', reject)
      socket.once('close', () => reject(new Error('The user’s SSH agent hung up.')))
      socket.on('data', (bytes: Buffer) => {
        try {
          const [answer] = reader.push(bytes)
          if (answer !== undefined) resolve(answer)
        } catch (error) {
          reject(toError(error))
        }
      })
      socket.write(frame(request))
    })
  } finally {
    socket.destroy()
  }
}
