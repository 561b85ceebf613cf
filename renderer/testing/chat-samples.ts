/** Chats and what belongs to them, complete, for tests and the preview. */
import type { Chat } from '#bridge/contract/chats'
import type { ChatMessage, ChatQueuedMessage } from '#bridge/contract/chats-messages'
import type { ChatModelChoice } from '#ipc/chats'
import { meId, sampleId, sampleTime } from './wire-samples.ts'

export const sampleModelId = sampleId(31)

export function sampleChat(change: Partial<Chat> = {}): Chat {
  return {
    id: sampleId(30),
    organization_id: '00000000-0000-0000-0000-000000000000',
    owner_id: meId,
    owner_username: 'owner',
    last_model_config_id: sampleModelId,
    title: 'Retry policy for refunds',
    status: 'waiting',
    created_at: sampleTime,
    updated_at: sampleTime,
    archived: false,
    shared: false,
    pin_order: 0,
    mcp_server_ids: [],
    labels: {},
    has_unread: false,
    client_type: 'ui',
    children: [],
    ...change,
  }
}

export function sampleChatModel(change: Partial<ChatModelChoice> = {}): ChatModelChoice {
  return {
    configId: sampleModelId,
    provider: 'Anthropic',
    providerType: 'anthropic',
    displayName: 'Large',
    model: 'large-1',
    contextLimit: 200_000,
    isDefault: true,
    ...change,
  }
}

export function sampleMessage(id: number, text: string, change: Partial<ChatMessage> = {}): ChatMessage {
  return {
    id,
    chat_id: sampleId(30),
    created_at: sampleTime,
    role: 'user',
    content: [{ type: 'text', text, parsed_commands: [] }],
    ...change,
  }
}

export function sampleQueued(id: number, text: string): ChatQueuedMessage {
  return {
    id,
    chat_id: sampleId(30),
    content: [{ type: 'text', text, parsed_commands: [] }],
    created_at: sampleTime,
  }
}
