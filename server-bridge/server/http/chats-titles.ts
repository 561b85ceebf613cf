import { chatTitlesRoutes } from '../../contract/chats-titles.ts'
import { notFound } from '../api-error.ts'
import type { ChatLabels } from '../services/chats/chat-labels.ts'
import type { ChatRow } from '../services/chats/chat-rows.ts'
import type { ChatView } from '../services/chats/chat-view.ts'
import type { Chats } from '../services/chats/chats.ts'
import type { Compaction } from '../services/chats/compaction.ts'
import { bound } from './bind-routes.ts'

export interface ChatTitleHandlerDeps {
  readonly chats: Chats
  readonly chatView: ChatView
  readonly chatLabels: ChatLabels
  readonly compaction: Compaction
}

/** What a model makes of a chat as a whole. It runs with the owner's credentials, so only the owner may ask for it. */
export function chatTitleHandlers({ chats, chatView, chatLabels, compaction }: ChatTitleHandlerDeps) {
  const show = (row: ChatRow) => {
    const [chat] = chatView.toWire([row])
    if (!chat) throw notFound()
    return chat
  }
  return bound(chatTitlesRoutes, {
    async regenerate({ params, actor, audit }) {
      const chat = await chatLabels.regenerate(chats.findOwn(params.chat, actor))
      audit({ resourceType: 'chat', resourceId: chat.id, resourceTarget: chat.title, action: 'write' })
      return show(chat)
    },
    propose: async ({ params, actor }) => ({
      title: await chatLabels.propose(chats.findOwn(params.chat, actor)),
    }),
    compact: ({ params, actor }) => show(compaction.request(chats.findOwn(params.chat, actor))),
  })
}
