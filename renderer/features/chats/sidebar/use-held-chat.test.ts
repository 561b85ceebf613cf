import { renderHook } from '@testing-library/react'
import { expect, it } from 'vitest'
import type { Chat } from '#bridge/contract/chats'
import { sampleChat } from '../../../testing/chat-samples.ts'
import { useHeldChat } from './use-held-chat.ts'

const chat = sampleChat()

it('holds the row of news that were opened, until another chat is shown', () => {
  const unread = [{ ...chat, has_unread: true }]
  const first: { chats: Chat[]; id: string | undefined } = { chats: unread, id: chat.id }
  const { result, rerender } = renderHook(({ chats, id }) => useHeldChat(id, chats, 'state'), {
    initialProps: first,
  })
  expect(result.current).toBe(chat.id)
  rerender({ chats: [chat], id: chat.id })
  expect(result.current).toBe(chat.id)
  rerender({ chats: [chat], id: undefined })
  expect(result.current).toBeUndefined()
})

it('lets a chat go that asked, once it is answered', () => {
  const asking = [{ ...chat, status: 'requires_action' }]
  const { result, rerender } = renderHook(({ chats }) => useHeldChat(chat.id, chats, 'state'), {
    initialProps: { chats: asking },
  })
  rerender({ chats: [chat] })
  expect(result.current).toBeUndefined()
})
