import { readdirSync } from 'node:fs'
import path from 'node:path'
import { createCoderClient } from '#bridge/client/coder-client'
import { startScriptedModel } from '#bridge/testing/scripted-model'
import { runBuild } from '#bridge/testing/workspace-actions'
import { workspacesRoutes } from '#bridge/contract/workspaces'
import { keepBothLooks as look } from '../fixtures/keep-both-looks.ts'
import { addScriptedProvider } from '../fixtures/scripted-provider.ts'
import { expect, test } from '../fixtures/test.ts'
import { agentsScreen } from '../screens/agents.ts'
import { desktopTab } from '../screens/desktop-tab.ts'
import { frame } from '../screens/frame.ts'
import { joinDeployment } from '../screens/join-deployment.ts'
import { makeWorkspace } from '../screens/make-workspace.ts'

test('the desktop of a chat is watched, then acted on by mouse and keys, and comes back with its workspace', async ({
  outpost,
  secondDeployment,
}) => {
  test.setTimeout(120_000)
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
