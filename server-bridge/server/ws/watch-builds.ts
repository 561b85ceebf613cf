import type { WebSocket } from 'ws'
import { formatLogMessage } from '../../contract/log-follow.ts'
import type { WorkspaceBuildUpdate } from '../../contract/workspace-watches.ts'
import type { Feed } from '../services/topics.ts'

const MAX_BUFFERED_BYTES = 1024 * 1024
const TOO_SLOW = 1011

/** Every build as it changes. A reader that does not keep up is sent away: it has missed what it came for. */
export function watchBuilds(
  socket: WebSocket,
  feed: Feed,
  read: (buildId: string) => WorkspaceBuildUpdate | undefined,
): void {
  const unsubscribe = feed.subscribe((buildId) => {
    if (socket.readyState !== socket.OPEN) return
    if (socket.bufferedAmount > MAX_BUFFERED_BYTES) {
      socket.close(TOO_SLOW, 'the reader is too slow')
      return
    }
    const update = read(buildId)
    if (update) socket.send(formatLogMessage(update))
  })
  socket.on('close', unsubscribe)
}
