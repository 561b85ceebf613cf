import { helperPids, killHelper } from '../fixtures/helper-process.ts'
import { expect, test } from '../fixtures/test.ts'
import { frame } from '../screens/frame.ts'
import { makeWorkspace } from '../screens/make-workspace.ts'
import { terminalsScreen } from '../screens/terminals.ts'
import { workspaceScreen } from '../screens/workspace.ts'

test('the local server dies: the app says so, starts it again, and the workspace has gone on meanwhile', async ({
  outpost,
}) => {
  const running = await outpost.launch()
  const { window } = running
  await makeWorkspace(window, 'harbour')
  const workspace = workspaceScreen(window)
  const terminals = terminalsScreen(window)
  await workspace.openTerminal.click()
  await terminals.run('mine=shell-$$; echo before-$((1+1))')
  await expect(terminals.lines).toContainText('before-2')
  const agents = await helperPids(running, 'agent')

  await test.step('while it is away the window says what happens', async () => {
    await killHelper(running, 'serve')
    await expect(frame(window).notice('This computer cannot be reached')).toContainText(
      'The local server stopped unexpectedly. Outpost is starting it again.',
    )
  })

  await test.step('it comes back by itself, with the same agent and the same shell', async () => {
    await expect(frame(window).deployment).toHaveAccessibleName(/This computer.*Connected/, {
      timeout: 30_000,
    })
    await expect(frame(window).notice('This computer cannot be reached')).toHaveCount(0)
    await expect(workspace.state('Running')).toBeVisible({ timeout: 30_000 })
    expect(await helperPids(running, 'agent')).toEqual(agents)
    await expect(terminals.state).toHaveCount(0, { timeout: 30_000 })
    await terminals.run('[ "$mine" = shell-$$ ] && echo same-$((1+1))')
    await expect(terminals.lines).toContainText('same-2')
  })
})

test('the local server dies in the middle of a build: the build ends with a reason, and the workspace is not stuck', async ({
  outpost,
}) => {
  const running = await outpost.launch()
  const { window } = running
  await makeWorkspace(window, 'harbour')
  const workspace = workspaceScreen(window)
  const terminals = terminalsScreen(window)
  await workspace.openTerminal.click()
  // A shell that does not want to end keeps the stop build busy until the agent loses patience.
  await terminals.run("trap '' HUP TERM INT; echo stubborn-$((1+1))")
  await expect(terminals.lines).toContainText('stubborn-2')

  await workspace.stop.click()
  await expect(workspace.state('Stopping')).toBeVisible()
  await killHelper(running, 'serve')
  await expect(frame(window).deployment).toHaveAccessibleName(/This computer.*Connected/, { timeout: 30_000 })
  await expect(workspace.start).toBeVisible({ timeout: 30_000 })

  await workspace.start.click()
  await expect(workspace.state('Running')).toBeVisible({ timeout: 30_000 })
  await terminals.run('echo back-$((1+1))')
  await expect(terminals.lines).toContainText('back-2')
})
