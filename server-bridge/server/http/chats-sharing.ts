import { chatSharingRoutes } from '../../contract/chats-sharing.ts'
import { badRequest, forbidden } from '../api-error.ts'
import { toMinimalUser } from '../services/accounts.ts'
import { requireMay } from '../services/authorization.ts'
import type { ChatRow } from '../services/chats/chat-rows.ts'
import type { ChatShares } from '../services/chats/chat-shares.ts'
import type { Chats } from '../services/chats/chats.ts'
import type { Actor } from '../services/sessions.ts'
import { bound } from './bind-routes.ts'

export interface ChatSharingHandlerDeps {
  readonly chats: Chats
  readonly chatShares: ChatShares
}

/** Who reads a chat beside its owner. */
export function chatSharingHandlers({ chats, chatShares }: ChatSharingHandlerDeps) {
  /** A root that the caller may share. Who only reads it learns nothing of the others who do. */
  const findShareable = (id: string, actor: Actor): ChatRow => {
    const chat = chats.find(id, actor)
    if (!chatShares.isOn) throw forbidden('Chat sharing is disabled for this deployment.')
    if (chat.parent_chat_id !== null)
      throw badRequest(
        'Chat ACLs can only be set on root chats.',
        `Target the root chat (id: ${chat.parent_chat_id}) instead.`,
      )
    requireMay(actor, 'share', {
      type: 'chat',
      ownerId: chat.owner_id,
      id: chat.id,
      isSharedWithCaller: chats.isViewer(chat, actor),
    })
    return chat
  }
  return bound(chatSharingRoutes, {
    acl({ params, actor }) {
      const chat = findShareable(params.chat, actor)
      const users = chatShares.readers(chat.id).map((row) => ({ ...toMinimalUser(row), role: 'read' }))
      return { users, groups: [] }
    },
    update({ params, body, actor, audit }) {
      const chat = findShareable(params.chat, actor)
      chatShares.change(chat, body, actor)
      audit({ resourceType: 'chat', resourceId: chat.id, resourceTarget: chat.title, action: 'write' })
      return undefined
    },
    people: ({ params, query, actor }) =>
      chatShares.people(findShareable(params.chat, actor), query.q ?? '', actor).map(toMinimalUser),
  })
}
