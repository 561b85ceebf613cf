import { act, fireEvent, screen, waitFor, within } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import type { Chat } from '#bridge/contract/chats'
import { sampleChat, sampleChatModel, sampleMessage, sampleQueued } from '../../../testing/chat-samples.ts'
import {
  answerLater,
  composedChatId,
  composedPlace,
  messageBox,
  resetComposerBeforeEach,
  showComposer,
  writeMessage,
} from '../../../testing/chat-composer.tsx'
import { failure } from '../../../testing/fake-bridge.ts'
import { sampleId, sampleMcpServer } from '../../../testing/wire-samples.ts'
import { useToasts } from '../../../ui/toast-store.ts'
import { lastChoices } from './chat-model.ts'
import { drafts } from './draft-store.ts'
import { windowSendKey } from '../../own-agents/index.ts'

resetComposerBeforeEach()

describe('a message', () => {
  it('is sent by Enter, and the box is empty', async () => {
    const { fake } = showComposer()
    const field = await writeMessage('Hello')
    await screen.findByRole('button', { name: 'Model: Large' })
    fireEvent.keyDown(field, { key: 'Enter', shiftKey: true })
    expect(fake.inputsOf('chats.send')).toEqual([])
    fireEvent.keyDown(field, { key: 'Enter' })
    expect(field.value).toBe('')
    await waitFor(() =>
      expect(fake.inputsOf('chats.send')).toMatchObject([
        { chatId: composedChatId, content: [{ type: 'text', text: 'Hello' }], interrupts: false },
      ]),
    )
    await waitFor(() => expect(drafts.read(composedPlace).sending).toBeUndefined())
  })

  it('is sent by the main key and Enter where that is preferred', async () => {
    const { fake } = showComposer()
    windowSendKey.set('mod-enter')
    const field = await writeMessage('Hello')
    fireEvent.keyDown(field, { key: 'Enter' })
    expect(fake.inputsOf('chats.send')).toEqual([])
    fireEvent.keyDown(field, { key: 'Enter', ctrlKey: true })
    await waitFor(() => expect(fake.inputsOf('chats.send').length).toBe(1))
  })

  it('comes back with the reason when it is not sent', async () => {
    const { fake } = showComposer({}, (main) =>
      main.answer('chats.send', () => {
        throw failure<'chats.send'>('usage_limit', 'Over.', {
          limit_micros: 5_000_000,
          spent_micros: 5_100_000,
          resets_at: new Date(Date.now() + 86_400_000).toISOString(),
        })
      }),
    )
    const field = await writeMessage('Hello')
    fireEvent.keyDown(field, { key: 'Enter' })
    const alert = await screen.findByRole('alert')
    expect(alert.textContent).toContain('$5.00 are spent')
    expect(field.value).toBe('Hello')
    fake.answer('chats.send', () => ({ queued: false, warnings: ['One file is missing.'] }))
    fireEvent.keyDown(field, { key: 'Enter' })
    await screen.findByText('One file is missing.')
    expect(screen.queryByRole('alert')).toBeNull()
  })

  it('is kept when the page is left', async () => {
    const first = showComposer()
    await writeMessage('Half a thou')
    first.unmount()
    showComposer()
    expect((await messageBox()).value).toBe('Half a thou')
  })

  it('takes along what was chosen for it', async () => {
    const { fake } = showComposer({ chat: { mcp_server_ids: [] } }, (main) => {
      main.answer('mcpServers.list', () => ({
        capability: 'user_headers',
        vault: 'ready',
        servers: [
          {
            config: sampleMcpServer({
              id: 'a',
              display_name: 'Forced',
              availability: 'force_on',
              auth_type: 'none',
            }),
            headers: [],
            leftOver: [],
          },
          {
            config: sampleMcpServer({
              id: 'b',
              display_name: 'Free',
              availability: 'default_off',
              auth_type: 'oauth2',
            }),
            headers: [],
            leftOver: [],
          },
        ],
      }))
      main.answer('chats.models', () => ({
        models: [
          sampleChatModel(),
          sampleChatModel({ configId: sampleId(31, 2), displayName: 'Small', isDefault: false }),
          sampleChatModel({
            configId: sampleId(31, 3),
            displayName: 'Broken',
            unavailable: 'No key.',
            isDefault: false,
          }),
        ],
        unsupportedProviders: [],
      }))
    })
    const field = await writeMessage('Go')
    fireEvent.click(await screen.findByRole('button', { name: 'MCP servers: 1 of 2' }))
    expect((await screen.findByRole('switch', { name: 'Forced' })).hasAttribute('data-disabled')).toBe(true)
    expect(screen.getByRole('button', { name: 'Sign in' })).toBeTruthy()
    fireEvent.click(screen.getByRole('switch', { name: 'Free' }))
    fireEvent.click(await screen.findByRole('button', { name: 'Model: Large', hidden: true }))
    fireEvent.change(await screen.findByRole('combobox', { name: 'Models' }), { target: { value: 'sma' } })
    fireEvent.keyDown(screen.getByRole('combobox', { name: 'Models' }), { key: 'Enter' })
    await screen.findByRole('button', { name: 'Model: Small', hidden: true })
    drafts.change(composedPlace, (draft) => ({ ...draft, planMode: true }))
    await screen.findByText('Plan first')
    fireEvent.keyDown(field, { key: 'Enter' })
    await waitFor(() =>
      expect(fake.inputsOf('chats.send')).toMatchObject([
        { modelConfigId: sampleId(31, 2), mcpServerIds: ['a', 'b'], planMode: 'plan' },
      ]),
    )
  })
})

describe('an agent at work', () => {
  it('is stopped by its button and by Escape', async () => {
    const { fake } = showComposer({ chat: { status: 'running' } })
    fireEvent.click(await screen.findByRole('button', { name: 'Stop the agent' }))
    fireEvent.keyDown(await messageBox(), { key: 'Escape' })
    await waitFor(() => expect(fake.inputsOf('chats.interrupt').length).toBe(2))
  })

  it('has a queue: sent now, removed, or written anew', async () => {
    const { fake } = showComposer({ chat: { status: 'running' }, queue: [sampleQueued(9, 'then test')] })
    const queue = await screen.findByRole('list', { name: 'Queue' })
    fireEvent.click(within(queue).getByRole('button', { name: 'Send now' }))
    await waitFor(() => expect(fake.inputsOf('chats.promoteQueued')).toMatchObject([{ queuedId: 9 }]))
    fireEvent.click(within(queue).getByRole('button', { name: 'Edit' }))
    const field = await screen.findByDisplayValue('then test')
    fireEvent.change(field, { target: { value: 'then test twice' } })
    fireEvent.keyDown(field, { key: 'Enter' })
    await waitFor(() => expect(fake.inputsOf('chats.deleteQueued')).toMatchObject([{ queuedId: 9 }]))
    expect(fake.calls.map(({ procedure }) => procedure).filter((name) => /send|delete/.test(name))).toEqual([
      'chats.send',
      'chats.deleteQueued',
    ])
  })

  it('leaves the edit of the queue before it is stopped', async () => {
    const { fake } = showComposer({ chat: { status: 'running' }, queue: [sampleQueued(9, 'then test')] })
    await writeMessage('my draft')
    fireEvent.click(await screen.findByRole('button', { name: 'Edit' }))
    fireEvent.keyDown(await screen.findByDisplayValue('then test'), { key: 'Escape' })
    expect((await messageBox()).value).toBe('my draft')
    expect(fake.inputsOf('chats.interrupt')).toEqual([])
  })
})

describe('a message of before', () => {
  it('is written anew, with the warning that what came after goes', async () => {
    const { fake } = showComposer({}, (main) =>
      main.answer('chats.edit', () => ({ messageId: 5, warnings: [] })),
    )
    await writeMessage('my draft')
    fireEvent.click(await screen.findByRole('button', { name: 'Edit the message' }))
    await screen.findByText(/It and the message after it go/)
    const field = await screen.findByDisplayValue('Before')
    fireEvent.change(field, { target: { value: 'Better' } })
    fireEvent.keyDown(field, { key: 'Enter' })
    await waitFor(() =>
      expect(fake.inputsOf('chats.edit')).toMatchObject([{ messageId: 3, content: [{ text: 'Better' }] }]),
    )
    await screen.findByDisplayValue('my draft')
    expect(screen.queryByText('Since')).toBeNull()
  })

  it('is shown anew when the stream told of it before the answer came', async () => {
    const edited = answerLater<{ messageId: number; warnings: string[] }>()
    const { fake } = showComposer({}, (main) => main.answer('chats.edit', () => edited.answer))
    fireEvent.click(await screen.findByRole('button', { name: 'Edit the message' }))
    const field = await screen.findByDisplayValue('Before')
    fireEvent.change(field, { target: { value: 'Better' } })
    fireEvent.keyDown(field, { key: 'Enter' })
    await waitFor(() => expect(fake.inputsOf('chats.edit').length).toBe(1))
    act(() =>
      fake.push('chats.watchTranscript', {
        kind: 'events',
        events: [{ type: 'message', chat_id: composedChatId, message: sampleMessage(5, 'Better') }],
      }),
    )
    edited.resolve({ messageId: 5, warnings: [] })
    await waitFor(() => expect(screen.queryByText('Since')).toBeNull())
    expect(screen.getByText('Better')).toBeTruthy()
  })

  it('gives what waited in the queue back to where messages are written', async () => {
    const queue = [sampleQueued(9, 'then test'), sampleQueued(10, 'then ship')]
    showComposer({ chat: { status: 'running' }, queue }, (main) =>
      main.answer('chats.edit', () => ({ messageId: 5, warnings: [] })),
    )
    await writeMessage('my draft')
    fireEvent.click(await screen.findByRole('button', { name: 'Edit the message' }))
    await screen.findByText(/the message after it and 2 queued messages go/)
    const field = await screen.findByDisplayValue('Before')
    fireEvent.change(field, { target: { value: 'Better' } })
    fireEvent.keyDown(field, { key: 'Enter' })
    await waitFor(() =>
      expect(drafts.read(composedPlace).draft.text).toBe('then test\n\nthen ship\n\nmy draft'),
    )
  })

  it('leaves the queue alone when it cannot be written anew', async () => {
    showComposer({ queue: [sampleQueued(9, 'then test')] }, (main) =>
      main.answer('chats.edit', () => {
        throw failure<'chats.edit'>('archived', 'It is in the archive.')
      }),
    )
    fireEvent.click(await screen.findByRole('button', { name: 'Edit the message' }))
    fireEvent.keyDown(await screen.findByDisplayValue('Before'), { key: 'Enter' })
    await screen.findByRole('alert')
    expect(drafts.read(composedPlace).draft.text).toBe('')
  })
})

describe('a place that is left while its message is sent', () => {
  it('tells why the message was not sent, and has it back', async () => {
    const sent = answerLater<never>()
    const { fake, unmount } = showComposer({}, (main) => main.answer('chats.send', () => sent.answer))
    fireEvent.keyDown(await writeMessage('Hello'), { key: 'Enter' })
    await waitFor(() => expect(fake.inputsOf('chats.send').length).toBe(1))
    unmount()
    sent.reject(failure<'chats.send'>('queue_full', 'The queue is full.'))
    await waitFor(() => expect(useToasts.getState().toasts.length).toBe(1))
    expect(useToasts.getState().toasts[0]).toMatchObject({
      tone: 'bad',
      title: 'A message is not sent',
      detail: expect.stringContaining('The queue is full.'),
    })
    expect(drafts.read(composedPlace).draft.text).toBe('Hello')
  })

  it('does not end what is written elsewhere by then', async () => {
    const edited = answerLater<{ messageId: number; warnings: string[] }>()
    const { fake } = showComposer({ queue: [sampleQueued(9, 'then test')] }, (main) =>
      main.answer('chats.edit', () => edited.answer),
    )
    fireEvent.click(await screen.findByRole('button', { name: 'Edit the message' }))
    fireEvent.keyDown(await screen.findByDisplayValue('Before'), { key: 'Enter' })
    await waitFor(() => expect(fake.inputsOf('chats.edit').length).toBe(1))
    fireEvent.click(screen.getByRole('button', { name: 'Edit' }))
    await screen.findByDisplayValue('then test')
    await act(async () => {
      edited.resolve({ messageId: 5, warnings: [] })
      await edited.answer
    })
    await waitFor(() => expect(drafts.read(composedPlace).draft.text).toBe('then test'))
    expect(screen.getByPlaceholderText('Write the queued message anew')).toBeTruthy()
  })

  it('is not left again for the new chat, which can be opened', async () => {
    const created = answerLater<Chat>()
    const { fake, actions, unmount } = showComposer({ isNew: true }, (main) =>
      main.answer('chats.create', () => created.answer),
    )
    fireEvent.keyDown(await writeMessage('Fix it'), { key: 'Enter' })
    await waitFor(() => expect(fake.inputsOf('chats.create').length).toBe(1))
    unmount()
    created.resolve(sampleChat({ id: composedChatId, title: 'Fix' }))
    await waitFor(() => expect(useToasts.getState().toasts.length).toBe(1))
    expect(actions.goToChat).not.toHaveBeenCalled()
    const [told] = useToasts.getState().toasts
    expect(told).toMatchObject({ detail: 'Fix', action: { label: 'Open' } })
    told?.action?.onSelect()
    expect(actions.goToChat).toHaveBeenCalledWith('local', composedChatId)
  })
})

describe('a long paste', () => {
  it('becomes a file, and text again on demand', async () => {
    showComposer({}, (main) => main.answer('chats.uploadFile', () => ({ fileId: sampleId(40) })))
    const field = await messageBox()
    const text = 'line\n'.repeat(12)
    fireEvent.paste(field, { clipboardData: { files: [], getData: () => text } })
    await screen.findByText('pasted.txt')
    fireEvent.click(screen.getByRole('button', { name: 'Put pasted.txt back into the text' }))
    expect(field.value).toBe(text)
  })
})

describe('a new chat', () => {
  it('is made with the chosen workspace, which is chosen the next time too', async () => {
    const { fake, actions } = showComposer({ isNew: true })
    fireEvent.click(await screen.findByRole('button', { name: 'Workspace: No workspace' }))
    fireEvent.click(await screen.findByRole('option', { name: /payments-api/ }))
    await screen.findByRole('button', { name: 'Workspace: payments-api', hidden: true })
    fireEvent.keyDown(await writeMessage('Fix it'), { key: 'Enter' })
    await waitFor(() => expect(actions.goToChat).toHaveBeenCalledWith('local', composedChatId))
    expect(fake.inputsOf('chats.create')).toMatchObject([
      { content: [{ type: 'text', text: 'Fix it' }], workspaceId: sampleId(2), modelConfigId: sampleId(31) },
    ])
    expect(lastChoices.get()['local']?.workspaceId).toBe(sampleId(2))
  })
})

it('says how hard the model of the chat thought last, but of no other', async () => {
  const other = sampleChatModel({ configId: sampleId(32), displayName: 'Small', isDefault: false })
  showComposer({ chat: { last_reasoning_effort: 'high' } }, (fake) =>
    fake.answer('chats.models', () => ({ models: [sampleChatModel(), other], unsupportedProviders: [] })),
  )
  fireEvent.click(await screen.findByRole('button', { name: 'Model: Large' }))
  await screen.findByText('Reasoning effort of the last turn: high.')
  fireEvent.click(screen.getByRole('option', { name: /^Small/ }))
  fireEvent.click(await screen.findByRole('button', { name: 'Model: Small' }))
  await screen.findByRole('option', { name: /^Large/ })
  expect(screen.queryByText(/^Reasoning effort/)).toBeNull()
})
