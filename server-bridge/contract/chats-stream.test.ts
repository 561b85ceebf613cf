import { expect, it } from 'vitest'
import { type ChatStreamEvent, formatChatStreamFrames, parseChatStreamFrame } from './chats-stream.ts'

const chat_id = '00000000-0000-4000-8000-000000000001'
const part = (seq: number, text: string): ChatStreamEvent => ({
  type: 'message_part',
  chat_id,
  message_part: {
    role: 'assistant',
    part: { type: 'text', text },
    history_version: 1,
    generation_attempt: 1,
    seq,
  },
})

it('come back in order, in frames of up to 256 events and a bounded size', () => {
  const events = [
    ...Array.from({ length: 600 }, (_, index) => part(index + 1, 'word ')),
    part(601, 'x'.repeat(1_500_000)),
    part(602, 'end'),
  ]
  const frames = formatChatStreamFrames(events)
  expect(frames.flatMap(parseChatStreamFrame)).toEqual(events)
  expect(frames.map((frame) => parseChatStreamFrame(frame).length)).toEqual([256, 256, 88, 1, 1])
  expect(formatChatStreamFrames([])).toEqual([])
})

it('of newer servers pass, and what is none does not', () => {
  expect(parseChatStreamFrame(`[{"type":"something_new","chat_id":"${chat_id}","more":1}]`)).toHaveLength(1)
  for (const frame of ['{}', 'nonsense', '[{"type":"status"}]'])
    expect(() => parseChatStreamFrame(frame)).toThrow(SyntaxError)
})
