import { ApiError } from '../../api-error.ts'
import type { ChatError } from '../../../contract/chats.ts'
import { maxQueuedChatMessages } from '../../../contract/chats-messages.ts'
import type { ChatWatchEventKind } from '../../../contract/chats-watch.ts'
import type { Clock } from '../../../lib/clock.ts'
import type { Database } from '../../db/database.ts'
import { keptQuery } from '../../db/kept-query.ts'
import type { Topic } from '../topics.ts'
import {
  awaitsOwner,
  type ChatRow,
  type MessageRow,
  type NewMessage,
  type QueuedRow,
  partsOf,
  statusOf,
} from './chat-rows.ts'
import { createSpendKeeper } from './chat-spend.ts'
import { changeChat, type ChatAction, type ChatEffect } from './chat-state.ts'
import { toHistory } from './followed-histories.ts'
import { errorResult, type StoredMessage } from './stored-parts.ts'
import { pendingCalls } from './turn-decision.ts'

/** Those that are summarised by a message from that id on, or the plain ones before an id. */
type Where = { readonly from: number } | { readonly before: number }

/** What an action is about, where its effects need it. */
export interface ActionInput {
  readonly message?: NewMessage
  /** The queued message that was chosen. */
  readonly queuedId?: number
  readonly error?: ChatError
  /** For client tools: until when they have to be answered. */
  readonly deadline?: number
  /** Written with the change, before its effects. */
  readonly before?: () => void
}

export interface Applied {
  readonly chat: ChatRow
  /** What became history. */
  readonly message?: MessageRow
  readonly queued?: QueuedRow
}

export interface Compaction {
  /** For the model. */
  readonly summary: NewMessage
  /** What people are shown of it. */
  readonly shown: readonly NewMessage[]
  readonly keepFromId: number
}

/** Chats and their messages in the database: every change is whole, and told to who listens once it is committed. */
export interface ChatStore {
  find(id: string): ChatRow | undefined
  /** Chats with something left to do, for a start after the server ended. */
  atWork(): ChatRow[]
  insert(row: ChatRow, messages: readonly NewMessage[]): void
  /** @throws {ApiError} 409 where the state does not allow the action, 429 for a full queue. */
  apply(chatId: string, action: ChatAction, input?: ActionInput): Applied
  append(chatId: string, messages: readonly NewMessage[]): MessageRow[]
  /**
   * The same of what the chat, as it is then, makes of it; nothing where it is gone. It outlives this process at once, and
   * a failure of the power once `onDisk` resolves.
   */
  appendTo(chatId: string, messagesFor: (chat: ChatRow) => readonly NewMessage[]): MessageRow[]
  /** Resolves once what `appendTo` added is on disk. @throws what the system says of a disk that failed */
  onDisk(): Promise<void>
  /** Keeps what a call beside the conversation used; it is no part of the history. */
  count(chatId: string, use: NewMessage): void
  /** Lets a summary stand for what was said before `keepFromId`; people still see all of it. */
  compact(chatId: string, compaction: Compaction): void
  /** Those whose title or summary is yet to be made. */
  labelsWanted(): ChatRow[]
  /** Columns that are no part of the state. */
  update(chatId: string, values: Partial<ChatRow>, told?: ChatWatchEventKind): void
  /** A call to the model begins; only a server that it ends with itself has to know of it. */
  beginAttempt(chatId: string, number: number): void
  /** Takes back a message and all after it. */
  deleteFrom(chatId: string, messageId: number): void
  /** All, or those with greater ids than that one. */
  messages(chatId: string, afterId?: number): MessageRow[]
  /** What readers may see of it: written after that version of the history, and with a greater id. */
  visible(chatId: string, after: { readonly version: number; readonly id: number }): MessageRow[]
  /** What the model and the worker go by, oldest first. */
  history(chatId: string): StoredMessage[]
  queue(chatId: string): QueuedRow[]
}

export interface ChatStoreDeps {
  readonly db: Database
  readonly clock: Clock
  readonly topic: Topic
  /** Told after the commit, for the owner's watches. */
  readonly onChange: (chatId: string, kind: ChatWatchEventKind) => void
  /** Told after the commit that the worker has something to do, or to stop. */
  readonly onWork: (chatId: string) => void
}

export function createChatStore({ db, clock, topic, onChange, onWork }: ChatStoreDeps): ChatStore {
  const byId = keptQuery((id: string) => db.sql.selectFrom('chats').selectAll().where('id', '=', id))
  const find = (id: string): ChatRow | undefined => db.first(byId(id))
  const must = (id: string): ChatRow => {
    const row = find(id)
    if (!row) throw new Error(`The chat ${id} is gone.`)
    return row
  }
  const setById = keptQuery((values: Partial<ChatRow>, id: string) =>
    db.sql.updateTable('chats').set(values).where('id', '=', id),
  )
  const set = (chatId: string, values: Partial<ChatRow>): void => {
    if (Object.keys(values).length > 0) db.run(setById(values, chatId))
  }
  const tell = (chatId: string, kind?: ChatWatchEventKind): void =>
    db.afterCommit(() => {
      topic.publish(chatId)
      if (kind !== undefined) onChange(chatId, kind)
    })
  const queue = (chatId: string): QueuedRow[] =>
    db.all(
      db.sql
        .selectFrom('chat_queued_messages')
        .selectAll()
        .where('chat_id', '=', chatId)
        .orderBy('position')
        .orderBy('id'),
    )
  const messagesAfter = keptQuery((chatId: string, id: number) =>
    db.sql
      .selectFrom('chat_messages')
      .selectAll()
      .where('chat_id', '=', chatId)
      .where('id', '>', id)
      .where('deleted', '=', 0)
      .where('visibility', '!=', 'none')
      .orderBy('id'),
  )
  const messages = (chatId: string, afterId = 0): MessageRow[] => db.all(messagesAfter(chatId, afterId))
  const history = (chatId: string): StoredMessage[] => toHistory(messages(chatId))

  const insertMessage = keptQuery((row: Omit<MessageRow, 'id'>) =>
    db.sql.insertInto('chat_messages').values(row).returning('id'),
  )
  const keepSpending = createSpendKeeper(db)
  const write = (chat: ChatRow, added: readonly NewMessage[], revision: number): MessageRow[] =>
    added.map((message) => {
      const row = toRow(chat.id, message, { revision, now: clock.now() })
      const stored = db.first(insertMessage(row))
      keepSpending(chat, { ...row, total_cost_micros: message.costMicros ?? null }, message.usage)
      return { ...row, id: stored?.id ?? 0 }
    })
  const appendRows = (chat: ChatRow, added: readonly NewMessage[]): MessageRow[] => {
    if (added.length === 0) return []
    const revision = chat.history_version + 1
    const rows = write(chat, added, revision)
    const model = added.findLast(({ modelConfigId }) => modelConfigId !== undefined)?.modelConfigId
    set(chat.id, {
      history_version: revision,
      generation_attempt: 0,
      retry: null,
      updated_at: clock.now(),
      ...(model === undefined ? {} : { last_model_config_id: model }),
    })
    tell(chat.id)
    return rows
  }
  const append = (chatId: string, added: readonly NewMessage[]): MessageRow[] =>
    db.transaction(() => (added.length === 0 ? [] : appendRows(must(chatId), added)))

  const setCompressed = (chatId: string, ids: Where, by: number | null): void =>
    void db.run(
      db.sql
        .updateTable('chat_messages')
        .set({ compressed_by: by })
        .where('chat_id', '=', chatId)
        .where('deleted', '=', 0)
        .where((where) =>
          'from' in ids
            ? where('compressed_by', '>=', ids.from)
            : where.and([
                where('compressed_by', 'is', null),
                where('role', '!=', 'system'),
                where('id', '<', ids.before),
              ]),
        ),
    )
  const compact: ChatStore['compact'] = (chatId, { summary, shown, keepFromId }) =>
    db.transaction(() => {
      const [row] = append(chatId, [{ ...summary, visibility: 'model' }])
      if (!row) return
      setCompressed(chatId, { before: Math.min(keepFromId, row.id) }, row.id)
      for (const message of append(chatId, shown))
        db.run(
          db.sql.updateTable('chat_messages').set({ compressed_by: row.id }).where('id', '=', message.id),
        )
    })

  const enqueue = (chatId: string, message: NewMessage, count: number): QueuedRow => {
    if (count >= maxQueuedChatMessages)
      throw new ApiError(429, {
        message: `The queue is full: ${maxQueuedChatMessages} messages wait already.`,
      })
    const row = {
      chat_id: chatId,
      position: (queue(chatId).at(-1)?.position ?? 0) + 1,
      created_by: message.createdBy ?? '',
      model_config_id: message.modelConfigId ?? null,
      content: JSON.stringify(message.parts),
      created_at: clock.now(),
    }
    const [stored] = db.all<{ id: number }>(
      db.sql.insertInto('chat_queued_messages').values(row).returning('id'),
    )
    return { ...row, id: stored?.id ?? 0 }
  }
  const dequeue = (row: QueuedRow): void =>
    void db.run(db.sql.deleteFrom('chat_queued_messages').where('id', '=', row.id))

  /** Performs one effect; answers what became history or waits. */
  const perform = (chatId: string, effect: ChatEffect, input: ActionInput): Partial<Applied> => {
    const waiting = queue(chatId)
    const chosen = waiting.find(({ id }) => id === input.queuedId)
    const promote = (row: QueuedRow | undefined): Partial<Applied> => {
      if (!row) return {}
      dequeue(row)
      const [message] = append(chatId, [fromQueue(row)])
      return message ? { message } : {}
    }
    switch (effect) {
      case 'insert': {
        const [message] = append(chatId, input.message ? [input.message] : [])
        return message ? { message } : {}
      }
      case 'enqueue':
        return input.message ? { queued: enqueue(chatId, input.message, waiting.length) } : {}
      case 'promote_chosen':
        return promote(chosen)
      case 'promote_head':
        return promote(waiting[0])
      case 'raise_chosen':
        if (chosen)
          db.run(
            db.sql
              .updateTable('chat_queued_messages')
              .set({ position: (waiting[0]?.position ?? 0) - 1 })
              .where('id', '=', chosen.id),
          )
        return {}
      case 'remove_chosen':
        if (chosen) dequeue(chosen)
        return {}
      case 'clear_queue':
        db.run(db.sql.deleteFrom('chat_queued_messages').where('chat_id', '=', chatId))
        return {}
      case 'cancel_calls':
        append(chatId, cancelledCalls(history(chatId), clock.now()))
        return {}
    }
  }

  return {
    find,
    queue,
    messages,
    history,
    append,
    // Waiting for the disk takes as long as all else of a step, and the process is for others meanwhile.
    appendTo: (chatId, messagesFor) =>
      db.transactionSyncedAfter(() => {
        const chat = find(chatId)
        return chat ? appendRows(chat, messagesFor(chat)) : []
      }),
    onDisk: () => db.synced(),
    compact,
    count: (chatId, use) =>
      db.transaction(() => void write(must(chatId), [{ ...use, visibility: 'none' }], 0)),
    labelsWanted: () =>
      db.all(
        db.sql
          .selectFrom('chats')
          .selectAll()
          .where((where) => where.or([where('title_wanted', '=', 1), where('summary_wanted', '=', 1)])),
      ),
    visible: (chatId, after) =>
      db.all(
        db.sql
          .selectFrom('chat_messages')
          .selectAll()
          .where('chat_id', '=', chatId)
          .where('deleted', '=', 0)
          .where('visibility', '=', 'both')
          .where('revision', '>', after.version)
          .where('id', '>', after.id)
          .orderBy('id'),
      ),
    atWork: () =>
      db.all(
        db.sql
          .selectFrom('chats')
          .selectAll()
          .where('status', 'in', ['running', 'interrupting', 'requires_action']),
      ),
    insert: (row, added) =>
      db.transaction(() => {
        db.run(db.sql.insertInto('chats').values(row))
        write(row, added, row.history_version)
        tell(row.id, 'created')
        db.afterCommit(() => onWork(row.id))
      }),
    apply: (chatId, action, input = {}) =>
      db.transaction(() => {
        const chat = must(chatId)
        const before = {
          status: statusOf(chat),
          queued: queue(chatId).length,
          archived: chat.archived === 1,
          awaitsOwner: awaitsOwner(chat),
        }
        const change = changeChat(before, action)
        if (!change) throw notNow(action, before.status)
        input.before?.()
        let done: Partial<Applied> = {}
        for (const effect of change.effects) done = { ...done, ...perform(chatId, effect, input) }
        const { next } = change
        const isQueueTouched = change.effects.some((effect) => QUEUE_EFFECTS.has(effect))
        set(chatId, {
          status: next.status,
          archived: Number(next.archived),
          updated_at: clock.now(),
          last_error: lastError(chat, action, input),
          action_deadline:
            next.status === 'requires_action' && !next.awaitsOwner
              ? (input.deadline ?? chat.action_deadline)
              : null,
          ...(next.status === 'running' ? {} : { retry: null }),
          ...(isQueueTouched ? { queue_version: chat.queue_version + 1 } : {}),
          ...(next.archived ? { pin_order: 0 } : {}),
          ...wanted(chat, action),
        })
        tell(chatId, next.status === before.status ? undefined : 'status_change')
        db.afterCommit(() => onWork(chatId))
        return { ...done, chat: must(chatId) }
      }),
    update: (chatId, values, told) =>
      db.transaction(() => {
        set(chatId, values)
        tell(chatId, told)
      }),
    beginAttempt: (chatId, number) =>
      db.transactionUnsynced(() => {
        set(chatId, { generation_attempt: number, retry: null })
        tell(chatId)
      }),
    deleteFrom: (chatId, messageId) =>
      db.transaction(() => {
        const version = must(chatId).history_version + 1
        db.run(
          db.sql
            .updateTable('chat_messages')
            .set({ deleted: 1, revision: version })
            .where('chat_id', '=', chatId)
            .where('id', '>=', messageId),
        )
        // What a summary stood for that is taken back is told to the model again.
        setCompressed(chatId, { from: messageId }, null)
        set(chatId, { history_version: version, reset_version: version, generation_attempt: 0 })
        tell(chatId)
      }),
  }
}

const QUEUE_EFFECTS: ReadonlySet<ChatEffect> = new Set([
  'enqueue',
  'promote_chosen',
  'raise_chosen',
  'remove_chosen',
  'clear_queue',
  'promote_head',
])

function notNow(action: ChatAction, status: string): ApiError {
  return new ApiError(409, {
    message: 'The chat does not allow this now.',
    detail: `${action.type} is not possible while the chat is ${status}.`,
  })
}

/** A turn that ended is to be summed up in a few words; a compaction that was asked for ends with its turn. */
function wanted(chat: ChatRow, { type }: ChatAction): Partial<ChatRow> {
  if (type === 'compact') return { compaction_wanted: 1 }
  if (!['turn_ended', 'turn_failed', 'interrupt_ended', 'edit'].includes(type)) return {}
  const isSummed = type === 'turn_ended' && chat.compaction_wanted === 0
  return { compaction_wanted: 0, ...(isSummed ? { summary_wanted: 1 } : {}) }
}

/** An error stays until something new begins. */
function lastError(chat: ChatRow, action: ChatAction, input: ActionInput): string | null {
  if (action.type === 'turn_failed') return JSON.stringify(input.error)
  return ['send', 'edit', 'promote', 'compact'].includes(action.type) ? null : chat.last_error
}

/** Results for calls that nobody will answer any more. */
export function cancelledCalls(history: readonly StoredMessage[], now: number): NewMessage[] {
  return pendingCalls(history).map((call) => ({
    role: 'tool',
    parts: [
      {
        type: 'tool-result',
        tool_call_id: call.id,
        tool_name: call.name,
        ...errorResult('The call was cancelled.'),
        created_at: new Date(now).toISOString(),
      },
    ],
  }))
}

const fromQueue = (row: QueuedRow): NewMessage => ({
  role: 'user',
  parts: partsOf(row),
  createdBy: row.created_by,
  ...(row.model_config_id === null ? {} : { modelConfigId: row.model_config_id }),
})

function toRow(
  chatId: string,
  message: NewMessage,
  { revision, now }: { readonly revision: number; readonly now: number },
): Omit<MessageRow, 'id'> {
  return {
    chat_id: chatId,
    created_by: message.createdBy ?? null,
    model_config_id: message.modelConfigId ?? null,
    role: message.role,
    content: JSON.stringify(message.parts),
    visibility: message.visibility ?? 'both',
    compressed_by: null,
    deleted: 0,
    revision,
    usage: message.usage === undefined ? null : JSON.stringify(message.usage),
    total_tokens: (message.usage?.total_tokens ?? 0) + (message.counted?.tokens ?? 0),
    total_cost_micros: message.costMicros ?? message.counted?.costMicros ?? null,
    runtime_ms: message.runtimeMs ?? 0,
    created_at: now,
  }
}
