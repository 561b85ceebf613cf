import { expect, it } from 'vitest'
import { createApi } from '../../api/create-api.ts'
import { sampleChat, sampleMessage } from '../../testing/chat-samples.ts'
import { createQuietBridge } from '../../testing/render-app.tsx'
import { allMessages, chatMarkdown } from './chat-markdown.ts'

it('writes what was said, with one line for each tool', () => {
  const text = chatMarkdown(sampleChat({ title: 'Fix it' }), [
    sampleMessage(1, 'Please'),
    sampleMessage(2, '', {
      role: 'assistant',
      content: [
        { type: 'reasoning', text: 'hm', parsed_commands: [] },
        { type: 'tool-call', tool_name: 'execute', parsed_commands: [] },
        { type: 'text', text: 'Done.', parsed_commands: [] },
      ],
    }),
    sampleMessage(3, 'More', { role: 'assistant' }),
  ])
  expect(text).toBe('# Fix it\n\n## You\n\nPlease\n\n## Agent\n\n> Tool: `execute`\n\nDone.\n\nMore\n')
})

it('fences quoted lines with more ticks than they have', () => {
  const text = chatMarkdown(sampleChat(), [
    sampleMessage(1, '', {
      content: [
        {
          type: 'file-reference',
          file_name: 'a.md',
          start_line: 1,
          end_line: 3,
          content: '```\nx\n```',
          parsed_commands: [],
        },
      ],
    }),
  ])
  expect(text).toContain('````\n```\nx\n```\n````')
})

it('reads what is not loaded yet', async () => {
  const fake = createQuietBridge()
  fake.answer('chats.older', ({ beforeId }) =>
    beforeId === 3
      ? { messages: [sampleMessage(2, 'b')], hasMore: true }
      : { messages: [sampleMessage(1, 'a')], hasMore: false },
  )
  const all = await allMessages(
    createApi(fake.bridge).client,
    { deploymentId: 'local', chatId: sampleChat().id },
    { messages: [sampleMessage(3, 'c')], hasMore: true },
  )
  expect(all.map(({ id }) => id)).toEqual([1, 2, 3])
})
