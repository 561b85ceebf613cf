import type { Page } from '@playwright/test'
import { helperPids, killHelper } from '../fixtures/helper-process.ts'
import { readClipboard, recordDesktop, writeClipboard } from '../fixtures/recorded-desktop.ts'
import { expect, test } from '../fixtures/test.ts'
import { frame } from '../screens/frame.ts'
import { makeWorkspace } from '../screens/make-workspace.ts'
import { type TerminalsScreen, terminalsScreen } from '../screens/terminals.ts'
import { workspaceScreen } from '../screens/workspace.ts'

async function openTerminal(window: Page): Promise<TerminalsScreen> {
  await makeWorkspace(window, 'harbour')
  await workspaceScreen(window).openTerminal.click()
  const terminals = terminalsScreen(window)
  // A short prompt leaves the rows to what the commands print.
  await terminals.run("PS1='$ '; clear")
  return terminals
}

test('a terminal comes back with its shell and what it printed, whatever breaks between them', async ({
  outpost,
}) => {
  const running = await outpost.launch()
  const { window } = running
  const terminals = await openTerminal(window)
  await terminals.run('mine=shell-$$; echo before-$((1+1))')
  await expect(terminals.lines).toContainText('before-2')
  const expectSameShell = async (marker: string): Promise<void> => {
    await expect(terminals.lines).toContainText('before-2')
    await terminals.run(`[ "$mine" = shell-$$ ] && echo ${marker}-$((1+1))`)
    await expect(terminals.lines).toContainText(`${marker}-2`)
  }

  await test.step('the window is loaded again', async () => {
    await window.reload()
    await expectSameShell('reloaded')
  })

  await test.step('it is loaded again after more output than a server keeps: the scrollback is there too', async () => {
    await terminals.run(
      `for i in $(seq 4000); do echo "row-$i-${'x'.repeat(90)}"; done; clear; echo kept-$((1+1))`,
    )
    await expect(terminals.lines).toContainText('kept-2', { timeout: 30_000 })
    await window.reload()
    await expect(terminals.lines).toContainText('kept-2')
    await terminals.input.press('Shift+Home')
    await expect(terminals.lines).toContainText('row-1-')
    await terminals.input.press('Shift+End')
    await terminals.run('clear; echo before-$((1+1))')
  })

  await test.step('the bridge dies', async () => {
    await killHelper(running, 'bridge')
    await expect.poll(async () => helperPids(running, 'bridge')).toHaveLength(1)
    await expect(terminals.state).toHaveCount(0)
    await expectSameShell('bridged')
  })

  await test.step('the agent dies, and with it the shell: a new one opens by itself', async () => {
    await killHelper(running, 'agent')
    await expect(workspaceScreen(window).state('Running')).toBeVisible({ timeout: 30_000 })
    await terminals.run('echo fresh-${mine:-none}')
    await expect(terminals.lines).toContainText('fresh-none', { timeout: 30_000 })
  })

  await test.step('the shell ends, and another one is a click away', async () => {
    await terminals.run('clear; exit')
    await expect(terminals.state).toContainText('The shell has ended.')
    await terminals.drawer.getByRole('button', { name: 'New shell' }).click()
    await terminals.run('echo another-$((1+1))')
    await expect(terminals.lines).toContainText('another-2')
    // What the old one printed stays above.
    await expect(terminals.rows.first()).toContainText('logout')
  })
})

test('a flood of output leaves the window usable, ends right and can be stopped', async ({ window }) => {
  const terminals = await openTerminal(window)

  await terminals.run('yes 0123456789 | head -n 200000; echo done-$((1+1))')
  await frame(window).goTo('Templates')
  await expect(window.getByRole('main')).toContainText('Plain shell')
  await frame(window).goTo('Workspaces')
  await expect(terminals.lines).toContainText('done-2', { timeout: 30_000 })

  await terminals.run('yes')
  await expect(terminals.lines).toContainText('yy')
  await terminals.input.press('Control+c')
  await terminals.run('echo stopped-$?')
  await expect(terminals.lines).toContainText('stopped-130')
})

test('several lines are pasted only after a question, unless the program asked for pastes', async ({
  outpost,
}) => {
  const running = await outpost.launch()
  const { window } = running
  const terminals = await openTerminal(window)
  const dialog = window.getByRole('dialog', { name: 'Paste 2 lines?' })
  await writeClipboard(running, 'echo one-$((1+1))\necho two-$((1+1))\n')

  await terminals.run("bind 'set enable-bracketed-paste off'; clear")
  await expect(terminals.lines).toHaveText(/^\$\s*$/)
  await terminals.input.press('Control+Shift+v')
  await expect(dialog).toContainText('echo two-$((1+1))')
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  await terminals.run('clear; echo nothing-$((1+1))')
  await expect(terminals.lines).toContainText('nothing-2')
  await expect(terminals.lines).not.toContainText('one-2')

  await terminals.input.press('Control+Shift+v')
  await dialog.getByRole('button', { name: 'Paste' }).click()
  await expect(terminals.lines).toContainText('one-2')
  await expect(terminals.lines).toContainText('two-2')

  await terminals.run("bind 'set enable-bracketed-paste on'; clear")
  await expect(terminals.lines).toHaveText(/^\$\s*$/)
  await terminals.input.press('Control+Shift+v')
  await expect(terminals.lines).toContainText('echo two-$((1+1))')
  await expect(dialog).toBeHidden()
  await expect(terminals.lines).not.toContainText('two-2')
})

test('what a program prints opens no page by itself and does not touch the clipboard', async ({
  outpost,
}) => {
  const running = await outpost.launch()
  const { window } = running
  const terminals = await openTerminal(window)
  const desktop = await recordDesktop(running)
  const foreign = 'https://foreign.example/landing'

  await test.step('a disguised link opens on Ctrl+click only, and only after its real host was shown', async () => {
    await terminals.run(`clear; printf '\\e]8;;${foreign}\\e\\\\%s\\e]8;;\\e\\\\\\n' https://coder.com`)
    const link = terminals.lines.getByText('https://coder.com', { exact: true }).last()
    // xterm takes the mouse on a layer above its text, and draws a row anew under the pointer: a click that did not find
    // its element did not happen, so it is made again.
    const click = async (modifiers: 'Control'[] = []): Promise<void> =>
      expect(async () => link.click({ force: true, modifiers, timeout: 2_000 })).toPass()
    await click()
    await click(['Control'])
    const question = `Open foreign.example? ${foreign}`
    await expect.poll(desktop.read).toEqual({ opened: [], asked: [question] })
    await desktop.answer(0)
    await click(['Control'])
    await expect.poll(desktop.read).toEqual({ opened: [foreign], asked: [question, question] })
  })

  await test.step('a program cannot write the clipboard', async () => {
    await writeClipboard(running, 'my own words')
    await terminals.run("clear; printf '\\e]52;c;%s\\a' $(printf stolen | base64); echo sent-$((1+1))")
    await expect(terminals.lines).toContainText('sent-2')
    expect(await readClipboard(running)).toBe('my own words')
  })

  await test.step('a person can', async () => {
    await expect(async () =>
      terminals.lines.getByText('sent-2').dblclick({ force: true, timeout: 2_000 }),
    ).toPass()
    await terminals.input.press('Control+Shift+c')
    await expect.poll(async () => readClipboard(running)).toContain('sent')
  })
})
