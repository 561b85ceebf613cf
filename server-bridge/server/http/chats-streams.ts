import { chatStreamRoutes } from '../../contract/chats-stream.ts'
import { chatWatchRoutes, formatChatWatchFrame } from '../../contract/chats-watch.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Logger } from '../../lib/logger.ts'
import type { Database } from '../db/database.ts'
import { storageFailureOf } from '../db/storage-failure.ts'
import type { Approvals } from '../services/chats/approvals.ts'
import type { ChatShares } from '../services/chats/chat-shares.ts'
import type { ChatStore } from '../services/chats/chat-store.ts'
import type { ChatSwitches } from '../services/chats/chat-switches.ts'
import type { ChatWatchers } from '../services/chats/chat-watchers.ts'
import type { Chats } from '../services/chats/chats.ts'
import type { Episodes } from '../services/chats/episodes.ts'
import type { Topics } from '../services/topics.ts'
import { streamChat } from '../ws/chat-stream.ts'
import { closeWithShare } from '../ws/close-with-share.ts'
import { bound } from './bind-routes.ts'

export interface ChatStreamHandlerDeps {
  readonly db: Database
  readonly clock: Clock
  readonly logger: Logger
  readonly chats: Chats
  readonly chatStore: ChatStore
  readonly chatShares: Pick<ChatShares, 'watchReader'>
  readonly approvals: Approvals
  readonly chatWatchers: ChatWatchers
  readonly chatSwitches: Pick<ChatSwitches, 'requireOn'>
  readonly episodes: Episodes
  readonly topics: Pick<Topics, 'chat'>
}

const MAX_BUFFERED_BYTES = 1024 * 1024
const TOO_SLOW = 1011

/** The sockets of chats. What a reader sends on them is not read. */
export function chatStreamHandlers(deps: ChatStreamHandlerDeps) {
  const { chats, chatStore: store, chatWatchers, chatSwitches, episodes, topics, clock } = deps
  return [
    ...bound(chatWatchRoutes, {
      watch:
        ({ actor }) =>
        (socket) => {
          const end = chatWatchers.subscribe(actor.user.id, (event) => {
            if (socket.readyState !== socket.OPEN) return
            // It has missed what it came for, and reads the list anew when it comes back.
            if (socket.bufferedAmount > MAX_BUFFERED_BYTES) socket.close(TOO_SLOW, 'the reader is too slow')
            else socket.send(formatChatWatchFrame(event))
          })
          socket.on('close', end)
        },
    }),
    ...bound(chatStreamRoutes, {
      stream({ params, query, actor }) {
        const chat = chats.find(params.chat, actor)
        chatSwitches.requireOn()
        const isOwner = chat.owner_id === actor.user.id
        const watchShare = chats.isViewer(chat, actor)
          ? deps.chatShares.watchReader(chat, actor.user.id)
          : undefined
        return (socket) => {
          if (!closeWithShare(socket, watchShare)) return
          if (isOwner) markRead(deps, chat.id)
          socket.on('close', () => {
            if (isOwner) markRead(deps, chat.id)
          })
          streamChat(
            socket,
            { chatId: chat.id, afterId: query.after_id ?? 0 },
            { store, approvals: deps.approvals, episodes, topic: topics.chat, clock },
          )
        }
      },
    }),
  ]
}

/** The owner has seen all there is (agents-api 7.3). Reading has to go on when the disk is full. */
function markRead({ db, chatStore, logger }: ChatStreamHandlerDeps, chatId: string): void {
  try {
    if (!chatStore.find(chatId)) return
    const newest = db.first<{ id: number | null }>(
      db.sql
        .selectFrom('chat_messages')
        .select((table) => table.fn.max('id').as('id'))
        .where('chat_id', '=', chatId),
    )
    const read = { read_message_id: newest?.id ?? 0 }
    db.run(db.sql.updateTable('chats').set(read).where('id', '=', chatId))
  } catch (error) {
    if (storageFailureOf(error) === undefined) throw error
    logger.warn('What was read of a chat could not be written', { chatId, error: String(error) })
  }
}
