import { act, fireEvent, screen, waitFor } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import {
  answerLater,
  composedPlace,
  messageBox,
  resetComposerBeforeEach,
  showComposer,
  writeMessage,
} from '../../../testing/chat-composer.tsx'
import { failure } from '../../../testing/fake-bridge.ts'
import { drafts } from './draft-store.ts'

resetComposerBeforeEach()

describe('what was written before', () => {
  it('comes by the arrows and goes by Escape', async () => {
    showComposer({}, (main) =>
      main.answer('chats.prompts', () => [
        { id: 2, text: 'newest' },
        { id: 1, text: 'older' },
      ]),
    )
    const field = await messageBox()
    fireEvent.keyDown(field, { key: 'ArrowUp' })
    await waitFor(() => expect(field.value).toBe('newest'))
    fireEvent.keyDown(field, { key: 'ArrowUp' })
    await waitFor(() => expect(field.value).toBe('older'))
    field.setSelectionRange(5, 5)
    fireEvent.keyDown(field, { key: 'ArrowDown' })
    await waitFor(() => expect(field.value).toBe('newest'))
    fireEvent.keyDown(field, { key: 'Escape' })
    expect(field.value).toBe('')
  })

  it('is not put over what is typed while it is read', async () => {
    const prompts = answerLater<{ id: number; text: string }[]>()
    const { fake } = showComposer({}, (main) => main.answer('chats.prompts', () => prompts.answer))
    const field = await messageBox()
    fireEvent.keyDown(field, { key: 'ArrowUp' })
    await waitFor(() => expect(fake.inputsOf('chats.prompts').length).toBe(1))
    await writeMessage('mine')
    await act(async () => {
      prompts.resolve([{ id: 1, text: 'older' }])
      await prompts.answer
    })
    expect(field.value).toBe('mine')
    fireEvent.keyDown(field, { key: 'Escape' })
    expect(field.value).toBe('mine')
  })

  it('is not put where something else is written by now', async () => {
    const prompts = answerLater<{ id: number; text: string }[]>()
    const { fake } = showComposer({}, (main) => main.answer('chats.prompts', () => prompts.answer))
    fireEvent.keyDown(await messageBox(), { key: 'ArrowUp' })
    await waitFor(() => expect(fake.inputsOf('chats.prompts').length).toBe(1))
    fireEvent.click(await screen.findByRole('button', { name: 'Edit the message' }))
    await screen.findByDisplayValue('Before')
    await act(async () => {
      prompts.resolve([{ id: 1, text: 'older' }])
      await prompts.answer
    })
    expect(screen.getByDisplayValue('Before')).toBeTruthy()
    expect(drafts.read(composedPlace).draft.text).toBe('')
  })

  it('says why it cannot be read', async () => {
    showComposer({}, (main) =>
      main.answer('chats.prompts', () => {
        throw failure<'chats.prompts'>('unreachable', 'The deployment is away.')
      }),
    )
    fireEvent.keyDown(await messageBox(), { key: 'ArrowUp' })
    await screen.findByText('The deployment is away.')
  })

  it('is not taken over what is written now', async () => {
    showComposer()
    const field = await writeMessage('mine')
    fireEvent.keyDown(field, { key: 'ArrowUp' })
    expect(field.value).toBe('mine')
  })
})
