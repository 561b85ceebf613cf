import type { WebSocket } from 'ws'
import { chatGitActionsRoutes } from '../../contract/chats-git-actions.ts'
import { chatGitRoutes, gitClientMessageSchema, type GitServerMessage } from '../../contract/chats-git.ts'
import type { ChatGit } from '../services/chats/chat-git.ts'
import type { Chats } from '../services/chats/chats.ts'
import type { ChatShares } from '../services/chats/chat-shares.ts'
import { closeWithShare } from '../ws/close-with-share.ts'
import { bound } from './bind-routes.ts'

export interface ChatGitHandlerDeps {
  readonly chats: Chats
  readonly chatGit: ChatGit
  readonly chatShares: Pick<ChatShares, 'watchReader'>
}

/** A few scans that nobody has taken yet. */
const MAX_BUFFERED_BYTES = 16 * 1024 * 1024
const TOO_SLOW = 1011

/** What the work of chats has changed in their workspaces. */
export function chatGitHandlers({ chats, chatGit, chatShares }: ChatGitHandlerDeps) {
  return [
    ...bound(chatGitRoutes, {
      diff: ({ params, actor }) => chatGit.diff(chats.find(params.chat, actor)),
      watch({ params, actor }) {
        const chat = chats.find(params.chat, actor)
        chatGit.requireAgent(chat)
        const watchShare = chats.isViewer(chat, actor)
          ? chatShares.watchReader(chat, actor.user.id)
          : undefined
        return (socket) => {
          if (closeWithShare(socket, watchShare)) watchGit(socket, chatGit, chat.id)
        }
      },
    }),
    ...bound(chatGitActionsRoutes, {
      async act({ params, body, actor, audit }) {
        const chat = chats.findOwn(params.chat, actor)
        await chatGit.act(chat, body)
        audit({ resourceType: 'chat', resourceId: chat.id, resourceTarget: chat.title, action: 'write' })
        return undefined
      },
    }),
  ]
}

function watchGit(socket: WebSocket, chatGit: ChatGit, chatId: string): void {
  const send = (message: GitServerMessage): void => {
    if (socket.readyState !== socket.OPEN) return
    // It gets everything anew when it comes back.
    if (socket.bufferedAmount > MAX_BUFFERED_BYTES) socket.close(TOO_SLOW, 'the reader is too slow')
    else socket.send(JSON.stringify(message))
  }
  const watch = chatGit.watches.watch(chatId, send)
  socket.on('close', () => watch.close())
  socket.on('message', (data: Buffer, isBinary) => {
    if (!isBinary && isRefresh(data.toString('utf8'))) watch.refresh()
    else send({ type: 'error', message: 'Only {"type":"refresh"} is understood.' })
  })
}

function isRefresh(text: string): boolean {
  try {
    return gitClientMessageSchema.safeParse(JSON.parse(text)).success
  } catch (error) {
    if (error instanceof SyntaxError) return false
    throw error
  }
}
