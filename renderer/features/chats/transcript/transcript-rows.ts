/** What the lines of a transcript are. One message may be several: each text, thought and tool call is its own. */
import type { ChatError } from '#bridge/contract/chats'
import type { ChatMessage, ChatMessagePart } from '#bridge/contract/chats-messages'
import type { ChatStreamRetry, ChatStreamToolCall } from '#bridge/contract/chats-stream'
import type { MarkdownBlocks } from './markdown-blocks.ts'

export type ToolCallState =
  /** The model still writes the arguments. */
  | 'preparing'
  /** Waits until the user allows it. */
  | 'asked'
  /** Another program, which started the chat, has to run it. */
  | 'outside'
  | 'running'
  | 'done'
  | 'failed'
  /** The user did not allow it: it did not run. */
  | 'denied'
  /** Has no result, and nothing runs any more. */
  | 'stopped'

/** A call of a tool with all that is known of it. */
export interface ToolCall {
  readonly id: string
  readonly name: string
  readonly state: ToolCallState
  /** Absent while they are written. */
  readonly args: unknown
  readonly argsHead: string
  readonly argsLength: number
  readonly result: unknown
  readonly isMedia: boolean
  /** What it says while it works. */
  readonly progress: MarkdownBlocks | undefined
  readonly startedAt: string | undefined
  readonly endedAt: string | undefined
  readonly serverId: string | undefined
  /** Why the user denied it; empty where they did not say. */
  readonly deniedBecause: string | undefined
  /** What the user was asked, word for word. */
  readonly approval: ChatStreamToolCall | undefined
  /** What the user wrote next, which is the answer to a question or a plan. */
  readonly reply: string | undefined
}

interface RowBase {
  /** The same while the row is written, saved and shown again. */
  readonly key: string
  /** The message it belongs to, once that is saved. */
  readonly message?: ChatMessage
}

export type TranscriptRow = RowBase &
  (
    | { readonly kind: 'user'; readonly message: ChatMessage }
    | { readonly kind: 'text'; readonly text: string | MarkdownBlocks }
    | {
        readonly kind: 'reasoning'
        readonly text: string | MarkdownBlocks
        readonly startedAt: string | undefined
        readonly endedAt: string | undefined
        readonly isLive: boolean
      }
    | { readonly kind: 'tool'; readonly call: ToolCall }
    | { readonly kind: 'reads'; readonly calls: readonly ToolCall[] }
    | { readonly kind: 'file'; readonly part: ChatMessagePart }
    | { readonly kind: 'sources'; readonly parts: readonly ChatMessagePart[] }
    | { readonly kind: 'context'; readonly parts: readonly ChatMessagePart[] }
    | { readonly kind: 'note'; readonly text: string }
    | { readonly kind: 'unknown'; readonly part: ChatMessagePart }
    /** `isQueued`: its turn has not begun, since others are at work. */
    | { readonly kind: 'working'; readonly isQueued: boolean }
    | { readonly kind: 'stopping' }
    | { readonly kind: 'error'; readonly error: ChatError }
    | { readonly kind: 'retry'; readonly retry: ChatStreamRetry }
  )

export type RowOf<Kind extends TranscriptRow['kind']> = Extract<TranscriptRow, { kind: Kind }>

/** The texts of a message as one. */
export function messageText({ content }: Pick<ChatMessage, 'content'>): string {
  return (content ?? [])
    .flatMap((part) => (part.type === 'text' && part.text !== undefined ? [part.text] : []))
    .join('\n\n')
}

/** The calls a row shows. */
export function callsOf(row: TranscriptRow): readonly ToolCall[] {
  if (row.kind === 'tool') return [row.call]
  return row.kind === 'reads' ? row.calls : []
}
