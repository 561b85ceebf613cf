import { sql } from 'kysely'
import type { UpdateChatRequest } from '../../../contract/chats.ts'
import { isZeroUuid } from '../../../contract/zero-values.ts'
import { badRequest } from '../../api-error.ts'
import type { Database } from '../../db/database.ts'
import type { Actor } from '../sessions.ts'
import type { Approvals } from './approvals.ts'
import { moveWithChildren } from './chat-children.ts'
import { checkLabels } from './chat-input.ts'
import type { ChatRow } from './chat-rows.ts'
import type { ChatStore } from './chat-store.ts'
import { bindableWorkspace } from './chats.ts'

const MAX_TITLE_RUNES = 200

export interface ChatSettingsDeps {
  readonly db: Database
  readonly store: ChatStore
  readonly settle: Approvals['settle']
}

/** Changes what is no part of the conversation, field after field as Coder does. @throws {ApiError} 400, 409 */
export function updateChat(
  { db, store, settle }: ChatSettingsDeps,
  chat: ChatRow,
  { request, actor }: { readonly request: UpdateChatRequest; readonly actor: Actor },
): void {
  const { title, archived, workspace_id: workspaceId, pin_order: pin, labels, plan_mode: planMode } = request
  // A call that waits for its owner may lose its tool by it.
  const setReach = (values: Partial<ChatRow>): void =>
    db.transaction(() => {
      store.update(chat.id, values)
      settle(chat.owner_id)
    })
  if (title !== undefined)
    store.update(chat.id, { title: checkedTitle(title), title_wanted: 0 }, 'title_change')
  if (archived !== undefined) db.transaction(() => setArchived(db, store, { chat, archived }))
  if (workspaceId !== undefined) {
    const bound = isZeroUuid(workspaceId) ? undefined : bindableWorkspace(db, workspaceId, actor)
    if (bound && chat.owner_id !== actor.user.id)
      throw badRequest('Only its owner can give a chat a workspace.')
    setReach({ workspace_id: bound?.id ?? null })
  }
  if (pin !== undefined) db.transaction(() => setPin(db, store, { chatId: chat.id, pin }))
  if (labels !== undefined) {
    checkLabels(labels)
    store.update(chat.id, { labels: JSON.stringify(labels) })
  }
  if (planMode !== undefined) setReach({ plan_mode: planMode })
}

function checkedTitle(title: string): string {
  const trimmed = title.trim()
  const runes = [...trimmed].length
  if (runes < 1 || runes > MAX_TITLE_RUNES)
    throw badRequest(`The title has to have 1 to ${MAX_TITLE_RUNES} characters.`)
  return trimmed
}

/** Sub-agents follow their root: those at work keep it out of the archive. */
function setArchived(
  db: Database,
  store: ChatStore,
  { chat, archived }: { readonly chat: ChatRow; readonly archived: boolean },
): void {
  if (chat.parent_chat_id !== null) throw badRequest('A sub-agent follows the chat that began it.')
  if ((chat.archived === 1) === archived)
    throw badRequest(archived ? 'The chat is archived already.' : 'The chat is not archived.')
  moveWithChildren({ db, store }, chat.id, archived)
}

/** Pins are numbered 1, 2, 3… for each owner. */
function setPin(
  db: Database,
  store: ChatStore,
  { chatId, pin }: { readonly chatId: string; readonly pin: number },
): void {
  const chat = store.find(chatId)
  if (!chat) return
  if (pin < 0) throw badRequest('pin_order must not be negative.')
  if (chat.parent_chat_id !== null) throw badRequest('A sub-agent cannot be pinned.')
  if (chat.archived === 1 && pin > 0) throw badRequest('An archived chat cannot be pinned.')
  const pinned = db.all(
    db.sql
      .selectFrom('chats')
      .select(['id', 'pin_order'])
      .where('owner_id', '=', chat.owner_id)
      .where('archived', '=', 0)
      .where(sql<boolean>`pin_order > 0`)
      .orderBy('pin_order'),
  )
  const others = pinned.map(({ id }) => id).filter((id) => id !== chatId)
  // One that was not pinned comes last, whatever the number.
  const at = chat.pin_order === 0 ? others.length : Math.min(pin - 1, others.length)
  const order = pin === 0 ? others : [...others.slice(0, at), chatId, ...others.slice(at)]
  if (pin === 0) store.update(chatId, { pin_order: 0 })
  order.forEach((id, index) => store.update(id, { pin_order: index + 1 }))
}
