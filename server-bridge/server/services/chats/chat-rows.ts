import type { Selectable } from 'kysely'
import type { ChatError, ChatStatus } from '../../../contract/chats.ts'
import type { ChatMessageRole, ChatMessageUsage } from '../../../contract/chats-messages.ts'
import type { ChatStreamRetry, ChatStreamToolCall } from '../../../contract/chats-stream.ts'
import type { ChatMessagesTable } from '../../db/tables/chat-messages.ts'
import type { ChatQueuedMessagesTable } from '../../db/tables/chat-queued-messages.ts'
import type { ChatsTable } from '../../db/tables/chats.ts'
import type { StoredMessage, StoredPart } from './stored-parts.ts'
import type { ToolCall } from './turn-decision.ts'

export type ChatRow = Selectable<ChatsTable>
export type MessageRow = Selectable<ChatMessagesTable>
export type QueuedRow = Selectable<ChatQueuedMessagesTable>

/** A message that is yet to be stored. */
export interface NewMessage {
  readonly role: ChatMessageRole
  readonly parts: readonly StoredPart[]
  readonly createdBy?: string
  readonly modelConfigId?: string
  /** Absent: people and the model. `none`: only counted. */
  readonly visibility?: 'both' | 'model' | 'none'
  readonly usage?: ChatMessageUsage
  readonly costMicros?: number | undefined
  readonly runtimeMs?: number
  /** What was spent for it and is counted already: the limits of the turn see it here. */
  readonly counted?: { readonly tokens: number; readonly costMicros: number }
}

export const statusOf = (chat: Pick<ChatRow, 'status'>): ChatStatus => chat.status as ChatStatus
/**
 * Whether it waits for its owner to allow calls, for as long as that takes. Clients that run calls themselves have a
 * deadline.
 */
export const awaitsOwner = (chat: Pick<ChatRow, 'status' | 'action_deadline'>): boolean =>
  chat.status === 'requires_action' && chat.action_deadline === null
/** A sub-agent belongs to its root. */
export const rootIdOf = (chat: Pick<ChatRow, 'id' | 'parent_chat_id'>): string =>
  chat.parent_chat_id ?? chat.id
export const partsOf = (row: { readonly content: string }): StoredPart[] =>
  JSON.parse(row.content) as StoredPart[]
export const errorOf = (chat: Pick<ChatRow, 'last_error'>): ChatError | undefined =>
  chat.last_error === null ? undefined : (JSON.parse(chat.last_error) as ChatError)
export const retryOf = (chat: Pick<ChatRow, 'retry'>): ChatStreamRetry | undefined =>
  chat.retry === null ? undefined : (JSON.parse(chat.retry) as ChatStreamRetry)
export const mcpServerIdsOf = (chat: Pick<ChatRow, 'mcp_server_ids'>): string[] =>
  JSON.parse(chat.mcp_server_ids) as string[]
export const labelsOf = (chat: Pick<ChatRow, 'labels'>): Record<string, string> =>
  JSON.parse(chat.labels) as Record<string, string>

export interface DynamicTool {
  readonly name: string
  readonly description: string
  readonly input_schema: unknown
}
export const dynamicToolsOf = (chat: Pick<ChatRow, 'dynamic_tools'>): DynamicTool[] =>
  JSON.parse(chat.dynamic_tools) as DynamicTool[]

export const toStored = (row: MessageRow): StoredMessage => ({
  id: row.id,
  role: row.role as ChatMessageRole,
  parts: partsOf(row),
})

export const toWireCall = ({ id, name, args }: ToolCall): ChatStreamToolCall => ({
  tool_call_id: id,
  tool_name: name,
  args: JSON.stringify(args ?? {}),
})
