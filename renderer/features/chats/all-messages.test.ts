import { expect, it } from 'vitest'
import { createApi } from '../../api/create-api.ts'
import { sampleChat, sampleMessage } from '../../testing/chat-samples.ts'
import { createQuietBridge } from '../../testing/render-app.tsx'
import { allMessages } from './all-messages.ts'

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
