/** What tests of chats begin with: a model of the scripted kind, and readers of streams. */
import { once } from 'node:events'
import { WebSocket } from 'ws'
import type { CoderClient } from '../client/coder-client.ts'
import { aiProvidersRoutes, type AIProviderType } from '../contract/ai-providers.ts'
import { chatApprovalsRoutes } from '../contract/chats-approvals.ts'
import { chatsRoutes, type Chat, type CreateChatRequest } from '../contract/chats.ts'
import { chatMessagesRoutes, type ChatMessage } from '../contract/chats-messages.ts'
import {
  chatModelsRoutes,
  type ChatModelConfig,
  type CreateChatModelConfigRequest,
} from '../contract/chats-models.ts'
import { chatStreamRoutes, type ChatStreamEvent, parseChatStreamFrame } from '../contract/chats-stream.ts'
import { organizationsRoutes } from '../contract/organizations.ts'
import type { ScriptedModel } from './scripted-model.ts'
import { waitFor } from './wait-for.ts'

export const SCRIPTED_KEY = 'sk-scripted-0123456789abcdef'
let count = 0

/** A provider that is the scripted model, and one model of it. */
export async function configureModel(
  admin: CoderClient,
  model: Pick<ScriptedModel, 'url'>,
  more: { readonly type?: AIProviderType; readonly config?: Partial<CreateChatModelConfigRequest> } = {},
): Promise<ChatModelConfig> {
  count += 1
  const provider = await admin.call(aiProvidersRoutes.create, {
    body: {
      type: more.type ?? 'anthropic',
      name: `scripted-${count}`,
      enabled: true,
      base_url: model.url,
      api_keys: [SCRIPTED_KEY],
    },
  })
  return admin.call(chatModelsRoutes.create, {
    body: { ai_provider_id: provider.id, model: 'scripted', context_limit: 200_000, ...more.config },
  })
}

/** For tests of what tools do, not of who is asked before. */
export async function allowAllTools(client: CoderClient): Promise<void> {
  await client.call(chatApprovalsRoutes.updateOwnPolicy, {
    body: { rules: [{ tool: '*', policy: 'always' }] },
  })
}

export async function organizationOf(client: CoderClient): Promise<string> {
  return (await client.call(organizationsRoutes.get, { params: { organization: 'default' } })).id
}

export async function createChat(
  client: CoderClient,
  text: string,
  more: Partial<CreateChatRequest> = {},
): Promise<Chat> {
  const organization_id = await organizationOf(client)
  return client.call(chatsRoutes.create, {
    body: { organization_id, content: [{ type: 'text', text }], ...more },
  })
}

export const getChat = (client: CoderClient, id: string): Promise<Chat> =>
  client.call(chatsRoutes.get, { params: { chat: id } })

/** Waits until the chat has this status. */
export function chatIs(client: CoderClient, id: string, status: string): Promise<Chat> {
  return waitFor(`the chat is ${status}`, async () => {
    const chat = await getChat(client, id)
    return chat.status === status ? chat : undefined
  })
}

/** All that can be seen of a chat, oldest first. */
export async function messagesOf(client: CoderClient, id: string): Promise<ChatMessage[]> {
  const { messages } = await client.call(chatMessagesRoutes.list, {
    params: { chat: id },
    query: { limit: 200 },
  })
  return messages.toReversed()
}

/** `role: text` of each message; calls and results by their names. */
export function outline(messages: readonly ChatMessage[]): string[] {
  return messages.map(
    ({ role, content }) =>
      `${role}: ${(content ?? []).map((part) => part.text ?? part.tool_name ?? part.type).join(' | ')}`,
  )
}

export interface StreamReader {
  readonly events: ChatStreamEvent[]
  /** Messages on a screen that follows the rules for readers. */
  readonly screen: () => ChatMessage[]
  /** Text of the parts on that screen which are not stored yet. */
  readonly preview: () => string
  readonly socket: WebSocket
  until(what: string, isThere: (events: readonly ChatStreamEvent[]) => boolean): Promise<void>
  close(): Promise<void>
}

/** Reads a chat's stream as the facts say a client does; a part that comes twice, or out of order, is an error. */
export async function readStream(
  client: CoderClient,
  chatId: string,
  afterId?: number,
): Promise<StreamReader> {
  const { url, headers } = client.socket(chatStreamRoutes.stream, {
    params: { chat: chatId },
    ...(afterId === undefined ? {} : { query: { after_id: afterId } }),
  })
  const socket = new WebSocket(url, { headers })
  const events: ChatStreamEvent[] = []
  const messages = new Map<number, ChatMessage>()
  let preview = ''
  let episode = ''
  let seq = 0
  let failure: Error | undefined
  const take = (event: ChatStreamEvent): void => {
    if (event.type === 'history_reset') messages.clear()
    if (event.message) messages.set(event.message.id, event.message)
    if (event.type === 'preview_reset') {
      preview = ''
      seq = 0
      episode = ''
    }
    const { message_part: part } = event
    if (!part) return
    const of = `${part.history_version}.${part.generation_attempt}`
    if (episode !== '' && episode !== of) failure = new Error('An episode began without a preview_reset.')
    if (part.seq !== seq + 1) failure = new Error(`Part ${part.seq} came after part ${seq}.`)
    episode = of
    seq = part.seq ?? 0
    preview += part.part.text ?? ''
  }
  socket.on('message', (data: Buffer) => {
    for (const event of parseChatStreamFrame(data.toString('utf8'))) {
      events.push(event)
      take(event)
    }
  })
  const opened = once(socket, 'open')
  const closed = once(socket, 'close')
  await opened
  return {
    events,
    socket,
    screen: () => [...messages.values()].toSorted((a, b) => a.id - b.id),
    preview: () => preview,
    until: (what, isThere) =>
      waitFor(what, () => {
        if (failure) throw failure
        return isThere(events) ? true : undefined
      }).then(() => undefined),
    async close() {
      socket.close()
      await closed
      if (failure) throw failure
    },
  }
}
