import type { WebSocket } from 'ws'
import { type ChatStreamEvent, formatChatStreamFrames } from '../../contract/chats-stream.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Approvals } from '../services/chats/approvals.ts'
import { awaitsOwner, type ChatRow, errorOf, retryOf, toWireCall } from '../services/chats/chat-rows.ts'
import type { ChatStore } from '../services/chats/chat-store.ts'
import { toWireMessage, toWireQueued } from '../services/chats/chat-view.ts'
import type { Episodes } from '../services/chats/episodes.ts'
import { pendingCalls } from '../services/chats/turn-decision.ts'
import type { Topic } from '../services/topics.ts'

type ChangeSources = Pick<ChatStreamDeps, 'store' | 'approvals'>

export interface ChatStreamDeps {
  readonly store: ChatStore
  readonly approvals: Pick<Approvals, 'waiting'>
  readonly episodes: Episodes
  readonly topic: Topic
  readonly clock: Clock
}

/** A reader behind by this much gets nothing new until it has caught up. */
const MAX_BUFFERED_BYTES = 1024 * 1024
/** A reader that does not catch up has to come back (agents-api 6.1). */
const SLOW_READER_MS = 10_000
const TOO_SLOW = 1011
const GONE = 1000

/** Sends a chat as it is and as it goes on, until the reader leaves. */
export function streamChat(
  socket: WebSocket,
  { chatId, afterId }: { readonly chatId: string; readonly afterId: number },
  deps: ChatStreamDeps,
): void {
  const { store, episodes, topic, clock } = deps
  let seen: ChatRow | undefined
  /** Parts of the episode on the reader's screen that were sent. */
  let sentParts = 0
  let cancelSlow: (() => void) | undefined

  const isBehind = (): boolean => socket.bufferedAmount > MAX_BUFFERED_BYTES
  const send = (events: readonly ChatStreamEvent[]): void => {
    for (const frame of formatChatStreamFrames(events)) socket.send(frame, onSent)
    if (isBehind())
      cancelSlow ??= clock.after(SLOW_READER_MS, () => socket.close(TOO_SLOW, 'the reader is too slow'))
  }
  const onSent = (): void => {
    if (cancelSlow === undefined || isBehind()) return
    cancelSlow()
    cancelSlow = undefined
    pump(true)
  }

  const newParts = (): ChatStreamEvent[] => {
    const episode = episodes.current(chatId)
    const isOnScreen =
      episode?.historyVersion === seen?.history_version &&
      episode?.generationAttempt === seen?.generation_attempt
    if (!episode || !isOnScreen) return []
    const fresh = episode.parts.slice(sentParts)
    sentParts = episode.parts.length
    return fresh.map((part) => ({ type: 'message_part', chat_id: chatId, message_part: part }))
  }

  /** `isChanged`: more than parts may be new. */
  const pump = (isChanged: boolean): void => {
    if (socket.readyState !== socket.OPEN || isBehind()) return
    const events: ChatStreamEvent[] = []
    if (isChanged) {
      const chat = store.find(chatId)
      if (!chat) {
        socket.close(GONE, 'the chat is gone')
        return
      }
      if (isNewEpisode(chat, seen)) sentParts = 0
      events.push(...changesSince(deps, chat, { seen, afterId }))
      seen = chat
    }
    events.push(...newParts())
    if (events.length > 0) send(events)
  }

  const unsubscribe = [
    topic.subscribe(chatId, () => pump(true)),
    episodes.subscribe(chatId, () => pump(cancelSlow !== undefined)),
  ]
  socket.on('close', () => {
    cancelSlow?.()
    for (const end of unsubscribe) end()
  })
  pump(true)
}

function isNewEpisode(chat: ChatRow, seen: ChatRow | undefined): boolean {
  return chat.history_version !== seen?.history_version || chat.generation_attempt !== seen.generation_attempt
}

/** One sync: what is new to the reader, in the order of agents-api 6.1. */
function changesSince(
  deps: ChangeSources,
  chat: ChatRow,
  { seen, afterId }: { readonly seen: ChatRow | undefined; readonly afterId: number },
): ChatStreamEvent[] {
  const preview: ChatStreamEvent = { type: 'preview_reset', chat_id: chat.id }
  return [
    ...historyChanges(deps.store, chat, { seen, afterId }),
    ...queueChanges(deps.store, chat, seen),
    ...stateChanges(deps, chat, seen),
    ...(isNewEpisode(chat, seen) ? [preview] : []),
  ]
}

function historyChanges(
  store: ChatStore,
  chat: ChatRow,
  { seen, afterId }: { readonly seen: ChatRow | undefined; readonly afterId: number },
): ChatStreamEvent[] {
  if (chat.history_version === seen?.history_version) return []
  const chat_id = chat.id
  const messages = (version: number, id: number): ChatStreamEvent[] =>
    store
      .visible(chat_id, { version, id })
      .map((row) => ({ type: 'message', chat_id, message: toWireMessage(row) }))
  if (chat.reset_version > (seen?.history_version ?? 0))
    return [{ type: 'history_reset', chat_id }, ...messages(0, 0)]
  return seen ? messages(seen.history_version, 0) : messages(0, afterId)
}

function queueChanges(store: ChatStore, chat: ChatRow, seen: ChatRow | undefined): ChatStreamEvent[] {
  if (chat.queue_version === (seen?.queue_version ?? 0)) return []
  const queue = store.queue(chat.id).map(toWireQueued)
  const whole = queue.length === 0 ? {} : { queued_messages: queue }
  return [{ type: 'queue_update', chat_id: chat.id, ...whole }]
}

/** A reader who was behind may know of an action that was done meanwhile. */
const isNewAction = (chat: ChatRow, seen: ChatRow | undefined): boolean =>
  chat.history_version !== seen?.history_version || chat.approval_version !== seen.approval_version

function actionRequired(
  { store, approvals }: ChangeSources,
  chat: ChatRow,
): ChatStreamEvent['action_required'] {
  if (awaitsOwner(chat)) return { tool_calls: [], approvals: approvals.waiting(chat).map(toWireCall) }
  return { tool_calls: pendingCalls(store.history(chat.id)).map(toWireCall) }
}

function stateChanges(deps: ChangeSources, chat: ChatRow, seen: ChatRow | undefined): ChatStreamEvent[] {
  const chat_id = chat.id
  const events: ChatStreamEvent[] = []
  const isNewStatus = chat.status !== seen?.status
  if (isNewStatus) events.push({ type: 'status', chat_id, status: { status: chat.status } })
  const error = errorOf(chat)
  if (error && chat.last_error !== seen?.last_error) events.push({ type: 'error', chat_id, error })
  if (chat.status === 'requires_action' && (isNewStatus || isNewAction(chat, seen)))
    events.push({ type: 'action_required', chat_id, action_required: actionRequired(deps, chat) })
  const retry = retryOf(chat)
  if (retry && chat.retry !== seen?.retry) events.push({ type: 'retry', chat_id, retry })
  return events
}
