import { type RawBuilder, sql } from 'kysely'
import { badRequest } from '../../api-error.ts'
import type { Database } from '../../db/database.ts'
import { booleanTerm, parseSearchQuery, refuseTerm, type SearchTerms, singleTerm } from '../search-query.ts'
import { isUnread } from './chat-children.ts'
import type { ChatRow } from './chat-rows.ts'

export interface ChatListQuery {
  readonly q: string
  /** Each `key:value`. */
  readonly labels: readonly string[]
  readonly limit: number
  readonly offset: number
  readonly afterId: string | undefined
}

export interface ChatListReader {
  readonly userId: string
  readonly isSharingOn: boolean
}

export interface ChatList {
  readonly rows: ChatRow[]
  /** Those with something its owner has not seen. Undefined: the reader is not told. */
  readonly unread: ReadonlySet<string> | undefined
}

const KEYS = new Set([
  'archived',
  'has_unread',
  'pr_status',
  'source',
  'title',
  'repo',
  'pr_title',
  'diff_url',
  'pr',
])
/** Nothing is known of pull requests here, so nothing matches. */
const PULL_REQUEST_KEYS = ['pr_status', 'pr_title', 'pr'] as const
const SOURCES = ['created_by_me', 'shared_with_me']

/** The caller's own chats, or those that others share with them: pinned ones in their order, then what changed last (agents-api 3.2). @throws {ApiError} 400 */
export function listChats(
  db: Database,
  { userId, isSharingOn }: ChatListReader,
  query: ChatListQuery,
): ChatList {
  const terms = parseSearchQuery(query.q, '', KEYS)
  if (terms.has('')) throw refuseTerm('q', 'Each term of the search needs a key, as in title:word.')
  const archived = booleanTerm(terms, 'archived') ?? false
  const wanted = booleanTerm(terms, 'has_unread')
  const isShared = isOfOthers(terms)
  // News are those of the owner, so a reader has none.
  const isNone = isShared && (!isSharingOn || wanted === true)
  if (isNone || PULL_REQUEST_KEYS.some((key) => terms.has(key))) return { rows: [], unread: new Set() }
  const inList = isShared ? isSharedWith(userId) : sql<boolean>`chats.owner_id = ${userId}`

  let rows = db.sql
    .selectFrom('chats')
    .selectAll()
    .select(isUnread.as('is_unread'))
    .where(inList)
    .where('parent_chat_id', 'is', null)
    .where('archived', '=', Number(archived))
  for (const fits of conditionsOf(terms, isShared)) rows = rows.where(fits)
  for (const label of query.labels) {
    const [key, value] = splitLabel(label)
    rows = rows.where(sql<boolean>`EXISTS (
      SELECT 1 FROM json_each(chats.labels) WHERE json_each.key = ${key} AND json_each.value = ${value})`)
  }
  const cursor = query.afterId === undefined ? undefined : cursorOf(db, inList, query.afterId)
  if (cursor) rows = rows.where(comesAfter(cursor))
  const found = db.all<ChatRow & { is_unread: number }>(
    rows
      .orderBy(sql`pin_order = 0`)
      .orderBy('pin_order')
      .orderBy('updated_at', 'desc')
      .orderBy('id', 'desc')
      .limit(query.limit)
      .offset(query.offset),
  )
  return {
    rows: found,
    unread: isShared ? undefined : new Set(found.filter((row) => row.is_unread === 1).map((row) => row.id)),
  }
}

/** What a chat has to be for each key of the search. */
function conditionsOf(terms: SearchTerms, isShared: boolean): readonly RawBuilder<boolean>[] {
  const found: RawBuilder<boolean>[] = []
  const title = singleTerm(terms, 'title')
  if (title !== undefined) found.push(sql<boolean>`instr(lower(title), ${title}) > 0`)
  const repository = singleTerm(terms, 'repo')
  if (repository !== undefined)
    found.push(hasDiff(sql<boolean>`instr(lower(diff.remote_origin), ${repository}) > 0`))
  const url = singleTerm(terms, 'diff_url')
  if (url !== undefined) found.push(hasDiff(sql<boolean>`lower(diff.url) = ${url}`))
  const wanted = booleanTerm(terms, 'has_unread')
  if (wanted !== undefined && !isShared) found.push(sql<boolean>`${isUnread} = ${Number(wanted)}`)
  return found
}

/** Where the work of a chat was last seen. */
const hasDiff = (fits: RawBuilder<boolean>) => sql<boolean>`EXISTS (
  SELECT 1 FROM chat_diff_statuses AS diff WHERE diff.chat_id = chats.id AND ${fits})`

/** Whether the chats that others share are meant. */
function isOfOthers(terms: SearchTerms): boolean {
  const source = singleTerm(terms, 'source') ?? 'created_by_me'
  if (!SOURCES.includes(source)) throw refuseTerm('source', `"${source}" is not a valid value`)
  return source === 'shared_with_me'
}

function splitLabel(label: string): [string, string] {
  const colon = label.indexOf(':')
  if (colon < 1) throw refuseTerm('label', 'A label has to be given as key:value.')
  return [label.slice(0, colon), label.slice(colon + 1)]
}

/** Its own chats nobody shares with themselves. */
const isSharedWith = (userId: string) => sql<boolean>`(chats.owner_id != ${userId} AND EXISTS (
  SELECT 1 FROM chat_shares WHERE chat_shares.chat_id = chats.id AND chat_shares.user_id = ${userId}))`

function cursorOf(db: Database, inList: RawBuilder<boolean>, id: string): ChatRow {
  const row = db.first(
    db.sql.selectFrom('chats').selectAll().where('id', '=', id.toLowerCase()).where(inList),
  )
  if (!row) throw badRequest('after_id names no chat of this list.')
  return row
}

function comesAfter({ pin_order: pin, updated_at: time, id }: ChatRow) {
  if (pin > 0) return sql<boolean>`(pin_order > ${pin} OR pin_order = 0)`
  return sql<boolean>`(pin_order = 0 AND (updated_at < ${time} OR (updated_at = ${time} AND id < ${id})))`
}
