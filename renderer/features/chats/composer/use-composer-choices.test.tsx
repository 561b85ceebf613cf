import { act, fireEvent, screen, waitFor } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import {
  composedPlace,
  resetComposerBeforeEach,
  showComposer,
  writeMessage,
} from '../../../testing/chat-composer.tsx'
import { failure, type FakeBridge } from '../../../testing/fake-bridge.ts'
import { sampleMcpServer } from '../../../testing/wire-samples.ts'
import { lastChoices } from './chat-model.ts'
import { drafts } from './draft-store.ts'

resetComposerBeforeEach()

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
    const { fake } = showComposer({ chat: { mcp_server_ids: ['b'] } }, (main) =>
      main.answer('mcpServers.list', answer),
    )
    fireEvent.keyDown(await writeMessage('Go'), { key: 'Enter' })
    await waitFor(() => expect(fake.inputsOf('chats.send').length).toBe(1))
    expect(fake.inputsOf('chats.send')[0]).not.toHaveProperty('mcpServerIds')
  })

  it('are those that were chosen for the draft', async () => {
    const { fake } = showComposer({ chat: { mcp_server_ids: [] } }, (main) =>
      main.answer('mcpServers.list', loading),
    )
    const field = await writeMessage('Go')
    act(() => drafts.change(composedPlace, (draft) => ({ ...draft, mcpServerIds: ['b'] })))
    fireEvent.keyDown(field, { key: 'Enter' })
    await waitFor(() => expect(fake.inputsOf('chats.send')).toMatchObject([{ mcpServerIds: ['b'] }]))
  })

  it('are for a new chat the last ones, which stay remembered', async () => {
    lastChoices.set({ local: { mcpServerIds: ['b'] } })
    const { fake, actions } = showComposer({ isNew: true }, (main) => main.answer('mcpServers.list', loading))
    fireEvent.keyDown(await writeMessage('Go'), { key: 'Enter' })
    await waitFor(() => expect(actions.goToChat).toHaveBeenCalled())
    expect(fake.inputsOf('chats.create')).toMatchObject([{ mcpServerIds: ['b'] }])
    expect(lastChoices.get()['local']?.mcpServerIds).toEqual(['b'])
  })

  it('are for a new chat the server’s to choose where nothing is remembered', async () => {
    const { fake, actions } = showComposer({ isNew: true }, (main) => main.answer('mcpServers.list', loading))
    fireEvent.keyDown(await writeMessage('Go'), { key: 'Enter' })
    await waitFor(() => expect(actions.goToChat).toHaveBeenCalled())
    expect(fake.inputsOf('chats.create')[0]).not.toHaveProperty('mcpServerIds')
    expect(lastChoices.get()['local']).not.toHaveProperty('mcpServerIds')
  })

  it('are told apart from those that are none', async () => {
    const { fake } = showComposer({ chat: { mcp_server_ids: ['b'] } }, (main) =>
      main.answer('mcpServers.list', () => ({ capability: 'user_headers', vault: 'ready', servers: [free] })),
    )
    const field = await writeMessage('Go')
    fireEvent.click(await screen.findByRole('button', { name: 'MCP servers: 1 of 1' }))
    fireEvent.click(await screen.findByRole('switch'))
    fireEvent.keyDown(field, { key: 'Enter' })
    await waitFor(() => expect(fake.inputsOf('chats.send')).toMatchObject([{ mcpServerIds: [] }]))
  })
})

describe('a deployment whose agents do not ask', () => {
  const server = { config: sampleMcpServer({ auth_type: 'none' }), headers: [], leftOver: [] }
  const withServer = (main: FakeBridge) =>
    main.answer('mcpServers.list', () => ({ capability: 'user_headers', vault: 'ready', servers: [server] }))

  it('says so where messages are written and where servers are chosen', async () => {
    showComposer({}, (main) => {
      withServer(main)
      main.answer('chats.support', () => ({ chats: 'ready', approvals: false, desktop: false }))
    })
    await screen.findByText('Agents on This machine run their tools without asking you.')
    fireEvent.click(await screen.findByRole('button', { name: /^MCP servers:/ }))
    await screen.findByText('Their tools run without asking you.')
  })

  it('is told apart from one whose agents do', async () => {
    showComposer({}, withServer)
    fireEvent.click(await screen.findByRole('button', { name: /^MCP servers:/ }))
    await screen.findByRole('list', { name: 'MCP servers' })
    expect(screen.queryByText(/without asking you/)).toBeNull()
  })
})
