import { fireEvent, screen, waitFor } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import type { ChatModelChoice } from '#ipc/chats'
import { sampleChatModel } from '../../../testing/chat-samples.ts'
import {
  composedPlace,
  messageBox,
  resetComposerBeforeEach,
  showComposer,
  writeMessage,
} from '../../../testing/chat-composer.tsx'
import type { FakeBridge } from '../../../testing/fake-bridge.ts'
import { sampleId } from '../../../testing/wire-samples.ts'
import { lastChoices } from './chat-model.ts'
import { createDraftStore, drafts } from './draft-store.ts'

resetComposerBeforeEach()

const efforts = ['low', 'medium', 'high', 'of_next_year']

const withModels =
  (...models: readonly ChatModelChoice[]) =>
  (main: FakeBridge) => {
    main.answer('chats.models', () => ({ models: [...models], unsupportedProviders: [] }))
    main.answer('chats.edit', () => ({ messageId: 5, warnings: [] }))
  }

const choose = async (now: string, next: string): Promise<void> => {
  fireEvent.click(await screen.findByRole('button', { name: `Reasoning effort: ${now}` }))
  const field = await screen.findByRole('combobox', { name: 'Reasoning efforts' })
  fireEvent.change(field, { target: { value: next } })
  fireEvent.keyDown(field, { key: 'Enter' })
  await screen.findByRole('button', { name: `Reasoning effort: ${next}`, hidden: true })
}

const send = async (): Promise<void> => {
  fireEvent.keyDown(await writeMessage('Go'), { key: 'Enter' })
}

describe('how hard a model thinks', () => {
  it('is not asked where the deployment does not tell what there is', async () => {
    const { fake } = showComposer({ chat: { last_reasoning_effort: 'high' } }, withModels(sampleChatModel()))
    await screen.findByRole('button', { name: 'Model: Large' })
    expect(screen.queryByRole('button', { name: /^Reasoning effort/ })).toBeNull()
    drafts.change(composedPlace, (draft) => ({ ...draft, effort: 'high' }))
    await send()
    await waitFor(() => expect(fake.inputsOf('chats.send').length).toBe(1))
    expect(fake.inputsOf('chats.send')[0]).not.toHaveProperty('reasoningEffort')
  })

  it('is chosen by the keyboard, sent along, and kept with the draft', async () => {
    const { fake, unmount } = showComposer(
      {},
      withModels(sampleChatModel({ efforts, defaultEffort: 'medium' })),
    )
    await choose('Medium', 'High')
    unmount()
    const again = showComposer({}, withModels(sampleChatModel({ efforts, defaultEffort: 'medium' })))
    await screen.findByRole('button', { name: 'Reasoning effort: High' })
    await send()
    await waitFor(() =>
      expect(again.fake.inputsOf('chats.send')).toMatchObject([{ reasoningEffort: 'high' }]),
    )
    expect(fake.inputsOf('chats.send')).toEqual([])
    expect(lastChoices.get()['local']?.effort).toBe('high')
  })

  it('is what the chat was asked with last, also where a message is written anew', async () => {
    const { fake } = showComposer(
      { chat: { last_reasoning_effort: 'of_next_year' } },
      withModels(sampleChatModel({ efforts, defaultEffort: 'medium' })),
    )
    await screen.findByRole('button', { name: 'Reasoning effort: of_next_year' })
    fireEvent.click(await screen.findByRole('button', { name: 'Edit the message' }))
    fireEvent.keyDown(await screen.findByDisplayValue('Before'), { key: 'Enter' })
    await waitFor(() =>
      expect(fake.inputsOf('chats.edit')).toMatchObject([{ reasoningEffort: 'of_next_year' }]),
    )
  })

  it('is left to the deployment until it is chosen, and again on demand', async () => {
    const { fake } = showComposer({}, withModels(sampleChatModel({ efforts })))
    await choose('Default', 'Low')
    await choose('Low', 'Default')
    await send()
    await waitFor(() => expect(fake.inputsOf('chats.send').length).toBe(1))
    expect(fake.inputsOf('chats.send')[0]).not.toHaveProperty('reasoningEffort')
  })

  it('is for a new chat the last one chosen, where the model takes it', async () => {
    lastChoices.set({ local: { effort: 'high' } })
    const small = sampleChatModel({
      configId: sampleId(31, 2),
      displayName: 'Small',
      isDefault: false,
      efforts: ['low'],
    })
    const { fake, actions } = showComposer(
      { isNew: true },
      withModels(sampleChatModel({ efforts, defaultEffort: 'low' }), small),
    )
    await screen.findByRole('button', { name: 'Reasoning effort: High' })
    fireEvent.click(screen.getByRole('button', { name: 'Model: Large' }))
    fireEvent.click(await screen.findByRole('option', { name: /^Small/ }))
    await screen.findByRole('button', { name: 'Reasoning effort: Default', hidden: true })
    fireEvent.click(screen.getByRole('button', { name: 'Model: Small', hidden: true }))
    fireEvent.click(await screen.findByRole('option', { name: /^Large/ }))
    await send()
    await waitFor(() => expect(actions.goToChat).toHaveBeenCalled())
    expect(fake.inputsOf('chats.create')).toMatchObject([{ reasoningEffort: 'high' }])
  })

  it('is asked for by /effort', async () => {
    showComposer({}, withModels(sampleChatModel({ efforts })))
    await screen.findByRole('button', { name: 'Reasoning effort: Default' })
    const field = await writeMessage('/effort')
    await screen.findByRole('option', { name: /effort/ })
    fireEvent.keyDown(field, { key: 'Enter' })
    await screen.findByRole('combobox', { name: 'Reasoning efforts' })
    expect((await messageBox()).value).toBe('')
  })

  it('survives a restart with the draft', () => {
    const kept = new Map<string, string>()
    const storage = {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => void kept.set(key, value),
    }
    createDraftStore(storage).change('a', (draft) => ({ ...draft, effort: 'high' }))
    expect(createDraftStore(storage).read('a').draft.effort).toBe('high')
  })
})
