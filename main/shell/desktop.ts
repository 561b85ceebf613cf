/** The Desktop port on Electron. */
import { app, BrowserWindow, clipboard, dialog, Notification, shell } from 'electron'
import type { Desktop } from '../ports/desktop.ts'
import { notificationText } from '../security/notification-text.ts'
import { writeAutostart } from './linux-autostart.ts'
import { readClipboardImage } from './clipboard-image.ts'
import { openFolder, openInSystem, showInFolder } from './shell-open.ts'

export function createDesktop(input: {
  readonly setTheme: Desktop['setTheme']
  readonly appImage: string | undefined
}): Desktop {
  // Kept until closed: a notification that is collected loses its click.
  const shown = new Set<Notification>()
  const parent = () =>
    BrowserWindow.getFocusedWindow() ?? BrowserWindow.getAllWindows().find((w) => w.isVisible())

  return {
    openExternal: openInSystem,
    openFolder,
    ask: async ({ message, detail, buttons, cancel }) => {
      const options = {
        type: 'question' as const,
        message,
        detail,
        buttons: [...buttons],
        cancelId: cancel,
        defaultId: cancel,
        noLink: true,
      }
      const window = parent()
      const answer = await (window === undefined
        ? dialog.showMessageBox(options)
        : dialog.showMessageBox(window, options))
      return answer.response
    },
    chooseSavePath: async (suggestedName) => {
      const window = parent()
      const options = { defaultPath: suggestedName, properties: ['showOverwriteConfirmation' as const] }
      const answer = await (window === undefined
        ? dialog.showSaveDialog(options)
        : dialog.showSaveDialog(window, options))
      return answer.canceled || answer.filePath === '' ? null : answer.filePath
    },
    chooseOpenPath: async (title) => {
      const window = parent()
      const options = { title, properties: ['openFile' as const, 'showHiddenFiles' as const] }
      const answer = await (window === undefined
        ? dialog.showOpenDialog(options)
        : dialog.showOpenDialog(window, options))
      return answer.canceled ? null : (answer.filePaths[0] ?? null)
    },
    choosePaths: async (what) => {
      const window = parent()
      const options = { properties: [...chooserProperties[what]] }
      const answer = await (window === undefined
        ? dialog.showOpenDialog(options)
        : dialog.showOpenDialog(window, options))
      return answer.canceled ? [] : answer.filePaths
    },
    showInFolder,
    // Synchronous in Electron 33, a promise in newer ones: awaiting serves both.
    readClipboard: async () => await clipboard.readText(),
    readClipboardImage: async () => readClipboardImage(clipboard),
    writeClipboard: async (text) => {
      await clipboard.writeText(text)
    },
    beep: () => shell.beep(),
    notify: ({ title, body, onClick }) => {
      if (!Notification.isSupported()) return
      const notification = new Notification({ title: notificationText(title), body: notificationText(body) })
      shown.add(notification)
      notification.on('click', () => {
        shown.delete(notification)
        onClick()
      })
      notification.on('close', () => shown.delete(notification))
      notification.show()
    },
    setLaunchAtLogin: (enabled) => {
      setLaunchAtLogin(enabled, input.appImage)
    },
    setTheme: (theme) => {
      input.setTheme(theme)
    },
    quit: () => {
      app.quit()
    },
  }
}

/** A dialog of Linux and Windows has either files or folders. */
const chooserProperties = {
  files: ['openFile', 'multiSelections', 'showHiddenFiles'],
  folders: ['openDirectory', 'multiSelections', 'showHiddenFiles'],
  'target-folder': ['openDirectory', 'createDirectory'],
} as const

/** macOS and Windows by Electron; Linux by the desktop's own autostart folder (`linux-autostart`). */
function setLaunchAtLogin(enabled: boolean, appImage: string | undefined): void {
  if (process.platform === 'linux') writeAutostart(enabled, appImage)
  else if (app.isPackaged) app.setLoginItemSettings({ openAtLogin: enabled, args: ['--hidden'] })
}
