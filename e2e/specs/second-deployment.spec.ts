import { readTrayMenu } from '../fixtures/tray-labels.ts'
import { expect, test } from '../fixtures/test.ts'
import { addDeploymentScreen } from '../screens/add-deployment.ts'
import { frame } from '../screens/frame.ts'
import { makeWorkspace } from '../screens/make-workspace.ts'
import { terminalsScreen } from '../screens/terminals.ts'
import { workspaceScreen, workspacesScreen } from '../screens/workspace.ts'

test('a second deployment is added by address and token, both are live at once, and one switches between them', async ({
  outpost,
  secondDeployment,
  session,
}) => {
  const first = await outpost.launch()
  const { window } = first
  await makeWorkspace(window, 'at-home')

  await test.step('it is added', async () => {
    const add = addDeploymentScreen(window)
    await add.open()
    await add.address.fill(secondDeployment.url)
    await add.token.fill(secondDeployment.token)
    await add.name.fill('Harbour')
    await expect(add.sheet).toContainText(`at ${new URL(secondDeployment.url).host}`)
    await add.add.click()
    await expect(frame(window).deployment).toHaveAccessibleName(/Harbour.*Connected/)
  })

  await test.step('its token lies in the keychain', async () => {
    expect([...((await session.keyring?.secretsOf('Outpost'))?.values() ?? [])]).toContain(
      secondDeployment.token,
    )
  })

  await test.step('a workspace is made on it, with a terminal', async () => {
    await makeWorkspace(window, 'at-sea')
    await workspaceScreen(window).openTerminal.click()
    await terminalsScreen(window).run('echo ship-$((1+1))')
    await expect(terminalsScreen(window).lines).toContainText('ship-2')
  })

  const bothInTray = [
    '(Harbour: connected)',
    '[x] at-sea: running',
    'Open terminal > at-sea',
    '---',
    '(This computer: connected)',
    '[x] at-home: running',
    'Open terminal > at-home',
    '---',
    'Open Outpost',
    'Quit',
  ]
  await test.step('both are live in the tray', async () => {
    await expect.poll(async () => readTrayMenu(session.tray)).toEqual(bothInTray)
  })

  await test.step('one switches to the first, and what happens on the other still shows', async () => {
    await frame(window).switchTo('This computer')
    await expect(frame(window).deployment).toHaveAccessibleName(/This computer.*Connected/)
    await expect(workspacesScreen(window).row('at-home')).toContainText('Running')
    await expect(workspacesScreen(window).row('at-sea')).toHaveCount(0)
    await (await session.tray.waitForTray()).click('at-sea: running')
    await expect
      .poll(async () => readTrayMenu(session.tray), { timeout: 30_000 })
      .toContain('at-sea: stopped')
    const menu = await frame(window).openSwitcher()
    await expect(menu.getByRole('menuitemcheckbox', { name: /Harbour.*Connected/ })).toBeVisible()
    await expect(menu.getByRole('menuitemcheckbox', { name: /This computer.*Connected/ })).toBeChecked()
    await window.keyboard.press('Escape')
    await frame(window).switchTo('Harbour')
    await expect(workspacesScreen(window).row('at-sea')).toContainText('Stopped')
  })

  await first.quit()
  const second = await outpost.launch()

  await test.step('after a restart both are there and signed in', async () => {
    await expect(frame(second.window).deployment).toHaveAccessibleName(/Harbour.*Connected/)
    await expect(workspacesScreen(second.window).row('at-sea')).toContainText('Stopped')
    await frame(second.window).switchTo('This computer')
    await expect(workspacesScreen(second.window).row('at-home')).toContainText('Running', { timeout: 30_000 })
  })
})
