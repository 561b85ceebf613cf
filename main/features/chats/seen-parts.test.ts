import { expect, it } from 'vitest'
import type { ChatStreamEvent } from '#bridge/contract/chats-stream'
import { testUuid } from '../../testing/builders.ts'
import { createSeenParts } from './seen-parts.ts'

const chat_id = testUuid(1)
const part = (version: number, seq?: number): ChatStreamEvent => ({
  type: 'message_part',
  chat_id,
  message_part: {
    part: { type: 'text', text: 'a' },
    ...(seq === undefined ? {} : { history_version: version, generation_attempt: 0, seq }),
  },
})

it('passes each part of an episode once', () => {
  const seen = createSeenParts()
  const told = [part(1, 1), part(1, 2), part(1, 2), part(1, 1), part(1, 3)].map((one) => seen.isNew(one))
  expect(told).toEqual([true, true, false, false, true])
})

it('begins anew with an episode, a reset and a new connection', () => {
  const seen = createSeenParts()
  seen.isNew(part(1, 5))
  expect(seen.isNew(part(2, 1))).toBe(true)
  seen.isNew({ type: 'preview_reset', chat_id })
  expect(seen.isNew(part(2, 1))).toBe(true)
  seen.forget()
  expect(seen.isNew(part(2, 1))).toBe(true)
})

it('passes all parts of servers that do not number them', () => {
  const seen = createSeenParts()
  expect([part(0), part(0)].map((one) => seen.isNew(one))).toEqual([true, true])
})
