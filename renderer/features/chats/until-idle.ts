import type { RpcClient } from '../../api/rpc-client.ts'
import { isAtWork } from './chat-state.ts'

/** As long as a stuck tool may take to give up. */
const patienceMs = 30_000

/** The agent went on for longer than it is waited for; the message is for people. */
export class StillAtWork extends Error {}

/** Resolves once nothing runs in a chat; rejects when it goes on for long. */
export async function untilIdle(client: RpcClient, deploymentId: string, chatId: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (finish: () => void): void => {
      clearTimeout(timer)
      stop()
      finish()
    }
    const timer = setTimeout(
      () => end(() => reject(new StillAtWork('The agent has not stopped yet. Try again in a moment.'))),
      patienceMs,
    )
    const stop = client.subscribe(
      'chats.watchChat',
      { deploymentId, chatId },
      {
        next: (chat) => {
          if (!isAtWork(chat) && chat.status !== 'requires_action') end(resolve)
        },
        error: (error) => end(() => reject(error)),
        done: () => end(resolve),
      },
    )
  })
}
