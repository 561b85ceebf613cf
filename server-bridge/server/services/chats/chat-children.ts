import { sql } from 'kysely'
import type { Database } from '../../db/database.ts'
import { groupBy } from '../group-by.ts'
import { type ChatRow, statusOf } from './chat-rows.ts'
import type { ChatStore } from './chat-store.ts'

/** Whether an assistant's message is newer than what the owner has seen. */
export const isUnread = sql<number>`EXISTS (
  SELECT 1 FROM chat_messages WHERE chat_messages.chat_id = chats.id AND chat_messages.role = 'assistant'
  AND chat_messages.deleted = 0 AND chat_messages.visibility = 'both' AND chat_messages.id > chats.read_message_id)`

/** Sub-agents of roots, oldest first. */
export function childrenOf(db: Database, rootIds: readonly string[]): (ChatRow & { is_unread: number })[] {
  if (rootIds.length === 0) return []
  return db.all<ChatRow & { is_unread: number }>(
    db.sql
      .selectFrom('chats')
      .selectAll()
      .select(isUnread.as('is_unread'))
      .where('parent_chat_id', 'in', [...rootIds])
      .orderBy('created_at')
      .orderBy('id'),
  )
}

/** By their roots, those that are in the archive with them or out of it with them (agents-api 3.2). */
export function shownChildren(
  db: Database,
  roots: readonly ChatRow[],
): Map<string | null, (ChatRow & { is_unread: number })[]> {
  const archived = new Map(roots.map((root) => [root.id, root.archived]))
  const children = childrenOf(
    db,
    roots.map(({ id }) => id),
  )
  const shown = children.filter((child) => archived.get(child.parent_chat_id ?? '') === child.archived)
  return groupBy(shown, (child) => child.parent_chat_id)
}

/** Puts a root into the archive or takes it out, and its sub-agents with it. @throws {ApiError} 409 while one is at work */
export function moveWithChildren(
  { db, store }: { readonly db: Database; readonly store: ChatStore },
  rootId: string,
  archived: boolean,
): void {
  const children = childrenOf(db, [rootId]).filter((child) => (child.archived === 1) !== archived)
  for (const id of [rootId, ...children.map((child) => child.id)]) {
    store.apply(id, { type: archived ? 'archive' : 'unarchive' })
    store.update(id, {}, archived ? 'deleted' : 'created')
  }
}

/** Stops the sub-agents of a root that are at work. @returns how many. */
export function interruptChildren(db: Database, store: ChatStore, rootId: string): number {
  const busy = childrenOf(db, [rootId]).filter((child) =>
    ['running', 'requires_action'].includes(statusOf(child)),
  )
  for (const child of busy) store.apply(child.id, { type: 'interrupt' })
  return busy.length
}
