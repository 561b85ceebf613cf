import { existsSync } from 'node:fs'
import { chmod, mkdir, readFile, readdir, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { DesktopSession } from '../fixtures/desktop-session.ts'
import { findBarriers } from '../fixtures/find-barriers.ts'
import { killHelper } from '../fixtures/helper-process.ts'
import { keepScreenshot, wearLook } from '../fixtures/keep-screenshot.ts'
import { recordDesktop, recordDrags } from '../fixtures/recorded-desktop.ts'
import { userDataFolder } from '../fixtures/running-outpost.ts'
import { expect, test } from '../fixtures/test.ts'
import { resizeWindow } from '../fixtures/window-size.ts'
import { filesScreen } from '../screens/files.ts'
import { makeWorkspace } from '../screens/make-workspace.ts'
import { terminalsScreen } from '../screens/terminals.ts'
import { workspaceScreen } from '../screens/workspace.ts'

/** A sudo for the workspace: it knows one password, says what the real one says, and is allowed what it is asked for. */
const fakeSudo = `#!/bin/sh
prompt=
while [ $# -gt 0 ]; do
  case "$1" in
    -n) echo 'sudo: a password is required' >&2; exit 1 ;;
    -k|-S) shift ;;
    -p) shift 2 ;;
    --) shift; break ;;
    *) break ;;
  esac
done
IFS= read -r typed
if [ "$typed" != 'tide and lamp' ]; then
  echo 'Sorry, try again.' >&2
  read -r again
  echo 'sudo: no password was provided' >&2
  exit 1
fi
chmod u+w "$HOME/lantern/locked" "$HOME/lantern/locked/motd"
"$@"
code=$?
chmod u-w "$HOME/lantern/locked" "$HOME/lantern/locked/motd"
exit $code
`

// As an ordinary user: nothing is forbidden to root.
test.describe('Files', { tag: '@user' }, () => {
  test.afterEach(async ({ session }) => {
    // Else it could not be removed.
    const locked = path.join(session.env['HOME'] ?? '', 'lantern', 'locked')
    if (existsSync(locked)) await chmod(locked, 0o755)
  })

  test('files of a workspace are found, edited and saved, whatever happens to them meanwhile', async ({
    outpost,
    session,
    problems,
  }) => {
    problems.addSecret('tide and lamp')
    const home = session.env['HOME'] ?? ''
    const project = path.join(home, 'lantern')
    const at = (...names: string[]): string => path.join(project, ...names)
    await mkdir(at('src'), { recursive: true })
    await mkdir(at('locked'))
    await writeFile(at('notes.txt'), 'one\r\ntwo\r\nthree\r\n')
    await writeFile(at('src', 'keeper.ts'), keeper)
    await writeFile(at('.hidden'), '')
    await writeFile(at('locked', 'motd'), 'welcome\n')
    await chmod(at('locked', 'motd'), 0o444)
    await chmod(at('locked'), 0o555)
    const programs = path.join(home, 'programs')
    await mkdir(programs)
    await writeFile(path.join(programs, 'sudo'), fakeSudo, { mode: 0o755 })
    Object.assign(session.env, { PATH: `${programs}:${session.env['PATH'] ?? ''}` })

    const running = await outpost.launch()
    const { window } = running
    const files = filesScreen(window)
    const editor = { saved: files.editor.getByText('Saved', { exact: true }) }
    await makeWorkspace(window, 'harbour')

    await test.step('a folder opens by its path, as a tree', async () => {
      await files.show()
      await window.keyboard.press('Control+l')
      await window.getByRole('textbox', { name: 'Path' }).fill(project)
      await window.keyboard.press('Enter')
      await expect(files.row('notes.txt')).toBeVisible()
      await expect(files.row('.hidden')).toHaveCount(0)
      await files.row('src').click()
      await window.keyboard.press('ArrowRight')
      await expect(files.row('keeper.ts')).toBeVisible()
      expect(await findBarriers(window)).toEqual([])
      await keepScreenshot(window, 'files-list')
    })

    await test.step('a text is edited and saved, with its line endings kept', async () => {
      await files.open('notes.txt')
      await expect(files.lines).toContainText('two')
      await files.retype('one\ntwo and a half\nthree\n')
      await expect(files.tabs.first()).toHaveAccessibleName(/notes\.txt.*not saved/)
      await window.keyboard.press('Control+s')
      await expect(editor.saved).toBeVisible()
      expect(await readFile(at('notes.txt'), 'utf8')).toBe('one\r\ntwo and a half\r\nthree\r\n')
      expect(await findBarriers(window)).toEqual([])
    })

    await test.step('it was changed on the workspace meanwhile: both changes are merged and saved', async () => {
      await files.retype('one\ntwo and a half\nthree\nfour\n')
      await writeFile(at('notes.txt'), 'zero\r\none\r\ntwo and a half\r\nthree\r\n')
      await window.keyboard.press('Control+s')
      await expect(files.notice('was changed on the workspace')).toBeVisible()
      await expect(files.editor).toContainText('Your changes and theirs go together.')
      expect(await findBarriers(window)).toEqual([])
      for (const look of ['dark', 'light'] as const) {
        await wearLook(window, look)
        await keepScreenshot(window, `files-conflict-${look}`)
      }
      await files.editor.getByRole('button', { name: 'Save the result' }).click()
      await expect(editor.saved).toBeVisible()
      expect(await readFile(at('notes.txt'), 'utf8')).toBe(
        'zero\r\none\r\ntwo and a half\r\nthree\r\nfour\r\n',
      )
    })

    await test.step('what only root may write is saved by sudo, whose password is asked for once', async () => {
      await files.row('locked').click()
      await window.keyboard.press('ArrowRight')
      await files.open('motd')
      await expect(files.lines).toContainText('welcome')
      await files.retype('welcome aboard\n')
      await window.keyboard.press('Control+s')
      await files.notice('is not saved').getByRole('button', { name: 'Save as root…' }).click()
      const dialog = window.getByRole('dialog', { name: 'Save as root' })
      const save = dialog.getByRole('button', { name: 'Save as root' })
      const password = dialog.getByLabel('Your password on the workspace')
      await save.click()
      await password.fill('wrong')
      await save.click()
      await expect(dialog).toContainText(/password/i)
      await expect(password).toHaveValue('')
      await password.fill('tide and lamp')
      expect(await findBarriers(window)).toEqual([])
      await save.click()
      await expect(dialog).toBeHidden()
      expect(await readFile(at('locked', 'motd'), 'utf8')).toBe('welcome aboard\n')
    })

    await test.step('a file is found by a few letters, and a text in files', async () => {
      await window.keyboard.press('Control+p')
      await window.getByRole('combobox', { name: 'Name of the file' }).fill('keep')
      await expect(window.getByRole('option', { name: /keeper\.ts/ })).toBeVisible()
      await keepScreenshot(window, 'files-quick-open')
      await window.keyboard.press('Enter')
      await expect(files.lines).toContainText('lamp')
      await window.keyboard.press('Control+Shift+f')
      await window.getByRole('searchbox', { name: 'Text in files' }).fill('two and')
      await window.keyboard.press('Enter')
      await window.getByRole('option', { name: /two and a half/ }).click()
      await expect(files.editor).toContainText('Line 3, column')
      expect(await findBarriers(window)).toEqual([])
      await keepScreenshot(window, 'files-search')
      await window.getByRole('button', { name: 'Close the search' }).click()
    })

    await test.step('a path in a terminal opens the file at its line', async () => {
      const terminals = terminalsScreen(window)
      await workspaceScreen(window).openTerminal.click()
      await terminals.run(String.raw`PS1='$ '; cd ~/lantern; printf '\e]7;file://host%s\a' "$PWD"; clear`)
      await terminals.run('clear; echo src/keeper.ts:3:5: here')
      const link = terminals.lines.getByText('src/keeper.ts:3:5').last()
      await expect(async () => {
        await link.click({ force: true, modifiers: ['Control'], timeout: 2_000, position: { x: 30, y: 8 } })
        await expect(files.editor).toContainText('Line 3, column 5', { timeout: 2_000 })
      }).toPass()
      await terminals.drawer.getByRole('button', { name: 'Hide the drawer' }).click()
    })

    await test.step('an upload goes on after the bridge was killed', async () => {
      const source = path.join(home, 'cargo.bin')
      const size = 200 * 1024 * 1024
      await writeFile(source, Buffer.alloc(size, 'cargo '))
      await running.application.evaluate(({ dialog }, file) => {
        dialog.showOpenDialog = async () => ({ canceled: false, filePaths: [file] })
      }, source)
      await window.getByRole('main').getByRole('button', { name: 'New or upload' }).click()
      await window.getByRole('menuitem', { name: 'Upload files…' }).click()
      await files.transfers.click()
      const list = window.getByRole('list', { name: 'Transfers' })
      await expect(list).toContainText('/s')
      await killHelper(running, 'bridge')
      await expect(list).toContainText('checksums agree', { timeout: 60_000 })
      expect((await stat(at('cargo.bin'))).size).toBe(size)
      expect(await findBarriers(window)).toEqual([])
      await keepScreenshot(window, 'files-transfers')
      await window.keyboard.press('Escape')
    })

    await test.step('who may read a file is changed', async () => {
      await files.choose('cargo.bin', 'Permissions…')
      const dialog = window.getByRole('dialog', { name: /^Permissions of/ })
      await dialog.getByRole('checkbox', { name: 'Others: read' }).uncheck()
      await dialog.getByRole('checkbox', { name: 'Group: read' }).uncheck()
      expect(await findBarriers(window)).toEqual([])
      await keepScreenshot(window, 'files-permissions')
      await dialog.getByRole('button', { name: 'Apply' }).click()
      await expect(dialog).toBeHidden()
      expect((await stat(at('cargo.bin'))).mode & 0o777).toBe(0o600)
    })

    await test.step('a file is dragged out once it is downloaded', async () => {
      const dragged = await recordDrags(running)
      await files.choose('notes.txt', 'Get ready to drag out')
      await expect(async () => {
        await files.row('notes.txt').dragTo(files.editor, { timeout: 2_000 })
        expect(await dragged()).not.toEqual([])
      }).toPass()
      const [copy = ''] = await dragged()
      expect(copy).not.toBe(at('notes.txt'))
      expect(await readFile(copy, 'utf8')).toBe(await readFile(at('notes.txt'), 'utf8'))
    })

    await test.step('the folder opens in another editor, after a question', async () => {
      const desktop = await recordDesktop(running)
      const openIn = async (): Promise<void> => {
        await window.getByRole('main').getByRole('button', { name: 'Open this folder in…' }).click()
        await window.getByRole('menuitem', { name: 'VS Code', exact: true }).click()
      }
      await openIn()
      await expect.poll(async () => (await desktop.read()).asked).toHaveLength(1)
      expect((await desktop.read()).opened).toEqual([])
      await desktop.answer(0)
      await openIn()
      await expect.poll(async () => (await desktop.read()).opened).toHaveLength(1)
      const [link = ''] = (await desktop.read()).opened
      expect(link).toMatch(/^vscode:\/\/coder\.coder-remote\/open\?/)
      expect(new URL(link).searchParams.get('folder')).toBe(project)
      expect(new URL(link).searchParams.get('token')).toBeNull()
    })

    await test.step('a deleted file comes back', async () => {
      await files.row('cargo.bin').click()
      await window.keyboard.press('Delete')
      await expect(files.row('cargo.bin')).toHaveCount(0)
      await window.getByRole('button', { name: 'Undo' }).click()
      await expect(files.row('cargo.bin')).toBeVisible()
    })

    await test.step('unsaved text is there again after a crash of the window', async () => {
      await files.tabs.filter({ hasText: 'keeper.ts' }).click()
      await files.retype('// not saved yet\n')
      await expect.poll(async () => recoveries(session)).toContain('// not saved yet')
      await window.reload()
      await files.tree.waitFor()
      await expect(files.notice('were not saved')).toBeVisible()
      await expect(files.lines).toContainText('// not saved yet')
      expect(await readFile(at('src', 'keeper.ts'), 'utf8')).toBe(keeper)
      expect(await findBarriers(window)).toEqual([])
    })

    await test.step('it is all usable in a small window', async () => {
      await files.notice('were not saved').getByRole('button', { name: 'Throw away' }).click()
      await expect(files.lines).toContainText('lamp')
      for (const look of ['dark', 'light', 'hc'] as const) {
        await wearLook(window, look)
        await keepScreenshot(window, `files-${look}`)
      }
      await resizeWindow(running, 900, 600)
      await keepScreenshot(window, 'files-small')
      expect(await findBarriers(window)).toEqual([])
    })
  })
})

/** All that is kept of unsaved texts, as one text. */
async function recoveries(session: DesktopSession): Promise<string> {
  const folder = path.join(userDataFolder(session), 'recovery')
  const names = existsSync(folder) ? await readdir(folder) : []
  return (await Promise.all(names.map(async (name) => readFile(path.join(folder, name), 'utf8')))).join('\n')
}

const keeper = `export interface Lamp {
  readonly name: string
  readonly isLit: boolean
}

/** Lights every lamp of the harbour, in order. */
export async function light(lamps: readonly Lamp[]): Promise<number> {
  let lit = 0
  for (const lamp of lamps) {
    if (lamp.isLit) continue
    console.log(\`lighting \${lamp.name}\`)
    lit += 1
  }
  return lit // 42 at most
}
`
