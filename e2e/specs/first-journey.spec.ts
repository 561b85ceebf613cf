import { readTrayMenu } from '../fixtures/tray-labels.ts'
import { expect, test } from '../fixtures/test.ts'
import { resizeWindow } from '../fixtures/window-size.ts'
import { createWorkspaceScreen } from '../screens/create-workspace.ts'
import { frame } from '../screens/frame.ts'
import { settingsScreen } from '../screens/settings.ts'
import { templatesScreen } from '../screens/templates.ts'
import { terminalsScreen } from '../screens/terminals.ts'
import { workspaceScreen, workspacesScreen } from '../screens/workspace.ts'

const NAME = 'first-light'
/** The account under which main keeps the local deployment's session token. */
const TOKEN_ACCOUNT = 'deployment/local/session-token'

test.describe('The first journey', { tag: '@both' }, () => {
  test('goes from a bare machine to a running workspace with a terminal, and everything is still there after a restart', async ({
    outpost,
    session,
    problems,
  }) => {
    const first = await outpost.launch()
    const { window } = first
    const workspace = workspaceScreen(window)
    const terminals = terminalsScreen(window)
    const build = { timeout: 30_000 }

    await test.step('the window opens on the local deployment, signed in', async () => {
      await expect(frame(window).deployment).toHaveAccessibleName(/This computer.*Connected/)
      await expect(window.getByRole('main')).toContainText('No workspaces on This computer yet')
    })

    await test.step('its session token lies in the keychain', async () => {
      const token = async (): Promise<string> =>
        (await session.keyring?.secretsOf('Outpost'))?.get(TOKEN_ACCOUNT) ?? ''
      await expect.poll(token).toMatch(/^\w{10}-\w{22}$/)
      // From here on it may be found in no file, no output and no process list.
      problems.addSecret(await token())
    })

    await test.step('a shipped template is in the gallery, with its words and parameters', async () => {
      await frame(window).goTo('Templates')
      const templates = templatesScreen(window)
      await expect(templates.list).toContainText('Plain shell')
      await templates.open('Plain shell')
      await expect(templates.main).toContainText('Project folder')
      await templates.newWorkspace.click()
    })

    await test.step('a workspace is made from it, with the log live', async () => {
      const create = createWorkspaceScreen(window)
      await create.name.fill(NAME)
      await create.parameter('Project folder').fill('lantern')
      await create.create.click()
      await expect(create.build).toContainText('Starting workspace')
      await expect(create.buildLog).toContainText('Planning infrastructure')
      await create.openWorkspace.click(build)
    })

    await test.step('its page shows state and agent', async () => {
      await expect(workspace.title).toHaveText(NAME)
      await expect(workspace.state('Running')).toBeVisible()
      await expect(workspace.main).toContainText('Connected')
      await expect(workspace.main).toContainText('Done')
    })

    await test.step('a terminal opens on it and runs commands in the folder that was asked for', async () => {
      await workspace.openTerminal.click()
      await terminals.run('basename "$PWD"; echo sum-$((40+2)); echo kept > kept.txt')
      await expect(terminals.lines).toContainText('sum-42')
      await expect(terminals.lines).toContainText('lantern')
    })

    await test.step('it shows the world’s letters, typed and printed', async () => {
      await terminals.run(
        String.raw`clear; printf '\xf0\x9f\x9a\x80 \xe4\xbd\xa0\xe5\xa5\xbd\n'; echo "<grüße 日本>"`,
      )
      await expect(terminals.lines).toContainText('🚀 你好')
      await expect(terminals.lines).toContainText('<grüße 日本>')
    })

    await test.step('its program knows the size of the screen, before and after the window changes', async () => {
      const shownSize = async (marker: string): Promise<{ lines: number; columns: number }> => {
        await terminals.run(`clear; echo ${marker}=$(tput lines)x$(tput cols)`)
        await expect(terminals.lines).toContainText(new RegExp(`${marker}=\\d+x\\d+`))
        const [, lines, columns] = /=(\d+)x(\d+)/.exec((await terminals.lines.textContent()) ?? '') ?? []
        await expect(terminals.rows).toHaveCount(Number(lines))
        return { lines: Number(lines), columns: Number(columns) }
      }
      const wide = await shownSize('wide')
      await resizeWindow(first, 900, 600)
      await expect(terminals.rows).not.toHaveCount(wide.lines)
      const narrow = await shownSize('narrow')
      expect(narrow.columns).toBeLessThan(wide.columns)
      await resizeWindow(first, 1280, 800)
      await expect(terminals.rows).toHaveCount(wide.lines)
      expect(await shownSize('again')).toEqual(wide)
    })

    await test.step('Ctrl+C ends what runs in it', async () => {
      // Between two commands of a line the shell itself would get the key.
      await terminals.run("clear; sh -c 'echo waiting-$((1+1)); exec sleep 1000'")
      await expect(terminals.lines).toContainText('waiting-2')
      await terminals.input.press('Control+c')
      await terminals.run('echo code-$?')
      await expect(terminals.lines).toContainText('code-130')
    })

    await test.step('it stops and starts from its page', async () => {
      await workspace.stop.click()
      await expect(workspace.state('Stopped')).toBeVisible(build)
      await expect(terminals.state).toContainText(`${NAME} is stopped`)
      await workspace.start.click()
      await expect(workspace.state('Running')).toBeVisible(build)
      await terminals.run('echo back-$((1+1))')
      await expect(terminals.lines).toContainText('back-2')
    })

    await test.step('it stops and starts from the tray', async () => {
      const tray = await session.tray.waitForTray()
      const menu = async (): Promise<readonly string[]> => readTrayMenu(session.tray)
      const around = ['---', 'Open Outpost', 'Quit']
      const running = [`[x] ${NAME}: running`, `Open terminal > ${NAME}`]
      await expect.poll(menu).toEqual(['(This computer: connected)', ...running, ...around])
      await tray.click(`${NAME}: running`)
      await expect.poll(menu, build).toEqual(['(This computer: connected)', `${NAME}: stopped`, ...around])
      await expect(workspace.state('Stopped')).toBeVisible()
      await tray.click(`${NAME}: stopped`)
      await expect.poll(menu, build).toEqual(['(This computer: connected)', ...running, ...around])
      await expect(workspace.state('Running')).toBeVisible()
    })

    await test.step('a setting is chosen', async () => {
      await frame(window).goTo('Settings')
      await settingsScreen(window).theme('Dark').click()
      await expect(window.locator('html')).toHaveAttribute('data-theme', 'dark')
    })

    await first.quit()
    const second = await outpost.launch()

    await test.step('after a restart page and setting are as they were', async () => {
      await expect(settingsScreen(second.window).theme('Dark')).toHaveAttribute('aria-pressed', 'true')
      await expect(second.window.locator('html')).toHaveAttribute('data-theme', 'dark')
    })

    await test.step('the workspace runs again, with its files and a shell where the terminal was', async () => {
      await frame(second.window).goTo('Workspaces')
      const list = workspacesScreen(second.window)
      await expect(list.row(NAME)).toContainText('Running', build)
      await list.open(NAME)
      const again = terminalsScreen(second.window)
      await again.run('cat kept.txt; echo from-$((1+1))')
      await expect(again.lines).toContainText('from-2')
      await expect(again.lines).toContainText('kept')
      await expect(again.tabs).toHaveCount(1)
      await workspaceScreen(second.window).openTerminal.click()
      await expect(again.tabs).toHaveCount(2)
      await again.run('echo other-$((2+2))')
      await expect(again.lines).toContainText('other-4')
    })
  })
})
