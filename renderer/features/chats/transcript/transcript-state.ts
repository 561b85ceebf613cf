/** What a chat has said so far, from what its stream says, by the rules of old and new servers (agents-api 6). */
import type { ChatError } from '#bridge/contract/chats'
import type { ChatMessage, ChatQueuedMessage } from '#bridge/contract/chats-messages'
import type {
  ChatStreamEvent,
  ChatStreamMessagePart,
  ChatStreamRetry,
  ChatStreamToolCall,
} from '#bridge/contract/chats-stream'
import type { ChatUpdate } from '#ipc/chats'
import { mergeMessages } from './message-order.ts'
import { addPreviewPart, type PreviewPart } from './preview-parts.ts'

/** Which parts were seen: of an episode, which a history and an attempt name, those up to a number. */
interface Episode {
  readonly history: number
  readonly attempt: number
  readonly seq: number
}

export interface TranscriptState {
  /** `loading` until the first word. */
  readonly phase: 'loading' | 'open'
  /** By id, the oldest first. */
  readonly messages: readonly ChatMessage[]
  /** There are older ones. */
  readonly hasMore: boolean
  /** The step that is being written. */
  readonly preview: readonly PreviewPart[]
  readonly queue: readonly ChatQueuedMessage[]
  readonly status: string | undefined
  readonly error: ChatError | undefined
  readonly retry: ChatStreamRetry | undefined
  /** Calls the client itself has to run. */
  readonly toolCalls: readonly ChatStreamToolCall[]
  /** Calls that wait until the owner allows them. */
  readonly approvals: readonly ChatStreamToolCall[]
  readonly connection: Extract<ChatUpdate, { kind: 'connection' }> | undefined
  readonly episode: Episode | undefined
  /** The messages of a history that is told anew: they take the place of the others once all are there. */
  readonly anew: readonly ChatMessage[] | undefined
}

export const emptyTranscript: TranscriptState = {
  phase: 'loading',
  messages: [],
  hasMore: false,
  preview: [],
  queue: [],
  status: undefined,
  error: undefined,
  retry: undefined,
  toolCalls: [],
  approvals: [],
  connection: undefined,
  episode: undefined,
  anew: undefined,
}

const nothing: readonly never[] = []

/** States of old servers are what they are today; unknown ones of newer servers are taken for work. */
export function isBusy(status: string | undefined): boolean {
  return status !== undefined && !isIdle(status) && status !== 'error' && status !== 'requires_action'
}

function isIdle(status: string): boolean {
  return status === 'waiting' || status === 'paused' || status === 'completed'
}

/** The state after an update. Costs what the update says, however much was said before. */
export function applyUpdate(state: TranscriptState, update: ChatUpdate): TranscriptState {
  switch (update.kind) {
    case 'opened':
      return {
        ...emptyTranscript,
        phase: 'open',
        messages: mergeMessages(nothing, update.messages),
        hasMore: update.hasMore,
        queue: update.queue,
        status: state.status,
        error: state.error,
        connection: state.connection,
      }
    case 'connection':
      // What a server still waits for it says again, and so it does a history that broke off: of what was taken back it
      // tells everybody who comes (agents-api 6.1).
      return {
        ...state,
        anew: undefined,
        connection: update,
        retry: update.state === 'live' ? undefined : state.retry,
      }
    case 'events':
      return applyEvents(state, update.events)
  }
}

function applyEvents(state: TranscriptState, events: readonly ChatStreamEvent[]): TranscriptState {
  let next = state
  for (let at = 0; at < events.length; at += 1) {
    const event = events[at]
    if (event?.type !== 'message') {
      if (event) next = applyEvent(settleHistory(next), event)
      continue
    }
    // Those that follow each other are merged at once: a whole history may come in one update.
    const run: ChatMessage[] = []
    for (; events[at]?.type === 'message'; at += 1) {
      const message = events[at]?.message
      if (message) run.push(message)
    }
    at -= 1
    next = applyMessages(next, run)
  }
  return next
}

function applyMessages(state: TranscriptState, messages: readonly ChatMessage[]): TranscriptState {
  const isSaved = messages.some(({ role }) => role === 'assistant')
  return {
    ...state,
    ...(state.anew === undefined
      ? { messages: mergeMessages(state.messages, messages) }
      : { anew: mergeMessages(state.anew, messages) }),
    preview: isSaved ? nothing : withoutSaved(state.preview, messages),
    retry: undefined,
  }
}

/** A result that is saved is no preview any more. */
function withoutSaved(
  preview: readonly PreviewPart[],
  messages: readonly ChatMessage[],
): readonly PreviewPart[] {
  if (preview.length === 0 || !messages.some(({ role }) => role === 'tool')) return preview
  const saved = new Set(messages.flatMap(({ content }) => content?.map((part) => part.tool_call_id) ?? []))
  return preview.filter((part) => part.kind !== 'result' || !saved.has(part.id))
}

function applyEvent(state: TranscriptState, event: ChatStreamEvent): TranscriptState {
  switch (event.type) {
    case 'message_part':
      return event.message_part ? applyPart(state, event.message_part) : state
    case 'status':
      return event.status ? applyStatus(state, event.status.status) : state
    case 'error':
      return event.error ? { ...state, error: event.error, retry: undefined } : state
    case 'retry':
      return event.retry ? { ...state, retry: event.retry, preview: nothing } : state
    case 'queue_update':
      return { ...state, queue: event.queued_messages ?? nothing }
    case 'action_required':
      return {
        ...state,
        toolCalls: event.action_required?.tool_calls ?? nothing,
        approvals: event.action_required?.approvals ?? nothing,
      }
    case 'preview_reset':
      // The episode may be told once more from its first part, so what was seen of it counts no longer.
      return { ...state, preview: nothing, episode: state.episode && { ...state.episode, seq: 0 } }
    case 'history_reset':
      return { ...state, anew: nothing, preview: nothing, episode: undefined }
    default:
      return state
  }
}

function applyStatus(state: TranscriptState, status: string): TranscriptState {
  const isOver = isIdle(status) || status === 'pending'
  return {
    ...state,
    status,
    preview: isOver ? nothing : state.preview,
    error: status === 'error' ? state.error : undefined,
    retry: isBusy(status) ? state.retry : undefined,
    ...(status === 'requires_action' ? {} : { toolCalls: nothing, approvals: nothing }),
  }
}

function applyPart(state: TranscriptState, said: ChatStreamMessagePart): TranscriptState {
  const episode = nextEpisode(state.episode, said)
  if (episode === 'seen') return state
  const isNew = episode !== undefined && !isSameEpisode(episode, state.episode)
  return {
    ...state,
    preview: addPreviewPart(isNew ? nothing : state.preview, said.part),
    episode: episode ?? state.episode,
    retry: undefined,
  }
}

/** Where a numbered part leads; `undefined`: old servers number nothing. */
function nextEpisode(
  current: Episode | undefined,
  said: ChatStreamMessagePart,
): Episode | 'seen' | undefined {
  if (said.seq === undefined) return undefined
  const next = { history: said.history_version ?? 0, attempt: said.generation_attempt ?? 0, seq: said.seq }
  if (current === undefined) return next
  const order = next.history - current.history || next.attempt - current.attempt
  return order < 0 || (order === 0 && next.seq <= current.seq) ? 'seen' : next
}

function isSameEpisode(a: Episode, b: Episode | undefined): boolean {
  return a.history === b?.history && a.attempt === b.attempt
}

/** Ends a history that is told anew. Its own end is the first event of another kind, or that nothing more comes. */
export function settleHistory(state: TranscriptState): TranscriptState {
  if (state.anew === undefined) return state
  return { ...state, messages: state.anew, hasMore: false, anew: undefined }
}

/** Puts older messages before the others. */
export function addOlder(
  state: TranscriptState,
  page: { readonly messages: readonly ChatMessage[]; readonly hasMore: boolean },
): TranscriptState {
  return { ...state, messages: mergeMessages(page.messages, state.messages), hasMore: page.hasMore }
}

/**
 * Forgets a message and those after it, up to the one that takes its place: older servers say nothing of what an edit
 * takes back. The stream may be ahead of the edit's answer; then what is written and queued belongs to the new message.
 */
export function forgetReplaced(state: TranscriptState, messageId: number, newId: number): TranscriptState {
  const messages = state.messages.filter(({ id }) => id < messageId || id >= newId)
  const isAhead = [...messages, ...(state.anew ?? nothing)].some(({ id }) => id >= newId)
  return isAhead ? { ...state, messages } : { ...state, messages, preview: nothing, queue: nothing }
}
