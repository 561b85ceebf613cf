import { act, fireEvent, screen as page, waitFor, within } from '@testing-library/react'
import { Suspense } from 'react'
import { beforeEach, describe, expect, it } from 'vitest'
import { createFakePort } from '../../testing/fake-port.ts'
import { createFakeScreen } from '../../testing/fake-screen.ts'
import type { FakeBridge } from '../../testing/fake-bridge.ts'
import { createQuietBridge, renderPage } from '../../testing/render-app.tsx'
import {
  sampleAgent,
  sampleBuild,
  sampleId,
  sampleSettings,
  sampleWorkspace,
} from '../../testing/wire-samples.ts'
import { createTerminalTabsStore } from './terminal-tabs-store.ts'
import { TerminalView } from './terminal-view.tsx'
import { TerminalsProvider, useTerminalTabs } from './terminals-context.tsx'
import { createTerminals } from './terminals.ts'

const agentId = sampleId(6)
const place = {
  deploymentId: 'local',
  workspaceId: sampleId(2),
  workspaceName: 'payments-api',
  agentId,
  agentName: 'main',
  showAgent: false,
}

function Views() {
  return useTerminalTabs().tabs.map((tab) => <TerminalView key={tab.key} tab={tab} hasFocus />)
}

async function show(fake: FakeBridge = bridge()) {
  const port = createFakePort()
  const screen = createFakeScreen()
  let lastId = 70
  const terminals = createTerminals({
    store: createTerminalTabsStore(localStorage),
    port: () => port,
    loadScreens: async () => () => screen,
    newId: () => sampleId(lastId++),
  })
  terminals.open(place, true)
  // The first render waits for the terminal's code.
  await act(async () => {
    renderPage(
      <TerminalsProvider terminals={terminals}>
        <Suspense>
          <Views />
        </Suspense>
      </TerminalsProvider>,
      fake,
    )
  })
  await waitFor(() => expect(ofType('open')).toHaveLength(1))
  function ofType(type: string) {
    return port.sent.filter((message) => message.type === type)
  }
  return { fake, port, screen, terminals, ofType }
}

function bridge(): FakeBridge {
  const fake = createQuietBridge()
  fake.feed('workspaces.watch', () => sampleWorkspace())
  fake.answer('settings.update', () => sampleSettings())
  fake.answer('workspaces.start', () => sampleBuild({ status: 'pending' }))
  return fake
}

beforeEach(() => localStorage.clear())

describe('a terminal on the page', () => {
  it('asks before lines that the shell would run, and sends nothing on cancel', async () => {
    const { screen } = await show()
    act(() => screen.offerPaste('make build\nmake deploy\n'))
    const dialog = await page.findByRole('dialog', { name: 'Paste 2 lines?' })
    expect(dialog.textContent).toContain('make deploy')
    fireEvent.click(within(dialog).getByRole('button', { name: 'Cancel' }))
    expect(screen.pasted).toEqual([])
  })

  it('remembers not to ask again', async () => {
    const { screen, fake } = await show()
    act(() => screen.offerPaste('a\nb'))
    const dialog = await page.findByRole('dialog')
    fireEvent.click(within(dialog).getByText('Do not ask again'))
    fireEvent.click(within(dialog).getByRole('button', { name: 'Paste' }))
    expect(screen.pasted).toEqual(['a\nb'])
    await waitFor(() =>
      expect(fake.inputsOf('settings.update')).toEqual([{ terminal: { warnOnMultilinePaste: false } }]),
    )
  })

  it('goes straight to a program that takes a paste as a whole', async () => {
    const { screen } = await show()
    screen.bracketed = true
    act(() => screen.offerPaste('a\nb'))
    expect(screen.pasted).toEqual(['a\nb'])
  })

  it('counts down while it waits and tries at once on demand', async () => {
    const { port, ofType } = await show()
    const state = {
      kind: 'waiting',
      attempt: 1,
      retryAt: Date.now() + 60_000,
      reason: 'The network is down.',
    } as const
    act(() => port.receive({ type: 'state', terminalId: sampleId(71), state }))
    await page.findByText(/The network is down/)
    fireEvent.click(page.getByRole('button', { name: 'Try now' }))
    expect(ofType('retry-now')).toHaveLength(1)
  })

  it('starts the workspace it needs', async () => {
    const { fake, port } = await show()
    const stopped = sampleWorkspace({
      latest_build: sampleBuild({ status: 'stopped', transition: 'stop' }, []),
    })
    act(() => {
      port.receive({ type: 'state', terminalId: sampleId(71), state: { kind: 'ended' } })
      fake.push('workspaces.watch', stopped)
    })
    fireEvent.click(await page.findByRole('button', { name: 'Start workspace' }))
    await waitFor(() => expect(fake.inputsOf('workspaces.start')).toHaveLength(1))
  })

  it('follows the workspace to the agent of a newer build', async () => {
    const { fake, ofType, screen } = await show()
    const next = sampleAgent({ id: sampleId(6, 2) })
    act(() => fake.push('workspaces.watch', sampleWorkspace({ latest_build: sampleBuild({}, [next]) })))
    await waitFor(() => expect(ofType('open')).toHaveLength(2))
    expect(ofType('open')[1]).toMatchObject({ agentId: next.id })
    expect(screen.drawn).toEqual(['[new shell]'])
  })

  it('is there again after a reload, on the same shell', async () => {
    const { terminals } = await show()
    const [tab] = terminals.store.getState().tabs
    const again = createTerminalTabsStore(localStorage).getState()
    expect(again.tabs).toEqual([tab])
    expect(again.drawerOpen).toBe(true)
  })
})
