/** Launch at login on Linux: a desktop entry in the autostart folder (freedesktop.org, Desktop Application Autostart). */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { app } from 'electron'

/**
 * Writes or removes the entry. Only a packaged app has a program of its own to start.
 *
 * @param appImage the file an AppImage was started from: its own path is a mount that is gone at the next login.
 */
export function writeAutostart(enabled: boolean, appImage: string | undefined): void {
  if (!app.isPackaged) return
  const dir = join(app.getPath('appData'), 'autostart')
  const file = join(dir, 'outpost.desktop')
  if (!enabled) {
    rmSync(file, { force: true })
    return
  }
  mkdirSync(dir, { recursive: true })
  writeFileSync(file, autostartEntry(appImage ?? process.execPath), { mode: 0o644 })
}

/** An Exec value is quoted, and inside the quotes `"`, `` ` ``, `$` and `\` are escaped (Desktop Entry, Exec key). */
export function autostartEntry(program: string): string {
  const quoted = `"${program.replaceAll(/["`$\\]/g, String.raw`\$&`).replaceAll('%', '%%')}"`
  return `[Desktop Entry]\nType=Application\nName=Outpost\nExec=${quoted} --hidden\nX-GNOME-Autostart-enabled=true\n`
}
