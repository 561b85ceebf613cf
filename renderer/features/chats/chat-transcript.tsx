import { useEffect, useReducer, useState } from 'react'
import type { ApprovalDecision } from '#bridge/contract/chats-approvals'
import type { ChatMessage, ChatQueuedMessage } from '#bridge/contract/chats-messages'
import type { ChatStreamEvent } from '#bridge/contract/chats-stream'
import type { ChatUpdate } from '#ipc/chats'
import { useApi } from '../../api/api-context.tsx'
import type { BridgeError } from '../../api/bridge-error.ts'
import { classNames } from '../../lib/class-names.ts'
import { plainText } from '../../lib/plain-text.ts'
import { ConnectionNotice } from './connection-notice.tsx'

/** What the page around the conversation needs to know of it. */
export interface ChatTranscript {
  readonly isLoading: boolean
  readonly messages: readonly ChatMessage[]
  readonly hasMore: boolean
  readonly queue: readonly ChatQueuedMessage[]
  readonly status: string | undefined
  /** Why nothing more comes. What was said stays. */
  readonly failure: BridgeError | undefined
  /** The stream is lost and comes back by itself. */
  readonly waiting: { readonly reason: string | undefined; readonly retryAt: number | undefined } | undefined
  readonly retry: () => void
  /** That message and all later ones are gone. */
  readonly forgetFrom: (messageId: number) => void
}

/** A file of a chat, base64. */
export interface LoadedFile {
  readonly mediaType: string
  readonly data: string
}

/** What can be done from inside the conversation. What is absent is not offered. */
export interface ChatTranscriptActions {
  readonly onOpenLink: (url: string) => void
  readonly onEdit: ((message: ChatMessage) => void) | undefined
  readonly onOpenFile: ((path: string, line?: number) => void) | undefined
  readonly onOpenDiff: (() => void) | undefined
  readonly onDecide: ((decisions: ApprovalDecision[]) => Promise<unknown>) | undefined
  readonly onAnswer: ((text: string) => void) | undefined
  readonly onImplementPlan: (() => void) | undefined
  readonly onOpenChat: (chatId: string) => void
  readonly loadFile: (fileId: string) => Promise<LoadedFile>
}

type Known = Pick<
  ChatTranscript,
  'isLoading' | 'messages' | 'hasMore' | 'queue' | 'status' | 'failure' | 'waiting'
>
type Change =
  | ChatUpdate
  | { readonly kind: 'failed'; readonly failure: BridgeError }
  | { readonly kind: 'forget'; readonly from: number }

const unknown: Known = {
  isLoading: true,
  messages: [],
  hasMore: false,
  queue: [],
  status: undefined,
  failure: undefined,
  waiting: undefined,
}

/** What is said in a chat, live. */
export function useChatTranscript(deploymentId: string, chatId: string): ChatTranscript {
  const { client } = useApi()
  const [attempt, setAttempt] = useState(0)
  const [known, change] = useReducer(changed, unknown)
  useEffect(
    () =>
      client.subscribe(
        'chats.watchTranscript',
        { deploymentId, chatId },
        { next: change, error: (failure) => change({ kind: 'failed', failure }), done: () => undefined },
      ),
    [client, deploymentId, chatId, attempt],
  )
  return {
    ...known,
    retry: () => setAttempt(attempt + 1),
    forgetFrom: (from) => change({ kind: 'forget', from }),
  }
}

function changed(known: Known, change: Change): Known {
  switch (change.kind) {
    case 'opened':
      return { ...known, ...change, isLoading: false, failure: undefined }
    case 'events':
      return change.events.reduce(afterEvent, known)
    case 'connection':
      return {
        ...known,
        waiting: change.state === 'live' ? undefined : { reason: change.reason, retryAt: change.retryAt },
      }
    case 'failed':
      return { ...known, isLoading: false, failure: change.failure }
    case 'forget':
      return { ...known, messages: known.messages.filter(({ id }) => id < change.from) }
  }
}

function afterEvent(known: Known, event: ChatStreamEvent): Known {
  const { message } = event
  switch (event.type) {
    case 'message': {
      if (!message) return known
      const others = known.messages.filter(({ id }) => id !== message.id)
      return { ...known, messages: [...others, message].sort((a, b) => a.id - b.id) }
    }
    case 'history_reset':
      return { ...known, messages: [] }
    case 'queue_update':
      return { ...known, queue: event.queued_messages ?? [] }
    case 'status':
      return { ...known, status: event.status?.status }
    default:
      return known
  }
}

export interface ChatTranscriptViewProps extends ChatTranscriptActions {
  readonly transcript: ChatTranscript
}

/** The conversation, and whether it is still followed. */
export function ChatTranscriptView({ transcript, onEdit }: ChatTranscriptViewProps) {
  return (
    <>
      <div
        role="log"
        aria-label="Conversation"
        tabIndex={0}
        className="flex min-h-0 flex-1 flex-col-reverse overflow-auto px-5 py-2"
      >
        <div className="mx-auto flex w-full max-w-[920px] flex-col gap-2">
          {transcript.messages.map((message) => (
            <Said key={message.id} message={message} onEdit={onEdit} />
          ))}
        </div>
      </div>
      <ConnectionNotice transcript={transcript} />
    </>
  )
}

interface SaidProps extends Pick<ChatTranscriptActions, 'onEdit'> {
  readonly message: ChatMessage
}

function Said({ message, onEdit }: SaidProps) {
  const { role, content = [] } = message
  const text = content.map((part) => (part.type === 'text' ? (part.text ?? '') : '')).join('\n')
  if (text === '') return null
  return (
    <div
      className={classNames(
        'break-words whitespace-pre-wrap copyable',
        role === 'user' && 'max-w-[86%] self-end rounded-lg bg-idle-bg px-3 py-2 hc-edge',
      )}
      onDoubleClick={role === 'user' ? () => onEdit?.(message) : undefined}
    >
      {plainText(text, 100_000)}
    </div>
  )
}
