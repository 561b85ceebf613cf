import { readdirSync } from 'node:fs'
import path from 'node:path'
import type { Page } from '@playwright/test'
import { createCoderClient } from '#bridge/client/coder-client'
import { startScriptedModel } from '#bridge/testing/scripted-model'
import { runBuild } from '#bridge/testing/workspace-actions'
import { chatsRoutes } from '#bridge/contract/chats'
import { workspacesRoutes } from '#bridge/contract/workspaces'
import { keepBothLooks as look } from '../fixtures/keep-both-looks.ts'
import { recordDesktop } from '../fixtures/recorded-desktop.ts'
import { addScriptedProvider } from '../fixtures/scripted-provider.ts'
import { startAgain } from '../fixtures/second-instance.ts'
import { expect, test } from '../fixtures/test.ts'
import { agentsScreen } from '../screens/agents.ts'
import { chatPanel, desktopIn, desktopTab } from '../screens/desktop-tab.ts'
import { frame } from '../screens/frame.ts'
import { joinDeployment } from '../screens/join-deployment.ts'
import { makeWorkspace } from '../screens/make-workspace.ts'

test('the desktop of a chat is watched, then acted on by mouse and keys, and comes back with its workspace', async ({
  outpost,
  secondDeployment,
}) => {
  const model = await startScriptedModel()
  await addScriptedProvider(secondDeployment, model.url)
  const client = createCoderClient({ baseUrl: secondDeployment.url, token: secondDeployment.token })
  const { window } = await outpost.launch()
  const agents = agentsScreen(window)
  const desktop = desktopTab(window)
  await joinDeployment(window, { ...secondDeployment, name: 'Harbour' })
  await makeWorkspace(window, 'payments')
  await frame(window).goTo('Agents')
  await agents.chooseWorkspace('payments')
  model.script({ text: 'The page is open on the desktop.' })
  await agents.say('Show me the refund page')
  await expect(agents.transcript).toContainText('The page is open')

  await test.step('a new desktop has a window, and is only watched', async () => {
    await agents.openPanel('Desktop')
    await expect(desktop.takeControl).toBeEnabled()
    await desktop.waitForWindow()
    await expect(desktop.state).toHaveText('You only watch.')
    await look(window, 'agents-desktop')
  })

  const typed = () =>
    readdirSync(path.join(secondDeployment.folder, 'workspaces'), { recursive: true }).filter((name) =>
      String(name).endsWith('.typed'),
    )
  await test.step('its size changes by the keys', async () => {
    await desktop.takeControl.focus()
    await window.keyboard.press('Control+1')
    await expect(desktop.size('100%')).toHaveAttribute('aria-pressed', 'true')
    await look(window, 'agents-desktop-native')
    await window.keyboard.press('Control+0')
    await expect(desktop.size('Fit')).toHaveAttribute('aria-pressed', 'true')
  })

  await test.step('what is typed while watching goes nowhere, and to the desktop under control', async () => {
    await desktop.clickWindow()
    await window.keyboard.type('touch watched.typed')
    await window.keyboard.press('Enter')
    await desktop.takeControl.click()
    await desktop.clickWindow()
    await window.keyboard.type('touch "Under control.typed"')
    await window.keyboard.press('Enter')
    await expect.poll(typed).toEqual([expect.stringContaining('Under control.typed')])
    await expect(desktop.state).toContainText('Keys go to the desktop.')
    await look(window, 'agents-desktop-controlled')
    await window.keyboard.press('Shift+Escape')
    await expect(desktop.takeControl).toBeFocused()
  })

  await test.step('it says that the workspace has stopped, and comes back with it', async () => {
    const { workspaces } = await client.call(workspacesRoutes.list, { query: { q: 'name:payments' } })
    const id = workspaces[0]?.id ?? ''
    await runBuild(client, id, 'stop')
    await expect(desktop.problem).toContainText('not running')
    await look(window, 'agents-desktop-stopped')
    await desktop.startWorkspace.click()
    await desktop.waitForWindow()
    await expect(desktop.takeControl).toBeEnabled()
  })
  await model.close()
})

test('the desktop of a chat has a window of its own, which is bound to it and ends with the session', async ({
  outpost,
  session,
  problems,
  secondDeployment,
}) => {
  const model = await startScriptedModel()
  await addScriptedProvider(secondDeployment, model.url)
  const client = createCoderClient({ baseUrl: secondDeployment.url, token: secondDeployment.token })
  const running = await outpost.launch()
  const { window, application } = running
  const agents = agentsScreen(window)
  const panel = chatPanel(window)
  await joinDeployment(window, { ...secondDeployment, name: 'Harbour' })
  await makeWorkspace(window, 'payments')
  await frame(window).goTo('Agents')
  await agents.chooseWorkspace('payments')
  model.script({ text: 'The page is open on the desktop.' })
  await agents.say('Show me the refund page')
  await expect(agents.transcript).toContainText('The page is open')
  await agents.openPanel('Desktop')
  await desktopTab(window).waitForWindow()

  const windows = () =>
    application.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows().map((one) => ({ title: one.getTitle(), bounds: one.getBounds() })),
    )
  const [chat] = await client.call(chatsRoutes.list, { query: {} })
  const openOwn = async (open: () => Promise<unknown>): Promise<Page> => {
    const opened = application.waitForEvent('window')
    await open()
    const own = await opened
    await desktopIn(own.getByRole('main')).waitForWindow()
    return own
  }

  let own = await openOwn(() => desktopTab(window).ownWindow.click())
  await test.step('it names the chat, and the panel says where the desktop is', async () => {
    await expect(own.getByRole('heading', { level: 1 })).toHaveText('Show me the refund page')
    await expect
      .poll(async () => (await windows()).map(({ title }) => title))
      .toContain('Show me the refund page – Desktop')
    await look(own, 'agents-desktop-window')
    await expect(panel).toContainText('Shown in its own window')
    await look(window, 'agents-desktop-elsewhere')
    await panel.getByRole('button', { name: 'Show that window' }).click()
    expect(await windows()).toHaveLength(2)
  })

  await test.step('it is acted on by mouse and keys there', async () => {
    const desktop = desktopIn(own.getByRole('main'))
    await desktop.takeControl.focus()
    await own.keyboard.press('Enter')
    await desktop.clickWindow()
    await own.keyboard.type('touch own.typed')
    await own.keyboard.press('Enter')
    await expect
      .poll(() =>
        readdirSync(path.join(secondDeployment.folder, 'workspaces'), { recursive: true }).map(String),
      )
      .toContainEqual(expect.stringContaining('own.typed'))
    await own.keyboard.press('Shift+Escape')
    await expect(desktop.takeControl).toBeFocused()
  })

  await test.step('it has the sandbox of every window, and less of the app than the main one', async () => {
    problems.allow(/Content Security Policy|policy violation|Refused to|blocked by/i)
    const preferences = await application.evaluate(({ webContents }) =>
      webContents
        .getAllWebContents()
        .map((contents) =>
          (
            contents as unknown as { getLastWebPreferences(): Record<string, unknown> }
          ).getLastWebPreferences(),
        ),
    )
    expect(preferences).toHaveLength(2)
    expect(preferences[1]).toEqual(preferences[0])
    expect(await own.evaluate(askForMore, secondDeployment.url)).toEqual({
      fetch: 'TypeError',
      popup: true,
      clipboard: 'unknown_procedure',
      deployments: 'unknown_procedure',
    })
  })

  await test.step('it is brought back, and comes again where it was', async () => {
    await application.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()
        .find((one) => one.getTitle().endsWith('– Desktop'))
        ?.setBounds({ x: 60, y: 40, width: 820, height: 610 }),
    )
    const closed = own.waitForEvent('close')
    await panel.getByRole('button', { name: 'Bring back' }).click()
    await closed
    await desktopTab(window).waitForWindow()
    own = await openOwn(() => desktopTab(window).ownWindow.click())
    expect((await windows()).find(({ title }) => title.endsWith('Desktop'))?.bounds).toMatchObject({
      width: 820,
      height: 610,
    })
    await look(own, 'agents-desktop-window-narrow')
    await own.close()
    await desktopTab(window).waitForWindow()
  })

  await test.step('a link to it is asked about, and opens it', async () => {
    const desktop = await recordDesktop(running)
    await desktop.answer(0)
    const link = `outpost://${new URL(secondDeployment.url).host}/agents/${chat?.id ?? ''}/desktop`
    own = await openOwn(() => startAgain(session, link))
    expect((await desktop.read()).asked).toEqual([
      expect.stringContaining('Open the desktop of a chat on Harbour?'),
    ])
    await own.getByRole('button', { name: 'Show the chat' }).click()
    await expect(agents.transcript).toContainText('The page is open')
  })

  await test.step('the timeline tells what its connections did', async () => {
    await window
      .getByRole('banner')
      .getByRole('button', { name: /^Connection/ })
      .click()
    await window.getByRole('button', { name: 'Diagnostics' }).click()
    const lines = window.getByRole('main').getByText('Desktop', { exact: true })
    await expect(lines.first()).toBeVisible()
    await expect(window.getByText(/payments, chat [0-9a-f]{8}/).first()).toBeVisible()
    await lines.first().scrollIntoViewIfNeeded()
    await look(window, 'diagnostics-desktop')
  })

  await test.step('it closes when one signs out', async () => {
    const closed = own.waitForEvent('close')
    await window
      .getByRole('banner')
      .getByRole('button', { name: /^Account/ })
      .click()
    await window.getByRole('menuitem', { name: 'Sign out', exact: true }).click()
    await closed
    expect(await windows()).toHaveLength(1)
  })
  await model.close()
})

/** What the page of a desktop gets that asks for more than it needs. Runs in the page. */
async function askForMore(foreign: string): Promise<Record<string, unknown>> {
  interface Bridge {
    send(message: unknown): void
    onMessage(
      listener: (message: { readonly id?: number; readonly error?: { readonly code: string } }) => void,
    ): void
  }
  const { bridge } = globalThis as unknown as { bridge: Bridge }
  const ask = async (id: number, procedure: string): Promise<string | undefined> =>
    new Promise((resolve) => {
      bridge.onMessage((message) => {
        if (message.id === id) resolve(message.error?.code)
      })
      bridge.send({ type: 'call', id, procedure, input: {} })
    })
  return {
    fetch: await fetch(foreign).then(
      () => 'got through',
      (error: unknown) => (error instanceof Error ? error.name : 'failed'),
    ),
    popup: window.open('about:blank') === null,
    clipboard: await ask(900_001, 'app.readClipboardText'),
    deployments: await ask(900_002, 'deployments.watch'),
  }
}
