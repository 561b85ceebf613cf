import { expect, it } from 'vitest'
import { chatSchema, type Chat } from '#bridge/contract/chats'
import { testUuid } from '../../testing/builders.ts'
import { newsOf } from './chat-alerts.ts'

function chat(number: number, status: string, children: Chat[] = []): Chat {
  return {
    ...chatSchema.parse({
      id: testUuid(number),
      organization_id: testUuid(900),
      owner_id: testUuid(901),
      last_model_config_id: testUuid(902),
      title: `Chat ${number}`,
      status,
      created_at: '2026-11-01T10:00:00Z',
      updated_at: '2026-11-01T10:00:00Z',
    }),
    children,
  }
}

it.each([
  ['running', 'waiting', 'The agent is done.'],
  ['interrupting', 'waiting', undefined],
  ['running', 'requires_action', 'The agent waits for your permission.'],
  ['running', 'error', 'The agent stopped with an error.'],
  ['waiting', 'running', undefined],
])('from %s to %s is told as %s', (before, now, words) => {
  expect(newsOf(chat(1, before), chat(1, now))).toBe(words)
})

it('tells a sub-agent that begins to wait, once, in whatever order they are listed', () => {
  const asking = chat(2, 'requires_action')
  const busy = chat(3, 'running')
  const root = (...children: Chat[]): Chat => chat(1, 'running', children)
  expect(newsOf(root(busy, chat(2, 'running')), root(asking, busy))).toContain('Chat 2')
  expect(newsOf(root(busy, asking), root(asking, busy))).toBeUndefined()
  expect(newsOf(root(asking), root(chat(3, 'requires_action'), asking))).toContain('Chat 3')
})
