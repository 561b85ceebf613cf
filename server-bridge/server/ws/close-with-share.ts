import type { WebSocket } from 'ws'
import type { WatchShare } from '../services/chats/chat-shares.ts'

/** RFC 6455, 7.4.1: policy violation. */
const POLICY_VIOLATION = 1008

/**
 * Closes a socket when what lets its reader read is taken away. Without a share to watch it stays.
 *
 * @returns false: that happened while it opened, and nothing may be sent.
 */
export function closeWithShare(socket: WebSocket, share: WatchShare | undefined): boolean {
  if (!share) return true
  const close = (): void => {
    // The handshake of the close waits for the peer, who may go on to send: from here on that reaches nobody.
    socket.removeAllListeners('message')
    socket.close(POLICY_VIOLATION, 'the chat is not shared with you any more')
  }
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
