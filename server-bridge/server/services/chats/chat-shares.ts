import { maxFoundPeople, type UpdateChatAcl } from '../../../contract/chats-sharing.ts'
import { isUuid } from '../../../contract/uuid.ts'
import type { Clock } from '../../../lib/clock.ts'
import { ApiError, badRequest } from '../../api-error.ts'
import type { Database } from '../../db/database.ts'
import { findsByName } from '../find-by-name.ts'
import { notificationIds } from '../notification-templates.ts'
import type { Notifications } from '../notifications.ts'
import type { Actor, UserRow } from '../sessions.ts'
import type { Topic } from '../topics.ts'
import { type ChatRow, rootIdOf } from './chat-rows.ts'

/** What a reader of somebody else's chat depends on. */
export interface WatchShare {
  /** Whether it is still shared with them. */
  isThere(): boolean
  /** Returns the function that ends the subscription. */
  onChange(listener: () => void): () => void
}

/** Who reads a chat beside its owner. Shares are of roots, and hold for their sub-agents. */
export interface ChatShares {
  /** False: whatever was shared before, nobody reads another's chat. */
  readonly isOn: boolean
  isReader(rootId: string, userId: string): boolean
  /** Those of the roots that somebody else reads. */
  sharedAmong(rootIds: readonly string[]): ReadonlySet<string>
  /** By their names. */
  readers(rootId: string): UserRow[]
  /** People whom the caller can share the chat with, by a part of their names. */
  people(chat: ChatRow, text: string, actor: Actor): UserRow[]
  /** Gives and takes roles; who is new is told. @throws {ApiError} 400 */
  change(chat: ChatRow, request: UpdateChatAcl, actor: Actor): void
  /** For what stays open only as long as the chat is shared with this user. */
  watchReader(chat: ChatRow, userId: string): WatchShare
}

export interface ChatSharesDeps {
  readonly db: Database
  readonly clock: Clock
  readonly topic: Topic
  readonly notifications: Pick<Notifications, 'notify'>
  readonly isOn: boolean
}

export function createChatShares(deps: ChatSharesDeps): ChatShares {
  const { db, topic, isOn } = deps
  const isReader = (rootId: string, userId: string): boolean =>
    isOn &&
    db.first(
      db.sql
        .selectFrom('chat_shares')
        .select('user_id')
        .where('chat_id', '=', rootId)
        .where('user_id', '=', userId),
    ) !== undefined
  return {
    isOn,
    isReader,
    sharedAmong(rootIds) {
      if (!isOn || rootIds.length === 0) return new Set()
      const rows = db.all(
        db.sql
          .selectFrom('chat_shares')
          .select('chat_id')
          .distinct()
          .where('chat_id', 'in', [...new Set(rootIds)]),
      )
      return new Set(rows.map((row) => row.chat_id))
    },
    readers: (rootId) =>
      db.all(
        db.sql
          .selectFrom('users')
          .selectAll('users')
          .innerJoin('chat_shares', 'chat_shares.user_id', 'users.id')
          .where('chat_shares.chat_id', '=', rootId)
          .where('users.deleted', '=', 0)
          .orderBy('users.username'),
      ),
    people(chat, text, actor) {
      return db.all(
        db.sql
          .selectFrom('users')
          .selectAll()
          .where('deleted', '=', 0)
          .where('status', '!=', 'suspended')
          .where('service_account', '=', 0)
          .where('id', 'not in', [chat.owner_id, actor.user.id])
          .where(findsByName(['username', 'name'], text.trim()))
          .orderBy('username')
          .limit(maxFoundPeople),
      )
    },
    change: (chat, request, actor) => changeShares(deps, chat, { request, actor }),
    watchReader(chat, userId) {
      const rootId = rootIdOf(chat)
      return {
        isThere: () => isReader(rootId, userId),
        onChange: (listener) => topic.subscribe(rootId, listener),
      }
    },
  }
}

function changeShares(
  { db, clock, topic, notifications }: ChatSharesDeps,
  chat: ChatRow,
  { request, actor }: { readonly request: UpdateChatAcl; readonly actor: Actor },
): void {
  const roles = new Map(
    Object.entries(request.user_roles ?? {}).map(([id, role]) => [id.toLowerCase(), role]),
  )
  if (roles.has(actor.user.id)) throw badRequest('Cannot change your own chat sharing role.')
  if (roles.has(chat.owner_id)) throw badRequest('The owner of a chat always reads it.')
  requireKnown(db, roles, request.group_roles ?? {})
  db.transaction(() => {
    for (const [userId, role] of roles) {
      const of = { chat_id: chat.id, user_id: userId }
      if (role === '') {
        db.run(
          db.sql
            .deleteFrom('chat_shares')
            .where('chat_id', '=', of.chat_id)
            .where('user_id', '=', of.user_id),
        )
        continue
      }
      const added = db.all(
        db.sql
          .insertInto('chat_shares')
          .values({ ...of, created_at: clock.now() })
          .onConflict((conflict) => conflict.doNothing())
          .returning('user_id'),
      )
      if (added.length > 0) notifications.notify(userId, notificationIds.custom, notice(chat, actor))
    }
    db.afterCommit(() => topic.publish(chat.id))
  })
}

/** Who is gone can still be taken off; nobody else is given anything. @throws {ApiError} 400 */
function requireKnown(
  db: Database,
  users: ReadonlyMap<string, string>,
  groups: Readonly<Record<string, string>>,
): void {
  const refuse = (field: string, detail: string): ApiError =>
    new ApiError(400, {
      message: 'Invalid request to update chat ACL.',
      validations: [{ field, detail }],
    })
  for (const [id, role] of users) {
    if (!isUuid(id)) throw refuse('user_roles', `${JSON.stringify(id.slice(0, 60))} is not an id.`)
    const isThere = db.first(
      db.sql.selectFrom('users').select('id').where('id', '=', id).where('deleted', '=', 0),
    )
    if (role !== '' && !isThere) throw refuse('user_roles', `There is no user ${id}.`)
  }
  for (const [id, role] of Object.entries(groups)) {
    if (!isUuid(id)) throw refuse('group_roles', `${JSON.stringify(id.slice(0, 60))} is not an id.`)
    // There are no groups here.
    if (role !== '') throw refuse('group_roles', `There is no group ${id}.`)
  }
}

const notice = (chat: ChatRow, actor: Actor) => ({
  labels: {
    title: 'A chat is shared with you',
    message: `${actor.user.username} lets you read the chat “${chat.title}”.`,
  },
  targets: [chat.id],
})
