/** Every tool in every state: `?page=transcript&scene=tools-running`. */
import type { ChatMessage } from '#bridge/contract/chats-messages'
import type { ChatStreamEvent } from '#bridge/contract/chats-stream'
import type { ChatUpdate } from '#ipc/chats'
import { samplePartsOf } from '../testing/tool-sample.ts'
import { toolSamples } from '../testing/tool-samples.ts'

const chat_id = '6b1b36cb-1d62-4b4e-8fb3-3a4dfc5a1d10'

const opened = (end: Parameters<typeof samplePartsOf>[1]): ChatUpdate => ({
  kind: 'opened',
  messages: toolSamples.map((sample, index): ChatMessage => ({
    id: index + 1,
    chat_id,
    created_at: '2026-11-27T09:00:00Z',
    role: 'assistant',
    content: samplePartsOf(sample, end),
  })),
  hasMore: false,
  queue: [],
})

const told = (...events: Omit<ChatStreamEvent, 'chat_id'>[]): ChatUpdate => ({
  kind: 'events',
  events: events.map((event) => ({ ...event, chat_id })),
})

const approvals = () =>
  toolSamples.map(({ name, args }) => ({
    tool_call_id: `call-${name}`,
    tool_name: name,
    args: JSON.stringify(args),
  }))

/** Updates by the name of what they show. */
export const toolScenes: Readonly<Record<string, () => ChatUpdate[]>> = {
  'tools-running': () => [opened('none'), told({ type: 'status', status: { status: 'running' } })],
  'tools-done': () => [opened('done')],
  'tools-failed': () => [opened('failed')],
  'tools-denied': () => [opened('denied')],
  'tools-stopped': () => [opened('none')],
  'tools-asked': () => [
    opened('none'),
    told(
      { type: 'status', status: { status: 'requires_action' } },
      { type: 'action_required', action_required: { tool_calls: [], approvals: approvals() } },
    ),
  ],
}
