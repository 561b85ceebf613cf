import type { Page } from '@playwright/test'
import { findBarriers } from '../fixtures/find-barriers.ts'
import { helperPids, killHelper } from '../fixtures/helper-process.ts'
import { keepScreenshot, wearLook } from '../fixtures/keep-screenshot.ts'
import {
  readClipboard,
  recordDesktop,
  writeClipboard,
  writeClipboardImage,
} from '../fixtures/recorded-desktop.ts'
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
    const print = `for i in $(seq 4000); do echo "row-$i-${'x'.repeat(90)}"; done`
    await terminals.run(`clear; ${print}; echo kept-$((1+1))`)
    await expect(terminals.lines).toContainText('kept-2', { timeout: 30_000 })
    await window.reload()
    await expect(terminals.lines).toContainText('kept-2')
    await terminals.drawer.getByRole('button', { name: 'Find in the terminal' }).click()
    await terminals.drawer.getByRole('searchbox').fill('row-1-')
    await expect(terminals.lines).toContainText('row-1-')
    await terminals.drawer.getByRole('search').getByRole('button', { name: 'Close' }).click()
    await terminals.input.press('Control+l')
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

test('several lines are pasted only after a question, unless the program asked for pastes, and pictures as files', async ({
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

  await test.step('a picture becomes a file of the workspace, whose path is pasted', async () => {
    await terminals.input.press('Control+c')
    await terminals.run('clear')
    await writeClipboardImage(running, await window.screenshot({ type: 'png' }))
    await terminals.input.pressSequentially('head -c 4 ')
    await terminals.input.press('Control+Shift+v')
    await expect(terminals.lines).toContainText('.png')
    await terminals.input.press('Enter')
    await expect(terminals.lines).toContainText('PNG')
  })
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

  await test.step('a program writes the clipboard only after a question', async () => {
    await writeClipboard(running, 'my own words')
    await terminals.run("clear; printf '\\e]52;c;%s\\a' $(printf stolen | base64); echo sent-$((1+1))")
    await expect(terminals.lines).toContainText('sent-2')
    const question = terminals.drawer.getByRole('status').filter({ hasText: 'clipboard' })
    await expect(question).toContainText('wants to write your clipboard: stolen')
    expect(await readClipboard(running)).toBe('my own words')
    await question.getByRole('button', { name: 'Not in this terminal' }).click()
    await terminals.run("clear; printf '\\e]52;c;%s\\a' $(printf stolen | base64); echo sent-$((1+1))")
    await expect(terminals.lines).toContainText('sent-2')
    await expect(question).toBeHidden()
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

test('a tab holds several terminals, which are typed into together, and comes back as it was', async ({
  outpost,
}) => {
  const running = await outpost.launch()
  const { window } = running
  const terminals = await openTerminal(window)
  const panes = terminals.drawer.getByRole('region', { name: /^Terminal \d/ })

  await test.step('split by keyboard, with the focus in the new one', async () => {
    await terminals.input.press('Control+Shift+E')
    await expect(panes).toHaveCount(2)
    const second = panes.nth(1)
    await expect(second.getByRole('textbox', { name: 'Terminal input' })).toBeFocused()
    await expect(second.locator('.xterm-rows')).toContainText(/[$#]\s*$/)
    await window.keyboard.type("PS1='$ '; clear")
    await window.keyboard.press('Enter')
    await window.keyboard.press('Control+Shift+ArrowLeft')
    await expect(panes.nth(0).getByRole('textbox', { name: 'Terminal input' })).toBeFocused()
  })

  await test.step('typed into together', async () => {
    await terminals.tabs.first().click({ button: 'right' })
    await window.getByRole('menuitemcheckbox', { name: 'Type into all of them' }).click()
    await expect(terminals.drawer).toContainText('What you type goes to each of the 2 terminals of this tab.')
    await panes
      .nth(0)
      .getByRole('textbox', { name: 'Terminal input' })
      .pressSequentially('echo both-$((1+1))\n')
    for (const pane of await panes.all()) await expect(pane.locator('.xterm-rows')).toContainText('both-2')
    expect(await findBarriers(window)).toEqual([])
    for (const look of ['dark', 'light'] as const) {
      await wearLook(window, look)
      await keepScreenshot(window, `terminal-split-${look}`)
    }
    await terminals.drawer.getByRole('button', { name: 'Stop' }).click()
  })

  await test.step('the layout and both shells are there after a reload', async () => {
    await window.reload()
    await expect(panes).toHaveCount(2)
    for (const pane of await panes.all()) await expect(pane.locator('.xterm-rows')).toContainText('both-2')
  })
})

test('a shell whose tab was closed goes on, is found again and can be ended', async ({ window }) => {
  const terminals = await openTerminal(window)
  await terminals.run("mine=shell-$$; printf '\\e]2;night build\\a'; echo before-$((1+1))")
  await expect(terminals.lines).toContainText('before-2')
  await terminals.drawer.getByRole('button', { name: 'New terminal' }).click()
  await expect(terminals.tabs).toHaveCount(2)
  await terminals.tabs.first().press('Delete')
  await expect(terminals.tabs).toHaveCount(1)

  const picker = window.getByRole('dialog', { name: 'Running shells of harbour' })
  await terminals.drawer.getByRole('button', { name: 'Running shells' }).click()
  await expect(picker.getByRole('button', { name: 'Join night build' })).toBeVisible()
  expect(await findBarriers(window)).toEqual([])
  await keepScreenshot(window, 'terminal-sessions')
  await picker.getByRole('button', { name: 'Join night build' }).click()
  await expect(terminals.lines).toContainText('before-2')
  await terminals.run('[ "$mine" = shell-$$ ] && echo same-$((1+1))')
  await expect(terminals.lines).toContainText('same-2')

  await terminals.drawer.getByRole('button', { name: 'Running shells' }).click()
  await picker.getByRole('button', { name: 'End night build' }).click()
  await window.getByRole('button', { name: 'End the shell' }).click()
  await expect(picker.getByRole('button', { name: 'Show night build' })).toHaveCount(0)
})
