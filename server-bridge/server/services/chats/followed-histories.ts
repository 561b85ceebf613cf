import { type ChatRow, type MessageRow, toStored } from './chat-rows.ts'
import type { StoredMessage } from './stored-parts.ts'
import { pendingAfter, pendingCalls, type ToolCall, type TurnUse } from './turn-decision.ts'
import { turnUse, turnUseAfter } from './turn-use.ts'

/** The history of a chat, as the steps of its turn go by it. */
export interface FollowedHistory {
  /** Those of {@link ChatStore.messages}. */
  readonly rows: readonly MessageRow[]
  /** Those of {@link ChatStore.history}. */
  readonly messages: readonly StoredMessage[]
  /** Those of {@link pendingCalls}. */
  readonly pending: readonly ToolCall[]
  /** That of {@link turnUse}. */
  readonly use: TurnUse
}

type FollowedChat = Pick<ChatRow, 'id' | 'history_version' | 'reset_version'>

/**
 * Histories of the chats at work, of which only what is new is read: a step must not cost more after thousands of
 * others. Never asked within a transaction, which may be undone.
 */
export interface FollowedHistories {
  of(chat: FollowedChat): FollowedHistory
  /** The chat is not at work any more. */
  forget(chatId: string): void
}

interface Followed extends FollowedHistory {
  /** Those that it was read at: each change of a history makes a new version of it. */
  readonly version: number
  readonly resetVersion: number
  readonly rows: MessageRow[]
}

/** @param rowsAfter the messages of a chat with greater ids than that one, in order. */
export function createFollowedHistories(
  rowsAfter: (chatId: string, id: number) => MessageRow[],
): FollowedHistories {
  const followed = new Map<string, Followed>()
  const load = (chat: FollowedChat): Followed => {
    const rows = rowsAfter(chat.id, 0)
    const messages = toHistory(rows)
    const { history_version: version, reset_version: resetVersion } = chat
    return { version, resetVersion, rows, messages, pending: pendingCalls(messages), use: turnUse(rows) }
  }
  const goOn = (known: Followed, chat: FollowedChat): Followed | undefined => {
    if (known.version === chat.history_version) return known
    const added = rowsAfter(chat.id, known.rows.at(-1)?.id ?? 0)
    // Only a compaction adds such rows, and it changes the ones before.
    if (added.some((row) => row.compressed_by !== null)) return undefined
    const messages = added.map(toStored)
    // Last: a row that cannot be read throws above, and is read again the next time.
    known.rows.push(...added)
    return {
      ...known,
      version: chat.history_version,
      messages: [...known.messages, ...messages],
      pending: pendingAfter(known.pending, messages),
      use: turnUseAfter(known.use, added),
    }
  }
  return {
    of(chat) {
      const known = followed.get(chat.id)
      // What is taken back changes rows that were read.
      const isUsable = known?.resetVersion === chat.reset_version
      const next = (isUsable ? goOn(known, chat) : undefined) ?? load(chat)
      followed.set(chat.id, next)
      return next
    },
    forget: (chatId) => void followed.delete(chatId),
  }
}

/** What the model is told of these: without what a summary stands for, which was written after that and comes before it. */
export function toHistory(rows: readonly MessageRow[]): StoredMessage[] {
  const summaries = new Set(rows.map((row) => row.compressed_by))
  return rows
    .filter((row) => row.compressed_by === null)
    .toSorted((a, b) => Number(summaries.has(b.id)) - Number(summaries.has(a.id)))
    .map(toStored)
}
