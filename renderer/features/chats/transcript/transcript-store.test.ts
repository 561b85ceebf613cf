import { expect, it, vi } from 'vitest'
import type { ChatMessage } from '#bridge/contract/chats-messages'
import { createRpcClient } from '../../../api/rpc-client.ts'
import { createFakeBridge, FakeFailure } from '../../../testing/fake-bridge.ts'
import { createTranscriptStore } from './transcript-store.ts'

const chatId = '6b1b36cb-1d62-4b4e-8fb3-3a4dfc5a1d10'
const deploymentId = 'acme'
const message = (id: number): ChatMessage => ({
  id,
  chat_id: chatId,
  created_at: '2026-11-01T10:00:00Z',
  role: 'user',
  content: [{ type: 'text', text: `message ${id}` }],
})
const token = (said: string) => ({
  type: 'message_part',
  chat_id: chatId,
  message_part: { part: { type: 'text', text: said } },
})

function setUp(hasMore = false) {
  const fake = createFakeBridge()
  fake.feed('chats.watchTranscript', () => ({
    kind: 'opened',
    messages: [message(8), message(9)],
    hasMore,
    queue: [],
  }))
  const frames: (() => void)[] = []
  const timers: (() => void)[] = []
  const store = createTranscriptStore(
    createRpcClient(fake.bridge),
    { deploymentId, chatId },
    {
      nextFrame: (run) => {
        frames.push(run)
        return () => frames.splice(frames.indexOf(run), 1)
      },
      later: (_, run) => {
        timers.push(run)
        return () => timers.splice(timers.indexOf(run), 1)
      },
    },
  )
  const heard = vi.fn()
  store.subscribe(heard)
  const end = store.start()
  const paint = async () => {
    await new Promise((resolve) => setTimeout(resolve))
    for (const run of frames.splice(0)) run()
  }
  return { fake, store, heard, end, paint, timers }
}

it('tells of many tokens once a frame', async () => {
  const { fake, store, heard, paint } = setUp()
  await paint()
  heard.mockClear()
  for (let count = 0; count < 100; count += 1) {
    fake.push('chats.watchTranscript', { kind: 'events', events: [token('x')] })
  }
  expect(heard).not.toHaveBeenCalled()
  await paint()
  expect(heard).toHaveBeenCalledTimes(1)
  expect(store.read().state.preview).toMatchObject([{ blocks: { line: 'x'.repeat(100) } }])
})

it('puts older messages before the others', async () => {
  const { fake, store, paint } = setUp(true)
  fake.answer('chats.older', ({ beforeId }) => ({ messages: [message(beforeId - 1)], hasMore: false }))
  await paint()
  store.loadOlder()
  store.loadOlder()
  await paint()
  await paint()
  expect(store.read()).toMatchObject({ older: 'rest', state: { hasMore: false } })
  expect(store.read().state.messages.map(({ id }) => id)).toEqual([7, 8, 9])
  expect(fake.inputsOf('chats.older')).toHaveLength(1)
})

it('says that older messages could not be read, and tries again', async () => {
  const { fake, store, paint } = setUp(true)
  fake.answer('chats.older', () => {
    throw new FakeFailure('offline', 'The deployment cannot be reached.')
  })
  await paint()
  store.loadOlder()
  await paint()
  await paint()
  expect(store.read().older).toBe('failed')
  store.loadOlder()
  expect(fake.inputsOf('chats.older')).toHaveLength(2)
})

it('keeps what was said after a failure, and follows again', async () => {
  const { fake, store, paint } = setUp()
  await paint()
  fake.fail('chats.watchTranscript', new FakeFailure('unsupported', 'No chats here.'))
  await paint()
  expect(store.read().failure?.message).toBe('No chats here.')
  expect(store.read().state.messages).toHaveLength(2)
  store.retry()
  await paint()
  expect(store.read().failure).toBeUndefined()
  expect(fake.openSubscriptions('chats.watchTranscript')).toBe(1)
})

it('shows a history that was told anew once nothing more comes', async () => {
  const { fake, store, paint, timers } = setUp()
  await paint()
  const reset = [
    { type: 'history_reset', chat_id: chatId },
    { type: 'message', chat_id: chatId, message: message(3) },
  ]
  fake.push('chats.watchTranscript', { kind: 'events', events: reset })
  await paint()
  expect(store.read().state.messages.map(({ id }) => id)).toEqual([8, 9])
  for (const run of timers) run()
  await paint()
  expect(store.read().state.messages.map(({ id }) => id)).toEqual([3])
})

it('lets go of the chat', async () => {
  const { fake, end, paint } = setUp()
  await paint()
  end()
  expect(fake.openSubscriptions('chats.watchTranscript')).toBe(0)
})
