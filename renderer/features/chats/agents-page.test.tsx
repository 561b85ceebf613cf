import { act, fireEvent, screen, waitFor, within } from '@testing-library/react'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { Chat } from '#bridge/contract/chats'
import { sampleChat, sampleMessage } from '../../testing/chat-samples.ts'
import { setPaletteOpen } from '../../lib/commands/command-store.ts'
import { failure, type FakeBridge } from '../../testing/fake-bridge.ts'
import { createQuietBridge, renderPage, renderWindow } from '../../testing/render-app.tsx'
import { sampleDeployment, sampleId, sampleWorkspace } from '../../testing/wire-samples.ts'
import { ToastHost } from '../../ui/toast-host.tsx'
import { useToasts } from '../../ui/toast-store.ts'
import { AgentsPage } from './agents-page.tsx'
import { askChatDialog } from './chat-dialogs-store.ts'
import type { PanelSlots } from './panel/panel-slots.ts'
import { noFilter } from './chat-query.ts'
import { setSidebarFilter, sidebarShown } from './sidebar/sidebar-state.ts'

beforeEach(() => {
  // The virtualiser paints nothing in a window without a size.
  vi.spyOn(HTMLElement.prototype, 'offsetHeight', 'get').mockReturnValue(2000)
  vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(2000)
  vi.spyOn(HTMLElement.prototype, 'offsetWidth', 'get').mockReturnValue(1000)
  localStorage.clear()
  sidebarShown.set(true)
  setSidebarFilter('local', noFilter)
  useToasts.setState({ toasts: [] })
  setPaletteOpen(false)
  askChatDialog(undefined)
})

const keptFilters = (): unknown => JSON.parse(localStorage.getItem('outpost.chats.sidebar.filter') ?? 'null')

const id = (index: number): string => sampleId(30, index)
const three: readonly Chat[] = [
  sampleChat({ id: id(1), title: 'Asks', status: 'requires_action' }),
  sampleChat({ id: id(2), title: 'Runs', status: 'running' }),
  sampleChat({ id: id(3), title: 'Done', workspace_id: sampleId(2) }),
]

function ready(chats: readonly Chat[] = three): FakeBridge {
  const fake = createQuietBridge()
  fake.answer('chats.support', () => ({ chats: 'ready', approvals: true, desktop: false }))
  fake.feed('chats.watchList', ({ q }) => ({
    chats: q.includes('shared') ? [] : [...chats],
    hasMore: false,
  }))
  fake.feed('chats.watchChat', ({ chatId }) => chats.find((chat) => chat.id === chatId))
  fake.feed('chats.watchTranscript', () => ({ kind: 'opened', messages: [], hasMore: false, queue: [] }))
  fake.feed('workspaces.watch', () => sampleWorkspace())
  fake.answer('chats.update', () => null)
  return fake
}

function show(fake: FakeBridge, chatId?: string, panel: PanelSlots = {}, deployment = sampleDeployment()) {
  return renderPage(
    <>
      <AgentsPage deployment={deployment} chatId={chatId} panel={panel} />
      <ToastHost />
    </>,
    fake,
  )
}

const row = (name: string) => screen.findByRole('treeitem', { name: new RegExp(name) })

describe('a deployment', () => {
  it.each([
    ['none', 'This machine has no agents'],
    ['forbidden', 'You may not use agents on This machine'],
    ['gateway_off', 'The AI gateway of This machine is off'],
  ] as const)('that answers %s says what to do', async (chats, title) => {
    const fake = createQuietBridge()
    fake.answer('chats.support', () => ({ chats, approvals: false, desktop: false }))
    show(fake)
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
    show(fake)
    expect((await screen.findByRole('alert')).textContent).toContain('It does not answer.')
    expect(screen.getByRole('button', { name: 'Try again' })).toBeTruthy()
  })

  it('without a model leads an administrator there, and others to one', async () => {
    const fake = ready([])
    fake.answer('chats.models', () => ({ models: [], unsupportedProviders: [] }))
    const { actions } = show(fake)
    fireEvent.click(await screen.findByRole('button', { name: 'Set up models' }))
    expect(actions.goToModels).toHaveBeenCalled()
  })

  it('without a model names whom a member has to ask', async () => {
    const fake = ready([])
    fake.answer('chats.models', () => ({ models: [], unsupportedProviders: [] }))
    const user = { id: 'u', username: 'ann', name: 'Ann', isOwner: false }
    show(fake, undefined, {}, sampleDeployment({ user }))
    await screen.findByText(/Ask an administrator of This machine/)
    expect(screen.queryByRole('button', { name: 'Set up models' })).toBeNull()
  })
})

describe('the list', () => {
  it('groups the chats and opens one', async () => {
    const { actions } = show(ready())
    await row('Asks')
    expect(screen.getAllByRole('treeitem').map(({ textContent }) => textContent.slice(0, 20))).toEqual([
      expect.stringContaining('Waiting for you'),
      expect.stringContaining('Asks'),
      expect.stringContaining('Working'),
      expect.stringContaining('Runs'),
      expect.stringContaining('Done'),
      expect.stringContaining('Done'),
    ])
    fireEvent.click(await row('Runs'))
    expect(actions.goToChat).toHaveBeenCalledWith('local', id(2))
  })

  it('is walked by keys, folds, and opens by Enter', async () => {
    const { actions } = show(ready())
    await row('Asks')
    const tree = screen.getByRole('tree')
    fireEvent.keyDown(tree, { key: 'Home' })
    fireEvent.keyDown(tree, { key: 'ArrowLeft' })
    await waitFor(() => expect(screen.queryByRole('treeitem', { name: /Asks/ })).toBeNull())
    fireEvent.keyDown(tree, { key: 'ArrowRight' })
    await row('Asks')
    fireEvent.keyDown(tree, { key: 'ArrowDown' })
    fireEvent.keyDown(tree, { key: 'Enter' })
    expect(actions.goToChat).toHaveBeenCalledWith('local', id(1))
  })

  it('shows sub-agents on demand', async () => {
    const child = sampleChat({ id: id(9), title: 'Helper', parent_chat_id: id(2) })
    show(ready([{ ...three[1]!, children: [child] }]))
    fireEvent.click(within(await row('Runs')).getByRole('button', { name: 'Show 1 sub-agents' }))
    await row('Helper')
  })

  it('asks the deployment for words', async () => {
    const fake = ready()
    show(fake)
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
    const fake = ready()
    const { unmount } = show(fake)
    fireEvent.click(await screen.findByRole('button', { name: 'Search chats' }))
    fireEvent.change(screen.getByRole('searchbox'), { target: { value: 'ledger' } })
    fireEvent.click(screen.getByRole('button', { name: 'Filter' }))
    fireEvent.click(await screen.findByRole('menuitemcheckbox', { name: 'Archived' }))
    // After a start of the app, the words are forgotten.
    expect(keptFilters()).toEqual({ local: { ...noFilter, archived: true } })
    unmount()
    const again = ready()
    show(again)
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

  it('asks for more at its end', async () => {
    const fake = ready()
    fake.feed('chats.watchList', ({ q, limit }) => ({
      chats: q === '' ? [...three] : [],
      hasMore: limit < 100,
    }))
    show(fake)
    await waitFor(() =>
      expect(fake.inputsOf('chats.watchList').some(({ limit }) => limit === 100)).toBe(true),
    )
    await row('Asks')
  })

  it('stays readable below the reason when it breaks', async () => {
    const fake = ready()
    show(fake)
    await row('Asks')
    fake.fail('chats.watchList', failure('unreachable', 'No route.'))
    await screen.findByText(/This list is from before. No route./)
    await row('Asks')
  })

  it('moves pinned chats by keys', async () => {
    const fake = ready([
      sampleChat({ id: id(1), title: 'First', pin_order: 1 }),
      sampleChat({ id: id(2), title: 'Second', pin_order: 2 }),
    ])
    show(fake)
    await row('First')
    const tree = screen.getByRole('tree')
    fireEvent.keyDown(tree, { key: 'Home' })
    fireEvent.keyDown(tree, { key: 'ArrowDown' })
    fireEvent.keyDown(tree, { key: 'ArrowDown', altKey: true })
    await waitFor(() =>
      expect(fake.inputsOf('chats.update').at(-1)).toMatchObject({ chatId: id(1), pinOrder: 2 }),
    )
  })
})

describe('a row', () => {
  const menu = async (name: string, item: string) => {
    fireEvent.contextMenu(await row(name))
    fireEvent.click(await screen.findByRole('menuitem', { name: new RegExp(`^${item}`) }))
  }

  it('pins', async () => {
    const fake = ready()
    show(fake)
    await menu('Asks', 'Pin')
    await waitFor(() => expect(fake.inputsOf('chats.update')).toMatchObject([{ chatId: id(1), pinOrder: 1 }]))
  })

  it('archives, and takes it back', async () => {
    const fake = ready([sampleChat({ id: id(3), title: 'Over' })])
    show(fake)
    await menu('Over', 'Archive')
    fireEvent.click(await screen.findByRole('button', { name: 'Undo' }))
    await waitFor(() =>
      expect(fake.inputsOf('chats.update').map(({ archived }) => archived)).toEqual([true, false]),
    )
  })

  it('offers to stop an agent at work before it is archived', async () => {
    const fake = ready()
    fake.answer('chats.update', () => {
      throw failure<'chats.update'>('busy', 'It is at work.')
    })
    fake.answer('chats.interrupt', () => null)
    show(fake)
    await menu('Runs', 'Archive')
    const dialog = await screen.findByRole('alertdialog', { name: 'Stop the agent of Runs?' })
    fake.answer('chats.update', () => null)
    fireEvent.click(within(dialog).getByRole('button', { name: 'Stop and archive' }))
    await waitFor(() => expect(fake.openSubscriptions('chats.watchChat')).toBe(1))
    fake.push('chats.watchChat', { ...three[1]!, status: 'waiting' })
    await waitFor(() => expect(fake.inputsOf('chats.update').length).toBe(2))
  })

  it('deletes the workspace only after its name is typed', async () => {
    const fake = ready([sampleChat({ id: id(3), title: 'Over', workspace_id: sampleId(2) })])
    fake.answer('workspaces.delete', () => sampleWorkspace().latest_build)
    show(fake)
    await menu('Over', 'Archive and delete')
    const dialog = await screen.findByRole('alertdialog', { name: 'Delete payments-api?' })
    const confirm = within(dialog).getByRole('button', { name: 'Archive and delete' })
    expect(confirm).toHaveProperty('disabled', true)
    fireEvent.change(within(dialog).getByRole('textbox'), { target: { value: 'payments-api' } })
    fireEvent.click(confirm)
    await waitFor(() => expect(fake.inputsOf('workspaces.delete').length).toBe(1))
    expect(fake.inputsOf('chats.update')).toMatchObject([{ archived: true }])
  })

  const archiveAndDelete = async (fake: FakeBridge) => {
    show(fake)
    await menu('Over', 'Archive and delete')
  }
  const over = sampleChat({ id: id(3), title: 'Over', workspace_id: sampleId(2) })
  const typeName = (dialog: HTMLElement) =>
    fireEvent.change(within(dialog).getByRole('textbox'), { target: { value: 'payments-api' } })

  it('is archived once, however often its workspace refuses to go', async () => {
    const fake = ready([over])
    fake.answer('workspaces.delete', () => {
      throw failure<'workspaces.delete'>('build_running', 'A build is running.')
    })
    await archiveAndDelete(fake)
    const dialog = await screen.findByRole('alertdialog', { name: 'Delete payments-api?' })
    typeName(dialog)
    fireEvent.click(within(dialog).getByRole('button', { name: 'Archive and delete' }))
    await within(dialog).findByText('A build is running.')
    fake.answer('workspaces.delete', () => sampleWorkspace().latest_build)
    fireEvent.click(await within(dialog).findByRole('button', { name: 'Delete the workspace' }))
    await waitFor(() => expect(fake.inputsOf('workspaces.delete').length).toBe(2))
    expect(fake.inputsOf('chats.update').length).toBe(1)
    await waitFor(() => expect(screen.queryByRole('alertdialog')).toBeNull())
  })

  it.each(['not_found', 'deleted'] as const)(
    'is archived though its workspace is gone (%s)',
    async (code) => {
      const fake = ready([over])
      fake.feed('workspaces.watch', () => {
        throw failure<'workspaces.watch'>(code, 'Gone.')
      })
      await archiveAndDelete(fake)
      const dialog = await screen.findByRole('alertdialog', { name: 'Archive Over?' })
      within(dialog).getByText(/workspace is gone already/)
      fireEvent.click(within(dialog).getByRole('button', { name: 'Archive' }))
      await waitFor(() => expect(fake.inputsOf('chats.update')).toMatchObject([{ archived: true }]))
      await waitFor(() => expect(screen.queryByRole('alertdialog')).toBeNull())
      expect(fake.inputsOf('workspaces.delete')).toEqual([])
    },
  )

  it('is archived though its workspace goes meanwhile', async () => {
    const fake = ready([over])
    fake.answer('workspaces.delete', () => {
      throw failure<'workspaces.delete'>('not_found', 'Gone.')
    })
    await archiveAndDelete(fake)
    const dialog = await screen.findByRole('alertdialog', { name: 'Delete payments-api?' })
    typeName(dialog)
    fireEvent.click(within(dialog).getByRole('button', { name: 'Archive and delete' }))
    await screen.findByText('payments-api was gone already')
    await waitFor(() => expect(screen.queryByRole('alertdialog')).toBeNull())
  })

  it('shows that its workspace is looked for, and why it is not found', async () => {
    const fake = ready([over])
    fake.feed('workspaces.watch', () => undefined)
    await archiveAndDelete(fake)
    await screen.findByRole('status', { name: 'Loading the workspace' })
    act(() => fake.fail('workspaces.watch', failure<'workspaces.watch'>('unreachable', 'It is away.')))
    await screen.findByText('It is away.')
    fake.feed('workspaces.watch', () => sampleWorkspace())
    fireEvent.click(screen.getByRole('button', { name: 'Try again' }))
    await screen.findByRole('alertdialog', { name: 'Delete payments-api?' })
  })

  it('stops before it is archived when it is at work after all', async () => {
    const fake = ready([over])
    fake.answer('chats.interrupt', () => null)
    fake.answer('workspaces.delete', () => sampleWorkspace().latest_build)
    let isBusy = true
    fake.answer('chats.update', () => {
      if (isBusy) throw failure<'chats.update'>('busy', 'It is at work.')
      return null
    })
    await archiveAndDelete(fake)
    const dialog = await screen.findByRole('alertdialog', { name: 'Delete payments-api?' })
    typeName(dialog)
    fake.feed('chats.watchChat', () => ({ ...over, status: 'running' }))
    fireEvent.click(within(dialog).getByRole('button', { name: 'Archive and delete' }))
    await waitFor(() => expect(fake.openSubscriptions('chats.watchChat')).toBe(1))
    isBusy = false
    fake.push('chats.watchChat', over)
    await waitFor(() => expect(fake.inputsOf('workspaces.delete').length).toBe(1))
    expect(fake.inputsOf('chats.interrupt').length).toBe(1)
    expect(fake.inputsOf('chats.update').length).toBe(2)
  })

  it('is renamed, with a title of the model on demand', async () => {
    const fake = ready([sampleChat({ id: id(3), title: 'Over' })])
    fake.answer('chats.proposeTitle', () => ({ title: 'Better' }))
    show(fake)
    await menu('Over', 'Rename')
    const dialog = await screen.findByRole('dialog', { name: 'Rename the chat' })
    fireEvent.click(within(dialog).getByRole('button', { name: 'Propose' }))
    await within(dialog).findByDisplayValue('Better')
    fireEvent.click(within(dialog).getByRole('button', { name: 'Rename' }))
    await waitFor(() => expect(fake.inputsOf('chats.update')).toMatchObject([{ title: 'Better' }]))
  })
})

describe('one chat', () => {
  it('shows its title on the page and in the window, and renames in place', async () => {
    const fake = ready()
    show(fake, id(3))
    fireEvent.click(await screen.findByRole('button', { name: 'Done' }))
    expect(document.title).toBe('Done · Outpost')
    const field = screen.getByRole('textbox', { name: 'Title' })
    fireEvent.change(field, { target: { value: 'New name' } })
    fireEvent.keyDown(field, { key: 'Enter' })
    await waitFor(() => expect(fake.inputsOf('chats.update')).toMatchObject([{ title: 'New name' }]))
  })

  it('of somebody else is read only', async () => {
    show(ready([sampleChat({ id: id(4), owner_id: sampleId(99), owner_name: 'Ann' })]), id(4))
    await screen.findByText(/belongs to Ann/)
    expect(screen.queryByRole('textbox', { name: 'Message' })).toBeNull()
  })

  it('of somebody else is not shared by its readers, and goes when it is not shared any more', async () => {
    const workspace_id = sampleId(2)
    const of = { owner_id: sampleId(99), owner_name: 'Ann', shared: true, workspace_id }
    const fake = ready([sampleChat({ id: id(4), ...of })])
    fake.feed('workspaces.watch', () => {
      throw failure('not_found', 'Resource not found.')
    })
    show(fake, id(4))
    await screen.findByText(/belongs to Ann/)
    expect(screen.queryByText('The workspace is gone')).toBeNull()
    expect(screen.queryByRole('button', { name: /^Share/ })).toBeNull()
    fake.fail('chats.watchTranscript', failure('not_found', 'Resource not found.'))
    await screen.findByText('This chat is not there')
    expect(screen.queryByText(/belongs to Ann/)).toBeNull()
  })

  it('of the user is shared from its header, a sub-agent with its root', async () => {
    const root = sampleChat({ id: id(4), title: 'Root', shared: true })
    const child = sampleChat({ id: id(5), title: 'Child', parent_chat_id: id(4), shared: true })
    const { unmount } = show(ready([root]), id(4))
    await screen.findByRole('button', { name: 'Share: others read this chat' })
    unmount()
    show(ready([child]), id(5))
    await screen.findByRole('button', { name: 'Child' })
    expect(screen.queryByRole('button', { name: /^Share/ })).toBeNull()
  })

  it('in the archive is taken out of it', async () => {
    const fake = ready([sampleChat({ id: id(4), archived: true })])
    show(fake, id(4))
    fireEvent.click(await screen.findByRole('button', { name: 'Take out of the archive' }))
    await waitFor(() => expect(fake.inputsOf('chats.update')).toMatchObject([{ archived: false }]))
  })

  it('that is not there leads to a new one', async () => {
    const fake = ready()
    fake.feed('chats.watchChat', () => {
      throw failure('not_found', 'No such chat.')
    })
    const { actions } = show(fake, id(8))
    await screen.findByText('This chat is not there')
    fireEvent.click(screen.getAllByRole('button', { name: 'New agent' })[0]!)
    expect(actions.goToAgents).toHaveBeenCalled()
  })

  it('says when what is shown may be old', async () => {
    const fake = ready()
    show(fake, id(3))
    await screen.findByRole('textbox', { name: 'Message' })
    fake.push('chats.watchTranscript', {
      kind: 'opened',
      messages: [sampleMessage(1, 'Hello')],
      hasMore: false,
      queue: [],
    })
    fake.push('chats.watchTranscript', { kind: 'connection', state: 'waiting', retryAt: Date.now() + 4000 })
    await screen.findByText(/Reconnecting to this chat/)
  })

  it('lets a plan be changed in words', async () => {
    const chat = sampleChat({ id: id(3), title: 'Done', plan_mode: 'plan' })
    const fake = ready([chat])
    const call = { tool_call_id: 'a', tool_name: 'propose_plan', parsed_commands: [] }
    fake.feed('chats.watchTranscript', () => ({
      kind: 'opened',
      messages: [
        sampleMessage(1, '', {
          role: 'assistant',
          content: [{ ...call, type: 'tool-call', args: { path: 'plan.md' } }],
        }),
        sampleMessage(2, '', {
          role: 'tool',
          content: [{ ...call, type: 'tool-result', result: { ok: true, path: 'plan.md' } }],
        }),
      ],
      hasMore: false,
      queue: [],
    }))
    show(fake, id(3))
    const changes = await screen.findByText('Ask for changes')
    // The box has the focus from the start; a press takes it away.
    screen.getByLabelText('Message').blur()
    fireEvent.click(changes)
    expect(document.activeElement).toBe(screen.getByLabelText('Message'))
  })

  it('keeps what is typed into a card while another chat is looked at', async () => {
    const call = { tool_call_id: 'q', tool_name: 'ask_user_question', parsed_commands: [] }
    const args = { questions: [{ header: 'How', question: 'How many?', options: [{ label: 'Five' }] }] }
    const asking = [
      sampleMessage(1, '', { role: 'assistant', content: [{ ...call, type: 'tool-call', args }] }),
      sampleMessage(2, '', { role: 'tool', content: [{ ...call, type: 'tool-result', result: {} }] }),
    ]
    // Each visit is a window of its own: nothing is kept but what the page keeps itself.
    const visit = (chatId: string) => {
      const fake = ready()
      fake.feed('chats.watchTranscript', ({ chatId: asked }) => ({
        kind: 'opened',
        messages: asked === id(3) ? asking : [sampleMessage(1, 'Said elsewhere')],
        hasMore: false,
        queue: [],
      }))
      return show(fake, chatId)
    }
    const first = visit(id(3))
    fireEvent.change(await screen.findByLabelText('Another answer'), { target: { value: 'seven' } })
    first.unmount()
    const second = visit(id(2))
    await screen.findByText('Said elsewhere')
    second.unmount()
    visit(id(3))
    expect((await screen.findByLabelText<HTMLInputElement>('Another answer')).value).toBe('seven')
  })

  it('copies itself as Markdown', async () => {
    const fake = ready()
    fake.feed('chats.watchTranscript', () => ({
      kind: 'opened',
      messages: [sampleMessage(1, 'Hello')],
      hasMore: false,
      queue: [],
    }))
    fake.answer('app.copyText', () => null)
    show(fake, id(3))
    await screen.findByText('Hello')
    fireEvent.click(screen.getByRole('button', { name: 'More actions' }))
    fireEvent.click(await screen.findByRole('menuitem', { name: 'Copy as Markdown' }))
    await waitFor(() =>
      expect(fake.inputsOf('app.copyText')).toEqual([{ text: '# Done\n\n## You\n\nHello\n' }]),
    )
  })

  it('has a panel with the tabs that have something for it', async () => {
    const panel: PanelSlots = {
      changes: {
        render: ({ addReference }) => (
          <button
            type="button"
            onClick={() =>
              addReference({ fileName: 'a/b.go', startLine: 3, endLine: 4, content: 'x' }, 'Shorter')
            }
          >
            Comment
          </button>
        ),
      },
      plan: { isFor: () => false, render: () => 'No' },
      cost: { render: () => 'Costs' },
    }
    show(ready(), id(3), panel)
    fireEvent.click(await screen.findByRole('button', { name: 'Open the panel' }))
    expect(screen.getAllByRole('tab').map(({ textContent }) => textContent)).toEqual(['Changes', 'Cost'])
    fireEvent.click(screen.getByRole('button', { name: 'Comment' }))
    await screen.findByText(/b.go:3/)
    fireEvent.click(screen.getByRole('tab', { name: 'Cost' }))
    await screen.findByText('Costs')
    fireEvent.click(screen.getByRole('button', { name: 'Remove b.go' }))
  })

  it('without such tabs has no panel', async () => {
    show(ready(), id(3))
    await screen.findByRole('textbox', { name: 'Message' })
    expect(screen.queryByRole('button', { name: 'Open the panel' })).toBeNull()
  })
})

describe('the window', () => {
  it('counts the chats that wait, lists those at work, and finds chats by title', async () => {
    renderWindow(ready(), '/workspaces')
    const rail = await screen.findByRole('navigation', { name: 'Main' })
    await within(rail).findByRole('link', { name: /Runs/ })
    expect(within(rail).getByRole('link', { name: /^Agents/ }).textContent).toContain('1')
    fireEvent.keyDown(window, { key: 'k', ctrlKey: true })
    fireEvent.change(await screen.findByRole('combobox'), { target: { value: 'Done' } })
    await screen.findByRole('option', { name: /Done/ })
  })

  it('begins a new agent by its key', async () => {
    renderWindow(ready(), '/workspaces')
    // In the rail alone: the roles of a whole window take long to look through.
    const rail = await screen.findByRole('navigation', { name: 'Main' })
    await within(rail).findByRole('link', { name: /Runs/ })
    fireEvent.keyDown(window, { key: 'n', ctrlKey: true })
    await screen.findByText('What should the agent do?')
  })
})
