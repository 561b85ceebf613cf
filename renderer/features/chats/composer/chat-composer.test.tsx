import { act, fireEvent, screen, waitFor, within } from '@testing-library/react'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { Chat } from '#bridge/contract/chats'
import type { ChatQueuedMessage } from '#bridge/contract/chats-messages'
import { sampleChat, sampleChatModel, sampleMessage, sampleQueued } from '../../../testing/chat-samples.ts'
import { failure, type FakeBridge } from '../../../testing/fake-bridge.ts'
import { createQuietBridge, renderPage } from '../../../testing/render-app.tsx'
import {
  sampleDeployment,
  sampleId,
  sampleMcpServer,
  sampleWorkspace,
} from '../../../testing/wire-samples.ts'
import { ToastHost } from '../../../ui/toast-host.tsx'
import { useToasts } from '../../../ui/toast-store.ts'
import { AgentsPage } from '../agents-page.tsx'
import { lastChoices } from './chat-model.ts'
import { draftPlace, drafts } from './draft-store.ts'
import { emptyDraft } from './draft.ts'
import { sendKey } from './send-key.ts'

const chatId = sampleId(30, 1)
const place = draftPlace('local', chatId)

beforeEach(() => {
  localStorage.clear()
  useToasts.setState({ toasts: [] })
  lastChoices.set({})
  sendKey.set('enter')
  // Rows are drawn where they can be seen, so the list needs a height.
  vi.spyOn(HTMLElement.prototype, 'offsetHeight', 'get').mockReturnValue(2000)
  vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(2000)
  for (const suffix of ['', '.edit-3', '.queued-9']) {
    drafts.change(`${place}${suffix}`, () => emptyDraft)
  }
  drafts.change(draftPlace('local', undefined), () => emptyDraft)
})

interface Setup {
  readonly chat?: Partial<Chat>
  readonly queue?: ChatQueuedMessage[]
  readonly isNew?: boolean
}

function setup({ chat = {}, queue = [], isNew = false }: Setup = {}, prepare?: (fake: FakeBridge) => void) {
  const fake = createQuietBridge()
  const shown = sampleChat({ id: chatId, ...chat })
  fake.answer('chats.support', () => ({ chats: 'ready', approvals: true, desktop: false }))
  fake.feed('chats.watchList', ({ q }) => ({
    chats: q.includes('shared_with_me') ? [] : [shown],
    hasMore: false,
  }))
  fake.feed('chats.watchChat', () => shown)
  fake.feed('chats.watchTranscript', () => ({
    kind: 'opened',
    messages: [sampleMessage(3, 'Before'), sampleMessage(4, 'Since', { role: 'assistant' })],
    hasMore: false,
    queue,
  }))
  fake.feed('workspaces.watch', () => sampleWorkspace())
  fake.feed('workspaces.watchList', () => ({ workspaces: [sampleWorkspace()], count: 1 }))
  fake.answer('chats.send', () => ({ queued: false, warnings: [] }))
  fake.answer('chats.interrupt', () => null)
  fake.answer('chats.update', () => null)
  fake.answer('chats.deleteQueued', () => null)
  fake.answer('chats.promoteQueued', () => null)
  fake.answer('chats.create', () => shown)
  prepare?.(fake)
  const rendered = renderPage(
    <>
      <AgentsPage deployment={sampleDeployment()} chatId={isNew ? undefined : chatId} />
      <ToastHost />
    </>,
    fake,
  )
  return { fake, ...rendered }
}

/** An answer that comes when the test says so. */
function later<T>() {
  let settle: { readonly resolve: (value: T) => void; readonly reject: (error: Error) => void } | undefined
  const answer = new Promise<T>((resolve, reject) => {
    settle = { resolve, reject }
  })
  return {
    answer,
    resolve: (value: T) => settle?.resolve(value),
    reject: (error: Error) => settle?.reject(error),
  }
}

const box = () => screen.findByRole<HTMLTextAreaElement>('textbox', { name: 'Message' })
const write = async (text: string): Promise<HTMLTextAreaElement> => {
  const field = await box()
  fireEvent.change(field, { target: { value: text, selectionStart: text.length, selectionEnd: text.length } })
  return field
}

describe('a message', () => {
  it('is sent by Enter, and the box is empty', async () => {
    const { fake } = setup()
    const field = await write('Hello')
    await screen.findByRole('button', { name: 'Model: Large' })
    fireEvent.keyDown(field, { key: 'Enter', shiftKey: true })
    expect(fake.inputsOf('chats.send')).toEqual([])
    fireEvent.keyDown(field, { key: 'Enter' })
    expect(field.value).toBe('')
    await waitFor(() =>
      expect(fake.inputsOf('chats.send')).toMatchObject([
        { chatId, content: [{ type: 'text', text: 'Hello' }], interrupts: false },
      ]),
    )
    await waitFor(() => expect(drafts.read(place).sending).toBeUndefined())
  })

  it('is sent by the main key and Enter where that is preferred', async () => {
    const { fake } = setup()
    sendKey.set('mod-enter')
    const field = await write('Hello')
    fireEvent.keyDown(field, { key: 'Enter' })
    expect(fake.inputsOf('chats.send')).toEqual([])
    fireEvent.keyDown(field, { key: 'Enter', ctrlKey: true })
    await waitFor(() => expect(fake.inputsOf('chats.send').length).toBe(1))
  })

  it('comes back with the reason when it is not sent', async () => {
    const { fake } = setup({}, (main) =>
      main.answer('chats.send', () => {
        throw failure<'chats.send'>('usage_limit', 'Over.', {
          limit_micros: 5_000_000,
          spent_micros: 5_100_000,
          resets_at: new Date(Date.now() + 86_400_000).toISOString(),
        })
      }),
    )
    const field = await write('Hello')
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
    const first = setup()
    await write('Half a thou')
    first.unmount()
    setup()
    expect((await box()).value).toBe('Half a thou')
  })

  it('takes along what was chosen for it', async () => {
    const { fake } = setup({ chat: { mcp_server_ids: [] } }, (main) => {
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
    const field = await write('Go')
    fireEvent.click(await screen.findByRole('button', { name: 'MCP servers: 1 of 2' }))
    expect((await screen.findByRole('switch', { name: 'Forced' })).hasAttribute('data-disabled')).toBe(true)
    expect(screen.getByRole('button', { name: 'Sign in' })).toBeTruthy()
    fireEvent.click(screen.getByRole('switch', { name: 'Free' }))
    fireEvent.click(await screen.findByRole('button', { name: 'Model: Large', hidden: true }))
    fireEvent.change(await screen.findByRole('combobox', { name: 'Models' }), { target: { value: 'sma' } })
    fireEvent.keyDown(screen.getByRole('combobox', { name: 'Models' }), { key: 'Enter' })
    await screen.findByRole('button', { name: 'Model: Small', hidden: true })
    drafts.change(place, (draft) => ({ ...draft, planMode: true }))
    await screen.findByText('Plan first')
    fireEvent.keyDown(field, { key: 'Enter' })
    await waitFor(() =>
      expect(fake.inputsOf('chats.send')).toMatchObject([
        { modelConfigId: sampleId(31, 2), mcpServerIds: ['a', 'b'], planMode: 'plan' },
      ]),
    )
  })
})

describe('MCP servers that are not known', () => {
  const free = {
    config: sampleMcpServer({ id: 'b', availability: 'default_off', auth_type: 'none' }),
    headers: [],
    leftOver: [],
  }
  const loading = () => new Promise<never>(() => undefined)
  const failing = () => {
    throw failure<'mcpServers.list'>('unreachable', 'Away.')
  }

  it.each([
    ['while they load', loading],
    ['when they cannot be read', failing],
  ])('stay those of the chat %s', async (_, answer) => {
    const { fake } = setup({ chat: { mcp_server_ids: ['b'] } }, (main) =>
      main.answer('mcpServers.list', answer),
    )
    fireEvent.keyDown(await write('Go'), { key: 'Enter' })
    await waitFor(() => expect(fake.inputsOf('chats.send').length).toBe(1))
    expect(fake.inputsOf('chats.send')[0]).not.toHaveProperty('mcpServerIds')
  })

  it('are those that were chosen for the draft', async () => {
    const { fake } = setup({ chat: { mcp_server_ids: [] } }, (main) =>
      main.answer('mcpServers.list', loading),
    )
    const field = await write('Go')
    act(() => drafts.change(place, (draft) => ({ ...draft, mcpServerIds: ['b'] })))
    fireEvent.keyDown(field, { key: 'Enter' })
    await waitFor(() => expect(fake.inputsOf('chats.send')).toMatchObject([{ mcpServerIds: ['b'] }]))
  })

  it('are for a new chat the last ones, which stay remembered', async () => {
    lastChoices.set({ local: { mcpServerIds: ['b'] } })
    const { fake, actions } = setup({ isNew: true }, (main) => main.answer('mcpServers.list', loading))
    fireEvent.keyDown(await write('Go'), { key: 'Enter' })
    await waitFor(() => expect(actions.goToChat).toHaveBeenCalled())
    expect(fake.inputsOf('chats.create')).toMatchObject([{ mcpServerIds: ['b'] }])
    expect(lastChoices.get()['local']?.mcpServerIds).toEqual(['b'])
  })

  it('are for a new chat the server’s to choose where nothing is remembered', async () => {
    const { fake, actions } = setup({ isNew: true }, (main) => main.answer('mcpServers.list', loading))
    fireEvent.keyDown(await write('Go'), { key: 'Enter' })
    await waitFor(() => expect(actions.goToChat).toHaveBeenCalled())
    expect(fake.inputsOf('chats.create')[0]).not.toHaveProperty('mcpServerIds')
    expect(lastChoices.get()['local']).not.toHaveProperty('mcpServerIds')
  })

  it('are told apart from those that are none', async () => {
    const { fake } = setup({ chat: { mcp_server_ids: ['b'] } }, (main) =>
      main.answer('mcpServers.list', () => ({ capability: 'user_headers', vault: 'ready', servers: [free] })),
    )
    const field = await write('Go')
    fireEvent.click(await screen.findByRole('button', { name: 'MCP servers: 1 of 1' }))
    fireEvent.click(await screen.findByRole('switch'))
    fireEvent.keyDown(field, { key: 'Enter' })
    await waitFor(() => expect(fake.inputsOf('chats.send')).toMatchObject([{ mcpServerIds: [] }]))
  })
})

describe('what was written before', () => {
  it('comes by the arrows and goes by Escape', async () => {
    setup({}, (main) =>
      main.answer('chats.prompts', () => [
        { id: 2, text: 'newest' },
        { id: 1, text: 'older' },
      ]),
    )
    const field = await box()
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
    const prompts = later<{ id: number; text: string }[]>()
    const { fake } = setup({}, (main) => main.answer('chats.prompts', () => prompts.answer))
    const field = await box()
    fireEvent.keyDown(field, { key: 'ArrowUp' })
    await waitFor(() => expect(fake.inputsOf('chats.prompts').length).toBe(1))
    await write('mine')
    await act(async () => {
      prompts.resolve([{ id: 1, text: 'older' }])
      await prompts.answer
    })
    expect(field.value).toBe('mine')
    fireEvent.keyDown(field, { key: 'Escape' })
    expect(field.value).toBe('mine')
  })

  it('is not put where something else is written by now', async () => {
    const prompts = later<{ id: number; text: string }[]>()
    const { fake } = setup({}, (main) => main.answer('chats.prompts', () => prompts.answer))
    fireEvent.keyDown(await box(), { key: 'ArrowUp' })
    await waitFor(() => expect(fake.inputsOf('chats.prompts').length).toBe(1))
    fireEvent.click(await screen.findByRole('button', { name: 'Edit the message' }))
    await screen.findByDisplayValue('Before')
    await act(async () => {
      prompts.resolve([{ id: 1, text: 'older' }])
      await prompts.answer
    })
    expect(screen.getByDisplayValue('Before')).toBeTruthy()
    expect(drafts.read(place).draft.text).toBe('')
  })

  it('says why it cannot be read', async () => {
    setup({}, (main) =>
      main.answer('chats.prompts', () => {
        throw failure<'chats.prompts'>('unreachable', 'The deployment is away.')
      }),
    )
    fireEvent.keyDown(await box(), { key: 'ArrowUp' })
    await screen.findByText('The deployment is away.')
  })

  it('is not taken over what is written now', async () => {
    setup()
    const field = await write('mine')
    fireEvent.keyDown(field, { key: 'ArrowUp' })
    expect(field.value).toBe('mine')
  })
})

describe('an agent at work', () => {
  it('is stopped by its button and by Escape', async () => {
    const { fake } = setup({ chat: { status: 'running' } })
    fireEvent.click(await screen.findByRole('button', { name: 'Stop the agent' }))
    fireEvent.keyDown(await box(), { key: 'Escape' })
    await waitFor(() => expect(fake.inputsOf('chats.interrupt').length).toBe(2))
  })

  it('has a queue: sent now, removed, or written anew', async () => {
    const { fake } = setup({ chat: { status: 'running' }, queue: [sampleQueued(9, 'then test')] })
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
    const { fake } = setup({ chat: { status: 'running' }, queue: [sampleQueued(9, 'then test')] })
    await write('my draft')
    fireEvent.click(await screen.findByRole('button', { name: 'Edit' }))
    fireEvent.keyDown(await screen.findByDisplayValue('then test'), { key: 'Escape' })
    expect((await box()).value).toBe('my draft')
    expect(fake.inputsOf('chats.interrupt')).toEqual([])
  })
})

describe('a message of before', () => {
  it('is written anew, with the warning that what came after goes', async () => {
    const { fake } = setup({}, (main) => main.answer('chats.edit', () => ({ messageId: 5, warnings: [] })))
    await write('my draft')
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
    const edited = later<{ messageId: number; warnings: string[] }>()
    const { fake } = setup({}, (main) => main.answer('chats.edit', () => edited.answer))
    fireEvent.click(await screen.findByRole('button', { name: 'Edit the message' }))
    const field = await screen.findByDisplayValue('Before')
    fireEvent.change(field, { target: { value: 'Better' } })
    fireEvent.keyDown(field, { key: 'Enter' })
    await waitFor(() => expect(fake.inputsOf('chats.edit').length).toBe(1))
    act(() =>
      fake.push('chats.watchTranscript', {
        kind: 'events',
        events: [{ type: 'message', chat_id: chatId, message: sampleMessage(5, 'Better') }],
      }),
    )
    edited.resolve({ messageId: 5, warnings: [] })
    await waitFor(() => expect(screen.queryByText('Since')).toBeNull())
    expect(screen.getByText('Better')).toBeTruthy()
  })

  it('gives what waited in the queue back to where messages are written', async () => {
    const queue = [sampleQueued(9, 'then test'), sampleQueued(10, 'then ship')]
    setup({ chat: { status: 'running' }, queue }, (main) =>
      main.answer('chats.edit', () => ({ messageId: 5, warnings: [] })),
    )
    await write('my draft')
    fireEvent.click(await screen.findByRole('button', { name: 'Edit the message' }))
    await screen.findByText(/the message after it and 2 queued messages go/)
    const field = await screen.findByDisplayValue('Before')
    fireEvent.change(field, { target: { value: 'Better' } })
    fireEvent.keyDown(field, { key: 'Enter' })
    await waitFor(() => expect(drafts.read(place).draft.text).toBe('then test\n\nthen ship\n\nmy draft'))
  })

  it('leaves the queue alone when it cannot be written anew', async () => {
    setup({ queue: [sampleQueued(9, 'then test')] }, (main) =>
      main.answer('chats.edit', () => {
        throw failure<'chats.edit'>('archived', 'It is in the archive.')
      }),
    )
    fireEvent.click(await screen.findByRole('button', { name: 'Edit the message' }))
    fireEvent.keyDown(await screen.findByDisplayValue('Before'), { key: 'Enter' })
    await screen.findByRole('alert')
    expect(drafts.read(place).draft.text).toBe('')
  })
})

describe('a place that is left while its message is sent', () => {
  it('tells why the message was not sent, and has it back', async () => {
    const sent = later<never>()
    const { fake, unmount } = setup({}, (main) => main.answer('chats.send', () => sent.answer))
    fireEvent.keyDown(await write('Hello'), { key: 'Enter' })
    await waitFor(() => expect(fake.inputsOf('chats.send').length).toBe(1))
    unmount()
    sent.reject(failure<'chats.send'>('queue_full', 'The queue is full.'))
    await waitFor(() => expect(useToasts.getState().toasts.length).toBe(1))
    expect(useToasts.getState().toasts[0]).toMatchObject({
      tone: 'bad',
      title: 'A message is not sent',
      detail: expect.stringContaining('The queue is full.'),
    })
    expect(drafts.read(place).draft.text).toBe('Hello')
  })

  it('does not end what is written elsewhere by then', async () => {
    const edited = later<{ messageId: number; warnings: string[] }>()
    const { fake } = setup({ queue: [sampleQueued(9, 'then test')] }, (main) =>
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
    await waitFor(() => expect(drafts.read(place).draft.text).toBe('then test'))
    expect(screen.getByPlaceholderText('Write the queued message anew')).toBeTruthy()
  })

  it('is not left again for the new chat, which can be opened', async () => {
    const created = later<Chat>()
    const { fake, actions, unmount } = setup({ isNew: true }, (main) =>
      main.answer('chats.create', () => created.answer),
    )
    fireEvent.keyDown(await write('Fix it'), { key: 'Enter' })
    await waitFor(() => expect(fake.inputsOf('chats.create').length).toBe(1))
    unmount()
    created.resolve(sampleChat({ id: chatId, title: 'Fix' }))
    await waitFor(() => expect(useToasts.getState().toasts.length).toBe(1))
    expect(actions.goToChat).not.toHaveBeenCalled()
    const [told] = useToasts.getState().toasts
    expect(told).toMatchObject({ detail: 'Fix', action: { label: 'Open' } })
    told?.action?.onSelect()
    expect(actions.goToChat).toHaveBeenCalledWith('local', chatId)
  })
})

describe('commands', () => {
  it('are offered after a slash, run, and leave no text', async () => {
    setup()
    const field = await write('/pl')
    await screen.findByRole('option', { name: /\/plan/ })
    fireEvent.keyDown(field, { key: 'Enter' })
    await screen.findByText('Plan first')
    expect(field.value).toBe('')
    fireEvent.click(screen.getByRole('button', { name: 'Do it without a plan' }))
    await waitFor(() => expect(screen.queryByText('Plan first')).toBeNull())
  })

  it('have what was said summed up, or say why that cannot be', async () => {
    const { fake } = setup({}, (main) => main.answer('chats.compact', () => null))
    const run = async () => {
      const field = await write('/com')
      await screen.findByRole('option', { name: /\/compact/ })
      fireEvent.keyDown(field, { key: 'Enter' })
    }
    await run()
    await waitFor(() => expect(fake.inputsOf('chats.compact')).toEqual([{ deploymentId: 'local', chatId }]))
    expect((await box()).value).toBe('')
    fake.answer('chats.compact', () => {
      throw failure<'chats.compact'>('not_now', 'There is nothing to summarise yet.')
    })
    await run()
    await screen.findByText('There is nothing to summarise yet.')
  })

  it('do not sum up while the agent is at work', async () => {
    setup({ chat: { status: 'running' } })
    await write('/')
    await screen.findByRole('option', { name: /\/stop/ })
    expect(screen.queryByRole('option', { name: /\/compact/ })).toBeNull()
  })

  it('have the skills of the workspace, which begin the message', async () => {
    const skill = (name: string, more: object = {}) => ({
      source: `.agents/skills/${name}/SKILL.md`,
      kind: 'skill' as const,
      size_bytes: 10,
      skill_name: name,
      skill_description: `How to\u202E ${name}`,
      status: 'ok' as const,
      ...more,
    })
    const resources = [
      skill('migrate'),
      skill('plan'),
      skill('broken', { status: 'invalid' }),
      skill('two words'),
      skill('notes', { kind: 'instruction_file' }),
    ]
    const { fake } = setup({ chat: { context: { dirty: false, resources } } }, (main) =>
      main.answer('chats.send', () => ({ queued: false, warnings: [] })),
    )
    const field = await write('/')
    await screen.findByRole('option', { name: '/migrate How to migrate' })
    expect(screen.getAllByRole('option', { name: /plan/ })).toHaveLength(1)
    expect(screen.queryByRole('option', { name: /broken|two words|notes/ })).toBeNull()
    await write('/MIG')
    fireEvent.keyDown(field, { key: 'Enter' })
    await waitFor(() => expect(field.value).toBe('/migrate '))
    expect(screen.queryByRole('option')).toBeNull()
    await write('/migrate the ledger')
    fireEvent.keyDown(field, { key: 'Enter' })
    await waitFor(() =>
      expect(fake.inputsOf('chats.send')).toMatchObject([{ content: [{ text: '/migrate the ledger' }] }]),
    )
  })

  it('are text after Escape', async () => {
    setup()
    const field = await write('/pl')
    await screen.findByRole('option', { name: /\/plan/ })
    fireEvent.keyDown(field, { key: 'Escape' })
    expect(screen.queryByRole('option', { name: /\/plan/ })).toBeNull()
    expect(field.value).toBe('/pl')
  })
})

describe('a deployment whose agents do not ask', () => {
  const server = { config: sampleMcpServer({ auth_type: 'none' }), headers: [], leftOver: [] }
  const withServer = (main: FakeBridge) =>
    main.answer('mcpServers.list', () => ({ capability: 'user_headers', vault: 'ready', servers: [server] }))

  it('says so where messages are written and where servers are chosen', async () => {
    setup({}, (main) => {
      withServer(main)
      main.answer('chats.support', () => ({ chats: 'ready', approvals: false, desktop: false }))
    })
    await screen.findByText('Agents on This machine run their tools without asking you.')
    fireEvent.click(await screen.findByRole('button', { name: /^MCP servers:/ }))
    await screen.findByText('Their tools run without asking you.')
  })

  it('is told apart from one whose agents do', async () => {
    setup({}, withServer)
    fireEvent.click(await screen.findByRole('button', { name: /^MCP servers:/ }))
    await screen.findByRole('list', { name: 'MCP servers' })
    expect(screen.queryByText(/without asking you/)).toBeNull()
  })
})

describe('a long paste', () => {
  it('becomes a file, and text again on demand', async () => {
    setup({}, (main) => main.answer('chats.uploadFile', () => ({ fileId: sampleId(40) })))
    const field = await box()
    const text = 'line\n'.repeat(12)
    fireEvent.paste(field, { clipboardData: { files: [], getData: () => text } })
    await screen.findByText('pasted.txt')
    fireEvent.click(screen.getByRole('button', { name: 'Put pasted.txt back into the text' }))
    expect(field.value).toBe(text)
  })
})

describe('a new chat', () => {
  it('is made with the chosen workspace, which is chosen the next time too', async () => {
    const { fake, actions } = setup({ isNew: true })
    fireEvent.click(await screen.findByRole('button', { name: 'Workspace: No workspace' }))
    fireEvent.click(await screen.findByRole('option', { name: /payments-api/ }))
    await screen.findByRole('button', { name: 'Workspace: payments-api', hidden: true })
    fireEvent.keyDown(await write('Fix it'), { key: 'Enter' })
    await waitFor(() => expect(actions.goToChat).toHaveBeenCalledWith('local', chatId))
    expect(fake.inputsOf('chats.create')).toMatchObject([
      { content: [{ type: 'text', text: 'Fix it' }], workspaceId: sampleId(2), modelConfigId: sampleId(31) },
    ])
    expect(lastChoices.get()['local']?.workspaceId).toBe(sampleId(2))
  })
})
