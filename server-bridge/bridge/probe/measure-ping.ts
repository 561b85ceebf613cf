import type { Client, ClientChannel } from 'ssh2'
import { pingCount } from '../../contract/workspace-probe.ts'
import { openChannel } from './open-channel.ts'

const one = Buffer.from('.')

/**
 * Round trips of one byte through the workspace and back, as a key in a terminal makes them: `cat` is in every Unix.
 *
 * @param onRoundTrip milliseconds of each, as they come.
 * @throws {Error} with a sentence.
 */
export async function measurePing(
  ssh: Client,
  signal: AbortSignal,
  onRoundTrip: (ms: number) => void,
): Promise<void> {
  const channel = await openChannel(ssh, 'cat', signal)
  try {
    // The first one also waits for the program to start.
    for (let trip = 0; trip <= pingCount; trip += 1) {
      const sentAt = performance.now()
      await echo(channel, signal)
      if (trip > 0) onRoundTrip(performance.now() - sentAt)
    }
  } finally {
    channel.destroy()
  }
}

function echo(channel: ClientChannel, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (settle: () => void) => {
      channel.off('data', onData)
      channel.off('close', onClose)
      signal.removeEventListener('abort', onAbort)
      settle()
    }
    const onData = () => {
      end(resolve)
    }
    const onClose = () => {
      end(() => {
        reject(new Error('The workspace has no program to answer a ping: it needs a Unix shell with cat.'))
      })
    }
    const onAbort = () => {
      end(() => {
        reject(signal.reason as Error)
      })
    }
    channel.once('data', onData)
    channel.once('close', onClose)
    signal.addEventListener('abort', onAbort)
    channel.write(one)
  })
}
