import { expect, it } from 'vitest'
import type { ChatMessage, ChatMessagePart } from '#bridge/contract/chats-messages'
import { sampleTime } from '../../testing/wire-samples.ts'
import { desktopAgents } from './desktop-agents.ts'

const message = (...content: ChatMessagePart[]): ChatMessage => ({
  ...{ id: 1, chat_id: 'root', created_at: sampleTime, role: 'tool' },
  content,
})
const told = (result: unknown, type: 'tool-result' | 'tool-call' = 'tool-result') => message({ type, result })

it('are those of which a result has said so', () => {
  const found = desktopAgents([
    told({ chat_id: 'one', type: 'computer_use' }),
    told({ chat_id: 'two', type: 'explore' }),
    told({ chat_id: 'three', type: 'computer_use' }, 'tool-call'),
    message({ type: 'text', text: '{"chat_id":"four","type":"computer_use"}' }),
    told('computer_use'),
    told(null),
    told({ chat_id: 5, type: 'computer_use' }),
    { ...message(), content: undefined },
  ])
  expect([...found]).toEqual(['one'])
})
