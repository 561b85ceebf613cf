import type { WebSocket } from 'ws'
import type { WatchShare } from '../services/chats/chat-shares.ts'
import { closeForPolicy } from './close-for-policy.ts'

/**
 * Closes a socket when what lets its reader read is taken away. Without a share to watch it stays.
 *
 * @returns false: that happened while it opened, and nothing may be sent.
 */
export function closeWithShare(socket: WebSocket, share: WatchShare | undefined): boolean {
  if (!share) return true
  const close = (): void => closeForPolicy(socket, 'the chat is not shared with you any more')
  if (!share.isThere()) {
    close()
    return false
  }
  const stop = share.onChange(() => {
    if (!share.isThere()) close()
  })
  socket.once('close', stop)
  return true
}
