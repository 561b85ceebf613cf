import { fireEvent, screen, waitFor, within } from '@testing-library/react'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { Chat } from '#bridge/contract/chats'
import { sampleChat } from '../../testing/chat-samples.ts'
import { failure, type FakeBridge } from '../../testing/fake-bridge.ts'
import { createQuietBridge, renderPage } from '../../testing/render-app.tsx'
import { sampleDeployment, sampleId } from '../../testing/wire-samples.ts'
import { AgentsPage } from './agents-page.tsx'
import { noFilter } from './chat-query.ts'
import { setSidebarFilter, sidebarShown } from './sidebar/sidebar-state.ts'

beforeEach(() => {
  // The virtualiser paints nothing in a window without a size.
  vi.spyOn(HTMLElement.prototype, 'offsetHeight', 'get').mockReturnValue(2000)
  vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(2000)
  vi.spyOn(HTMLElement.prototype, 'offsetWidth', 'get').mockReturnValue(1000)
  localStorage.clear()
  sidebarShown.set(true)
  for (const deploymentId of ['local', 'acme']) setSidebarFilter(deploymentId, noFilter)
})

const id = (index: number): string => sampleId(30, index)
const withPullRequest = (index: number, title: string, state: string, more: Partial<Chat> = {}): Chat =>
  sampleChat({
    id: id(index),
    title,
    diff_status: {
      chat_id: id(index),
      url: `https://forge.test/pull/${index}`,
      pull_request_state: state.replace('draft', 'open'),
      pull_request_title: 'Cap the retries',
      pull_request_draft: state === 'draft',
      changes_requested: false,
      additions: 4,
      deletions: 1,
      changed_files: 2,
      pr_number: index,
    },
    ...more,
  })

function ready(chats: readonly Chat[]): FakeBridge {
  const fake = createQuietBridge()
  fake.answer('chats.support', () => ({ chats: 'ready', approvals: true, desktop: false }))
  fake.feed('chats.watchList', ({ q }) => ({
    chats: q === '' ? [...chats] : [],
    hasMore: false,
  }))
  fake.feed('chats.watchChat', ({ chatId }) => chats.find((chat) => chat.id === chatId))
  fake.feed('chats.watchTranscript', () => ({ kind: 'opened', messages: [], hasMore: false, queue: [] }))
  return fake
}

const show = (fake: FakeBridge, chatId?: string) =>
  renderPage(<AgentsPage deployment={sampleDeployment()} chatId={chatId} panel={{}} />, fake)
const row = (name: string) => screen.findByRole('treeitem', { name: new RegExp(name) })

describe('a row of the list', () => {
  const chats = ['draft', 'open', 'merged', 'closed'].map((state, index) =>
    withPullRequest(index + 1, `Chat ${state}`, state),
  )

  it.each(['draft', 'open', 'merged', 'closed'])(
    'shows a pull request that is %s by its shape',
    async (state) => {
      show(ready(chats))
      const line = await row(`Chat ${state}`)
      expect(line.querySelector('[data-pull-request]')?.getAttribute('data-pull-request')).toBe(state)
      expect(line.querySelector('[data-status]')).toBeNull()
      expect(within(line).getByText('+4')).toBeTruthy()
      expect(line.textContent).toMatch(/In review|Done/)
    },
  )

  it('shows first what the chat wants or does', async () => {
    show(
      ready([
        withPullRequest(1, 'Asks', 'open', { status: 'requires_action' }),
        withPullRequest(2, 'Runs', 'open', { status: 'running' }),
        withPullRequest(3, 'Broke', 'open', { status: 'error' }),
        withPullRequest(4, 'News', 'merged', { has_unread: true }),
      ]),
    )
    for (const name of ['Asks', 'Runs', 'Broke', 'News'])
      expect((await row(name)).querySelector('[data-pull-request]'), name).toBeNull()
  })
})

describe('the header of a chat', () => {
  it('leads to its pull request through main, as what a server says, after a click', async () => {
    const { actions } = show(ready([withPullRequest(7, 'Retries', 'open')]), id(7))
    const link = await screen.findByRole('button', { name: 'PR 7 open' })
    expect(actions.openLink).not.toHaveBeenCalled()
    fireEvent.click(link)
    expect(actions.openLink).toHaveBeenCalledWith('https://forge.test/pull/7', 'content')
  })
})

describe('the filter', () => {
  const choose = async (name: string) => {
    fireEvent.click(screen.getByRole('button', { name: /^Filter/ }))
    fireEvent.click(await screen.findByRole('menuitemcheckbox', { name }))
  }
  const asked = (fake: FakeBridge) => fake.inputsOf('chats.watchList').at(-1)?.q

  it('narrows by where pull requests stand, and by whose chats they are', async () => {
    const fake = ready([withPullRequest(1, 'Mine', 'open')])
    show(fake)
    fireEvent.click(await screen.findByRole('button', { name: 'Search chats' }))
    await choose('Merged')
    await waitFor(() => expect(asked(fake)).toBe('pr_status:merged'))
    await choose('Draft')
    await waitFor(() => expect(asked(fake)).toBe('pr_status:draft,merged'))
    await choose('Merged')
    await choose('Shared with me')
    await waitFor(() => expect(asked(fake)).toBe('source:shared_with_me pr_status:draft'))
    await screen.findByText(/No chat fits/)
    fireEvent.click(screen.getByRole('button', { name: 'Show all chats' }))
    await row('Mine')
  })

  it('says why an older deployment cannot be asked that', async () => {
    const fake = ready([withPullRequest(1, 'Mine', 'open')])
    show(fake)
    fireEvent.click(await screen.findByRole('button', { name: 'Search chats' }))
    await choose('Shared with me')
    await waitFor(() => expect(asked(fake)).toBe('source:shared_with_me'))
    fake.fail('chats.watchList', failure('refused', '"source" is not a valid query parameter'))
    await screen.findByText(/This list is from before. "source" is not a valid query parameter/)
  })

  it('can be cleared below the reason, also where nothing is listed yet', async () => {
    const fake = ready([withPullRequest(1, 'Mine', 'open')])
    fake.feed('chats.watchList', ({ q }) => {
      if (q.includes('source:')) throw failure('refused', '"source" is not a valid query parameter')
      return { chats: [withPullRequest(1, 'Mine', 'open')], hasMore: false }
    })
    setSidebarFilter('local', { ...noFilter, shared: true })
    show(fake)
    await screen.findByText(/The chats cannot be listed. "source" is not a valid query parameter/)
    fireEvent.click(screen.getByRole('button', { name: 'Clear the filter' }))
    await row('Mine')
    expect(screen.queryByText(/not a valid query parameter/)).toBeNull()
    fake.fail('chats.watchList', failure('unreachable', 'No route.'))
    await screen.findByText(/No route./)
    expect(screen.queryByRole('button', { name: 'Clear the filter' })).toBeNull()
  })

  it('is of one deployment', async () => {
    const fake = ready([withPullRequest(1, 'Mine', 'open')])
    const on = (deploymentId: string) =>
      renderPage(<AgentsPage deployment={sampleDeployment({ id: deploymentId })} chatId={undefined} />, fake)
    const first = on('local')
    fireEvent.click(await screen.findByRole('button', { name: 'Search chats' }))
    fireEvent.change(screen.getByRole('searchbox'), { target: { value: 'ledger' } })
    await choose('Archived')
    await waitFor(() =>
      expect(fake.inputsOf('chats.watchList').at(-1)).toMatchObject({ q: 'archived:true', text: 'ledger' }),
    )
    first.unmount()
    const second = on('acme')
    await row('Mine')
    expect(screen.queryByRole('searchbox')).toBeNull()
    second.unmount()
    on('local')
    await screen.findByText(/No chat fits/)
    expect(screen.getByRole<HTMLInputElement>('searchbox').value).toBe('ledger')
    expect(screen.getByRole('button', { name: 'Filter, in use' })).toBeTruthy()
  })
})
