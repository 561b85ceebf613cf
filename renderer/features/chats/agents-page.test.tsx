import { act, fireEvent, screen, waitFor, within } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import {
  agentsBridge,
  findRow,
  resetAgentsBeforeEach,
  sampleChatId,
  sampleChats,
  showAgents,
} from '../../testing/agents-page.tsx'
import { sampleChat } from '../../testing/chat-samples.ts'
import { failure } from '../../testing/fake-bridge.ts'
import { createQuietBridge, renderWindow } from '../../testing/render-app.tsx'
import { sampleDeployment } from '../../testing/wire-samples.ts'
import { noFilter } from './chat-query.ts'
import { chatGrouping } from './sidebar/sidebar-state.ts'

resetAgentsBeforeEach()

const keptFilters = (): unknown => JSON.parse(localStorage.getItem('outpost.chats.sidebar.filter') ?? 'null')

describe('a deployment', () => {
  it.each([
    ['none', 'This machine has no agents'],
    ['forbidden', 'You may not use agents on This machine'],
    ['gateway_off', 'The AI gateway of This machine is off'],
  ] as const)('that answers %s says what to do', async (chats, title) => {
    const fake = createQuietBridge()
    fake.answer('chats.support', () => ({ chats, approvals: false, desktop: false }))
    showAgents(fake)
    await screen.findByText(title)
    fake.answer('chats.support', () => ({ chats: 'ready', approvals: false, desktop: false }))
    fireEvent.click(screen.getByRole('button', { name: 'Look again' }))
    await screen.findByText('Give an agent its first task')
  })

  it('that does not answer says why, and is asked again on demand', async () => {
    const fake = createQuietBridge()
    fake.answer('chats.support', () => {
      throw failure('unreachable', 'It does not answer.')
    })
    showAgents(fake)
    expect((await screen.findByRole('alert')).textContent).toContain('It does not answer.')
    expect(screen.getByRole('button', { name: 'Try again' })).toBeTruthy()
  })

  it('without a model leads an administrator there, and others to one', async () => {
    const fake = agentsBridge([])
    fake.answer('chats.models', () => ({ models: [], unsupportedProviders: [] }))
    const { actions } = showAgents(fake)
    fireEvent.click(await screen.findByRole('button', { name: 'Set up models' }))
    expect(actions.goToModels).toHaveBeenCalled()
  })

  it('without a model names whom a member has to ask', async () => {
    const fake = agentsBridge([])
    fake.answer('chats.models', () => ({ models: [], unsupportedProviders: [] }))
    const user = { id: 'u', username: 'ann', name: 'Ann', isOwner: false }
    showAgents(fake, undefined, {}, sampleDeployment({ user }))
    await screen.findByText(/Ask an administrator of This machine/)
    expect(screen.queryByRole('button', { name: 'Set up models' })).toBeNull()
  })
})

describe('the list', () => {
  it('groups the chats and opens one', async () => {
    const { actions } = showAgents(agentsBridge())
    await findRow('Asks')
    expect(screen.getAllByRole('treeitem').map(({ textContent }) => textContent.slice(0, 20))).toEqual([
      expect.stringContaining('Waiting for you'),
      expect.stringContaining('Asks'),
      expect.stringContaining('Working'),
      expect.stringContaining('Runs'),
      expect.stringContaining('Done'),
      expect.stringContaining('Done'),
    ])
    fireEvent.click(await findRow('Runs'))
    expect(actions.goToChat).toHaveBeenCalledWith('local', sampleChatId(2))
  })

  it('is walked by keys, folds, and opens by Enter', async () => {
    const { actions } = showAgents(agentsBridge())
    await findRow('Asks')
    const tree = screen.getByRole('tree')
    fireEvent.keyDown(tree, { key: 'Home' })
    fireEvent.keyDown(tree, { key: 'ArrowLeft' })
    await waitFor(() => expect(screen.queryByRole('treeitem', { name: /Asks/ })).toBeNull())
    fireEvent.keyDown(tree, { key: 'ArrowRight' })
    await findRow('Asks')
    fireEvent.keyDown(tree, { key: 'ArrowDown' })
    fireEvent.keyDown(tree, { key: 'Enter' })
    expect(actions.goToChat).toHaveBeenCalledWith('local', sampleChatId(1))
  })

  it('shows sub-agents on demand', async () => {
    const child = sampleChat({ id: sampleChatId(9), title: 'Helper', parent_chat_id: sampleChatId(2) })
    showAgents(agentsBridge([{ ...sampleChats[1]!, children: [child] }]))
    fireEvent.click(within(await findRow('Runs')).getByRole('button', { name: 'Show 1 sub-agents' }))
    await findRow('Helper')
  })

  it('asks the deployment for words', async () => {
    const fake = agentsBridge()
    showAgents(fake)
    fireEvent.click(await screen.findByRole('button', { name: 'Search chats' }))
    fireEvent.change(screen.getByRole('searchbox'), { target: { value: 'ledger' } })
    await waitFor(() =>
      expect(fake.inputsOf('chats.watchList').at(-1)).toEqual({
        deploymentId: 'local',
        q: '',
        text: 'ledger',
        limit: 50,
      }),
    )
  })

  it('stays narrowed when the page is opened again, and shows by what', async () => {
    const fake = agentsBridge()
    const { unmount } = showAgents(fake)
    fireEvent.click(await screen.findByRole('button', { name: 'Search chats' }))
    fireEvent.change(screen.getByRole('searchbox'), { target: { value: 'ledger' } })
    fireEvent.click(screen.getByRole('button', { name: 'Filter' }))
    fireEvent.click(await screen.findByRole('menuitemcheckbox', { name: 'Archived' }))
    // After a start of the app, the words are forgotten.
    expect(keptFilters()).toEqual({ local: { ...noFilter, archived: true } })
    unmount()
    const again = agentsBridge()
    showAgents(again)
    await waitFor(() =>
      expect(again.inputsOf('chats.watchList').map(({ q, text }) => `${q} ${text}`)).toContain(
        'archived:true ledger',
      ),
    )
    expect(screen.getByRole<HTMLInputElement>('searchbox').value).toBe('ledger')
    fireEvent.click(screen.getByRole('button', { name: 'Close the search' }))
    await waitFor(() => expect(screen.queryByRole('searchbox')).toBeNull())
    expect(keptFilters()).toEqual({ local: noFilter })
  })

  it('is grouped as was chosen, also when the page is opened again', async () => {
    const { unmount } = showAgents(agentsBridge())
    await findRow('Asks')
    fireEvent.click(screen.getByRole('button', { name: 'Grouped by state' }))
    fireEvent.click(await screen.findByRole('menuitemcheckbox', { name: 'Unread and read' }))
    await screen.findByRole('treeitem', { name: /^Read/ })
    unmount()
    showAgents(agentsBridge())
    await screen.findByRole('treeitem', { name: /^Read/ })
    act(() => chatGrouping.set('state'))
    await waitFor(() => expect(screen.queryByRole('treeitem', { name: /^Read/ })).toBeNull())
  })

  it('asks for more at its end', async () => {
    const fake = agentsBridge()
    fake.feed('chats.watchList', ({ q, limit }) => ({
      chats: q === '' ? [...sampleChats] : [],
      hasMore: limit < 100,
    }))
    showAgents(fake)
    await waitFor(() =>
      expect(fake.inputsOf('chats.watchList').some(({ limit }) => limit === 100)).toBe(true),
    )
    await findRow('Asks')
  })

  it('stays readable below the reason when it breaks', async () => {
    const fake = agentsBridge()
    showAgents(fake)
    await findRow('Asks')
    fake.fail('chats.watchList', failure('unreachable', 'No route.'))
    await screen.findByText(/This list is from before. No route./)
    await findRow('Asks')
  })

  it('moves pinned chats by keys', async () => {
    const fake = agentsBridge([
      sampleChat({ id: sampleChatId(1), title: 'First', pin_order: 1 }),
      sampleChat({ id: sampleChatId(2), title: 'Second', pin_order: 2 }),
    ])
    showAgents(fake)
    await findRow('First')
    const tree = screen.getByRole('tree')
    fireEvent.keyDown(tree, { key: 'Home' })
    fireEvent.keyDown(tree, { key: 'ArrowDown' })
    fireEvent.keyDown(tree, { key: 'ArrowDown', altKey: true })
    await waitFor(() =>
      expect(fake.inputsOf('chats.update').at(-1)).toMatchObject({ chatId: sampleChatId(1), pinOrder: 2 }),
    )
  })
})

describe('the window', () => {
  it('counts the chats that wait, lists those at work, and finds chats by title', async () => {
    renderWindow(agentsBridge(), '/workspaces')
    const rail = await screen.findByRole('navigation', { name: 'Main' })
    await within(rail).findByRole('link', { name: /Runs/ })
    expect(within(rail).getByRole('link', { name: /^Agents/ }).textContent).toContain('1')
    fireEvent.keyDown(window, { key: 'k', ctrlKey: true })
    fireEvent.change(await screen.findByRole('combobox'), { target: { value: 'Done' } })
    await screen.findByRole('option', { name: /Done/ })
  })

  it('begins a new agent by its key', async () => {
    renderWindow(agentsBridge(), '/workspaces')
    // In the rail alone: the roles of a whole window take long to look through.
    const rail = await screen.findByRole('navigation', { name: 'Main' })
    await within(rail).findByRole('link', { name: /Runs/ })
    fireEvent.keyDown(window, { key: 'n', ctrlKey: true })
    await screen.findByText('What should the agent do?')
  })
})
