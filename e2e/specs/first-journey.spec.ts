import type { Page } from '@playwright/test'
import { keepScreenshot } from '../fixtures/keep-screenshot.ts'
import { expect, test } from '../fixtures/test.ts'
import { addDeploymentScreen } from '../screens/add-deployment.ts'
import { createWorkspaceScreen } from '../screens/create-workspace.ts'
import { frame } from '../screens/frame.ts'
import { terminalsScreen } from '../screens/terminals.ts'
import { workspaceScreen, workspacesScreen } from '../screens/workspace.ts'

const NAME = 'first-light'

async function inBothThemes(page: Page, name: string): Promise<void> {
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme })
    await keepScreenshot(page, `${name}-${colorScheme}`)
  }
}

test.describe('The first journey', { tag: '@both' }, () => {
  test('goes from a bare machine to a running workspace with a terminal, and everything is still there after a restart', async ({
    outpost,
    session,
  }) => {
    const { window } = await outpost.launch()

    await test.step('the window opens on the local deployment, signed in', async () => {
      await expect(frame(window).deployment).toHaveAccessibleName(/This computer.*Connected/)
    })

    await test.step('a shipped template is in the gallery', async () => {
      await frame(window).goTo('Templates')
      await inBothThemes(window, 'templates')
      await window
        .getByRole('list', { name: 'Templates' })
        .getByRole('button', { name: /Plain shell/ })
        .click()
      await window
        .getByRole('main')
        .getByRole('button', { name: /workspace/i })
        .first()
        .click()
    })

    await test.step('a workspace is made from it, with the log live', async () => {
      const create = createWorkspaceScreen(window)
      await create.name.fill(NAME)
      await create.parameter('Project folder').fill('lantern')
      await create.create.click()
      await expect(create.build).toContainText('Starting workspace')
      await expect(create.buildLog).toContainText('Planning infrastructure')
      await create.openWorkspace.click({ timeout: 30_000 })
    })

    await test.step('its page shows state and agent', async () => {
      const workspace = workspaceScreen(window)
      await expect(workspace.title).toHaveText(NAME)
      await expect(workspace.state('Running')).toBeVisible()
      await expect(workspace.main).toContainText('Connected')
    })

    await test.step('a terminal opens on it and runs commands in the folder that was asked for', async () => {
      await workspaceScreen(window).openTerminal.click()
      const terminals = terminalsScreen(window)
      await terminals.run('basename "$PWD"; echo sum-$((40+2)); echo kept > kept.txt')
      await expect(terminals.lines).toContainText('sum-42')
      await expect(terminals.lines).toContainText('lantern')
      await inBothThemes(window, 'workspace-terminal')
    })

    await test.step('it stops and starts from its page', async () => {
      const workspace = workspaceScreen(window)
      await workspace.stop.click()
      await expect(workspace.state('Stopped')).toBeVisible({ timeout: 30_000 })
      await workspace.start.click()
      await expect(workspace.state('Running')).toBeVisible({ timeout: 30_000 })
    })

    await test.step('it stops and starts from the tray', async () => {
      const tray = await session.tray.waitForTray()
      const labels = async (): Promise<string[]> => (await tray.menu()).map((item) => item.label)
      await expect.poll(labels).toContain(`${NAME}: running`)
      await tray.click(`${NAME}: running`)
      await expect.poll(labels, { timeout: 30_000 }).toContain(`${NAME}: stopped`)
      await expect(workspaceScreen(window).state('Stopped')).toBeVisible()
      await tray.click(`${NAME}: stopped`)
      await expect.poll(labels, { timeout: 30_000 }).toContain(`${NAME}: running`)
      await expect(workspaceScreen(window).state('Running')).toBeVisible()
    })

    await outpost.current().quit()
    const again = await outpost.launch()

    await test.step('after a restart everything is still there', async () => {
      await frame(again.window).goTo('Workspaces')
      const list = workspacesScreen(again.window)
      await expect(list.row(NAME)).toContainText('Running', { timeout: 30_000 })
      await inBothThemes(again.window, 'workspaces')
      await list.open(NAME)
      await workspaceScreen(again.window).openTerminal.click()
      const terminals = terminalsScreen(again.window)
      await terminals.run('cat kept.txt; echo from-$((1+1))')
      await expect(terminals.lines).toContainText('from-2')
      await expect(terminals.lines).toContainText('kept')
    })
  })

  test('adds a second deployment by address and token, and both are live at once', async ({
    window,
    secondDeployment,
  }) => {
    await (await frame(window).openSwitcher()).getByRole('menuitem', { name: /^Add deployment/ }).click()
    const add = addDeploymentScreen(window)
    await add.address.fill(secondDeployment.url)
    await add.token.fill(secondDeployment.token)
    await add.name.fill('Harbour')
    await inBothThemes(window, 'add-deployment')
    await add.add.click()
    await expect(frame(window).deployment).toHaveAccessibleName(/Harbour.*Connected/)

    await frame(window).switchTo('This computer')
    await expect(frame(window).deployment).toHaveAccessibleName(/This computer.*Connected/)
    const menu = await frame(window).openSwitcher()
    await expect(menu.getByRole('menuitemcheckbox', { name: /Harbour.*Connected/ })).toBeVisible()
    await expect(menu.getByRole('menuitemcheckbox', { name: /This computer.*Connected/ })).toBeVisible()
    await window.keyboard.press('Escape')
  })
})
