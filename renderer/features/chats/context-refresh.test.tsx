import { fireEvent, screen, waitFor } from '@testing-library/react'
import { expect, it } from 'vitest'
import { sampleChat } from '../../testing/chat-samples.ts'
import { composedChatId, resetComposerBeforeEach, showComposer } from '../../testing/chat-composer.tsx'
import { failure } from '../../testing/fake-bridge.ts'

resetComposerBeforeEach()

const since = new Date(Date.now() - 240_000).toISOString()

it('marks that the agent knows the workspace as it was, and has it told anew', async () => {
  const { fake } = showComposer({ chat: { context: { dirty: true, dirty_since: since } } }, (main) =>
    main.answer('chats.refreshContext', () => null),
  )
  fireEvent.click(await screen.findByRole('button', { name: 'Context: the workspace has changed' }))
  await screen.findByText(/have changed since the agent was told of them/)
  fireEvent.click(screen.getByRole('button', { name: 'Refresh' }))
  await waitFor(() =>
    expect(fake.inputsOf('chats.refreshContext')).toMatchObject([{ chatId: composedChatId }]),
  )
  fake.push('chats.watchChat', sampleChat({ id: composedChatId, context: { dirty: false } }))
  await waitFor(() => expect(screen.queryByRole('button', { name: /^Context/ })).toBeNull())
})

it('says why it could not', async () => {
  showComposer({ chat: { context: { dirty: true } } }, (main) =>
    main.answer('chats.refreshContext', () => {
      throw failure<'chats.refreshContext'>('busy', 'The agent is still at work.')
    }),
  )
  fireEvent.click(await screen.findByRole('button', { name: 'Context: the workspace has changed' }))
  fireEvent.click(await screen.findByRole('button', { name: 'Refresh' }))
  await screen.findByText('The agent is still at work.')
})

it('says nothing of it where the deployment has no such thing', async () => {
  showComposer()
  await screen.findByRole('button', { name: 'More actions' })
  expect(screen.queryByRole('button', { name: /^Context/ })).toBeNull()
})

it('offers who only reads along no refresh', async () => {
  showComposer({ chat: { owner_id: '00000000-0000-4000-8000-00000000ffff', context: { dirty: true } } })
  fireEvent.click(await screen.findByRole('button', { name: 'Context: the workspace has changed' }))
  await screen.findByText(/have changed since/)
  expect(screen.queryByRole('button', { name: 'Refresh' })).toBeNull()
})
