import { act, fireEvent, screen as page, waitFor, within } from '@testing-library/react'
import { Suspense } from 'react'
import { beforeEach, describe, expect, it } from 'vitest'
import { createFakePort } from '../../testing/fake-port.ts'
import { createFakeScreen, type FakeScreen } from '../../testing/fake-screen.ts'
import { createQuietBridge, renderPage } from '../../testing/render-app.tsx'
import { sampleId, sampleWorkspace } from '../../testing/wire-samples.ts'
import { SessionPicker } from './session-picker.tsx'
import { changeGroup, type TerminalGroup } from './terminal-groups.ts'
import { TerminalGroupView } from './terminal-group-view.tsx'
import { TerminalTabBar } from './terminal-tab-bar.tsx'
import { createTerminalTabsStore } from './terminal-tabs-store.ts'
import { TerminalsProvider, useTerminalTabs } from './terminals-context.tsx'
import { createTerminals } from './terminals.ts'

const place = {
  deploymentId: 'local',
  workspaceId: sampleId(2),
  workspaceName: 'api',
  agentId: sampleId(6),
  agentName: 'main',
  showAgent: false,
}

function Groups() {
  const { groups } = useTerminalTabs()
  return (
    <>
      <TerminalTabBar groups={groups} />
      <SessionPicker place={place} />
      {groups.map((group) => (
        <TerminalGroupView key={group.id} group={group} />
      ))}
    </>
  )
}

async function show() {
  const port = createFakePort()
  const screens: FakeScreen[] = []
  const fake = createQuietBridge()
  fake.feed('workspaces.watch', () => sampleWorkspace())
  let lastId = 70
  const terminals = createTerminals({
    store: createTerminalTabsStore(localStorage),
    port: () => port,
    loadScreens: async () => () => {
      const screen = createFakeScreen()
      screens.push(screen)
      return screen
    },
    newId: () => sampleId(lastId++),
  })
  terminals.open(place, true)
  await act(async () => {
    renderPage(
      <TerminalsProvider terminals={terminals}>
        <Suspense>
          <Groups />
        </Suspense>
      </TerminalsProvider>,
      fake,
    )
  })
  await waitFor(() => expect(screens).toHaveLength(1))
  const state = () => terminals.store.getState()
  const group = () => state().groups[0] as TerminalGroup
  const typed = () => port.sent.flatMap((message) => (message.type === 'input' ? [message.data] : []))
  return { port, fake, screens, terminals, state, group, typed }
}

beforeEach(() => localStorage.clear())

describe('the terminals of a tab', () => {
  it('are split, and the line between them is moved by keyboard', async () => {
    const { terminals, group } = await show()
    act(() => terminals.split(group().focusKey, 'row'))
    expect(page.getAllByRole('region', { name: /^Terminal \d of 2$/ })).toHaveLength(2)
    const line = page.getByRole('separator', { name: 'Width of the terminals' })
    fireEvent.keyDown(line, { key: 'ArrowRight' })
    expect(group().layout).toMatchObject({ share: 0.52 })
    fireEvent.doubleClick(line)
    expect(group().layout).toMatchObject({ share: 0.5 })
  })

  it('start what their profile says, also anew, and are called after it', async () => {
    const { terminals, state, port } = await show()
    const opened = () => port.sent.flatMap((message) => (message.type === 'open' ? [message.command] : []))
    act(() => terminals.open(place, true, { name: 'monitor', command: 'htop' }))
    expect(page.getByRole('tab', { name: /monitor/ })).toBeTruthy()
    await waitFor(() => expect(opened()).toEqual(['', 'htop']))
    act(() => terminals.restart(state().activeKey ?? ''))
    await waitFor(() => expect(opened()).toEqual(['', 'htop', 'htop']))
  })

  it('show one of them alone, the others going on', async () => {
    const { terminals, group, port } = await show()
    act(() => terminals.split(group().focusKey, 'column'))
    act(() => terminals.change((state) => changeGroup(state, group().id, { zoomed: true })))
    expect(page.getAllByRole('region', { name: /^Terminal/ })).toHaveLength(1)
    expect(port.sent.some(({ type }) => type === 'close')).toBe(false)
  })

  it('are typed into together only while that is said, and not what a program asked of one', async () => {
    const { terminals, group, screens, typed } = await show()
    act(() => terminals.split(group().focusKey, 'row'))
    await waitFor(() => expect(screens).toHaveLength(2))
    screens[0]?.type('alone')
    expect(typed()).toEqual(['alone'])
    act(() => terminals.change((state) => changeGroup(state, group().id, { broadcast: true })))
    screens[0]?.type('ls\r')
    expect(typed()).toEqual(['alone', 'ls\r', 'ls\r'])
    screens[0]?.type('\u001b[1;1R')
    expect(typed()).toHaveLength(4)
    act(() => terminals.paste(group().focusKey, 'text'))
    expect(screens.map(({ pasted }) => pasted)).toEqual([['text'], ['text']])
    expect(page.getByText('What you type goes to each of the 2 terminals of this tab.')).toBeTruthy()
    fireEvent.click(page.getByRole('button', { name: 'Stop' }))
    expect(group().broadcast).toBe(false)
  })
})

describe('a paste into several terminals', () => {
  it('is asked about when one of them would run it line by line', async () => {
    const { terminals, group, screens } = await show()
    act(() => terminals.split(group().focusKey, 'row'))
    await waitFor(() => expect(screens).toHaveLength(2))
    const focused = screens[1] as FakeScreen
    focused.bracketed = true
    act(() => terminals.change((state) => changeGroup(state, group().id, { broadcast: true })))
    act(() => focused.offerPaste('one\ntwo\n'))
    expect(await page.findByRole('dialog', { name: 'Paste 2 lines?' })).toBeTruthy()
    expect(screens.map(({ pasted }) => pasted)).toEqual([[], []])
  })
})

describe('a tab that was not looked at', () => {
  it('takes its terminal out of the bridge when it is restarted or closed', () => {
    const port = createFakePort()
    let lastId = 70
    const terminals = createTerminals({
      store: createTerminalTabsStore(localStorage),
      port: () => port,
      loadScreens: async () => createFakeScreen,
      newId: () => sampleId(lastId++),
    })
    terminals.open(place, true)
    const tab = () => terminals.store.getState().tabs[0]
    const { key = '', terminalId: first } = tab() ?? {}
    terminals.restart(key)
    const second = tab()?.terminalId
    terminals.close(key)
    expect(port.sent).toEqual([
      { type: 'close', terminalId: first },
      { type: 'close', terminalId: second },
    ])
  })
})

describe('the bar of tabs', () => {
  it('is walked with arrow keys, moved with Alt, and closes with Delete', async () => {
    const { terminals, state } = await show()
    act(() => terminals.open({ ...place, workspaceName: 'web' }, true))
    const tab = page.getByRole('tab', { name: 'web' })
    fireEvent.keyDown(tab, { key: 'ArrowRight' })
    expect(state().activeKey).toBe(state().groups[0]?.focusKey)
    fireEvent.keyDown(tab, { key: 'ArrowLeft', altKey: true })
    expect(page.getAllByRole('tab').map((each) => each.textContent)).toEqual(['web', 'api'])
    fireEvent.keyDown(page.getByRole('tab', { name: 'web' }), { key: 'Delete' })
    expect(page.getAllByRole('tab')).toHaveLength(1)
  })

  it('tells of a tab with new output', async () => {
    const { terminals, port } = await show()
    act(() => terminals.open({ ...place, workspaceName: 'web' }, true))
    await waitFor(() => expect(port.sent.filter(({ type }) => type === 'open')).toHaveLength(2))
    act(() =>
      terminals.news.setState(
        new Map([
          [terminals.store.getState().groups[1]?.focusKey ?? '', { hasOutput: true, rejoinedAt: undefined }],
        ]),
        true,
      ),
    )
    expect(page.getByRole('tab', { name: /^web\s*, new output$/ })).toBeTruthy()
  })

  it('renames with F2', async () => {
    await show()
    fireEvent.keyDown(page.getByRole('tab', { name: 'api' }), { key: 'F2' })
    const dialog = await page.findByRole('dialog', { name: 'Name of api' })
    fireEvent.change(within(dialog).getByRole('textbox', { name: 'Name' }), { target: { value: 'logs' } })
    fireEvent.click(within(dialog).getByRole('button', { name: 'Save' }))
    expect(await page.findByRole('tab', { name: 'logs' })).toBeTruthy()
  })

  it('brings back what was closed last, on the same shell', async () => {
    const { terminals, state } = await show()
    const [before] = state().tabs
    act(() => terminals.close(before?.key ?? ''))
    act(() => terminals.reopenClosed())
    expect(state().tabs).toMatchObject([{ terminalId: before?.terminalId }])
    expect(state().closed).toEqual([])
  })
})

describe('the picker of running shells', () => {
  const running = {
    id: sampleId(50),
    command: '',
    profile: '',
    title: 'vim notes',
    started_at: '2026-11-26T10:00:00Z',
    last_active_at: '2026-11-26T11:00:00Z',
    clients: 0,
  }

  it('joins a shell that runs', async () => {
    const { fake, state } = await show()
    fake.answer('terminals.list', () => ({ sessions: [running] }))
    fireEvent.click(page.getByRole('button', { name: 'Running shells' }))
    fireEvent.click(await page.findByRole('button', { name: 'Join vim notes' }))
    expect(state().tabs.at(-1)).toMatchObject({ terminalId: running.id, title: 'vim notes' })
  })

  it('ends one after a question', async () => {
    const { fake } = await show()
    let sessions = [running]
    fake.answer('terminals.list', () => ({ sessions }))
    fake.answer('terminals.end', () => {
      sessions = []
      return null
    })
    fireEvent.click(page.getByRole('button', { name: 'Running shells' }))
    fireEvent.click(await page.findByRole('button', { name: 'End vim notes' }))
    fireEvent.click(await page.findByRole('button', { name: 'End the shell' }))
    await page.findByText('No shell runs that you could join.')
    expect(fake.inputsOf('terminals.end')).toEqual([
      { deploymentId: 'local', agentId: place.agentId, terminalId: running.id },
    ])
  })

  it('says where it cannot know more than what was closed here', async () => {
    const { fake } = await show()
    fake.answer('terminals.list', () => ({ sessions: null }))
    fireEvent.click(page.getByRole('button', { name: 'Running shells' }))
    await page.findByText(/cannot list its shells/)
  })
})
