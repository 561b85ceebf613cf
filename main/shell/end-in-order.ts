/** What closing, quitting and a second start mean, and the order in which the app ends. */
import { app } from 'electron'
import type { Logger } from '#bridge/lib/logger'
import type { RunningApp } from '../ports/app-ports.ts'
import type { ShellWindows } from './windows.ts'

export function endInOrder(input: {
  readonly running: RunningApp
  readonly windows: ShellWindows
  readonly logger: Logger
  readonly hasTray: () => boolean
  /** Something native still waits, which would keep a process from ending whose windows are gone. */
  readonly isHeldUp: () => boolean
  /** Called last, before the process ends. */
  readonly end: () => void
}): void {
  const { running, windows, logger } = input
  let ending: Promise<void> | undefined
  let ended = false

  // Hidden without a tray, the app could not be brought back: then closing the window quits.
  const staysInTray = () => ending === undefined && running.keepsRunningInTray() && input.hasTray()
  windows.onCloseRequest(staysInTray)

  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin' && !staysInTray()) app.quit()
  })
  app.on('activate', () => {
    windows.show()
  })
  app.on('second-instance', () => {
    // Its arguments are another program's input: nothing of them is read here.
    windows.show()
  })

  app.on('will-quit', () => {
    if (!input.isHeldUp()) return
    logger.info('The app ends without waiting for the keychain')
    process.kill(process.pid, 'SIGKILL')
  })
  app.on('before-quit', (event) => {
    windows.allowClose()
    if (ended) return
    // Helper processes and files first; then the same quit goes through.
    event.preventDefault()
    ending ??= running
      .close()
      .catch((error: unknown) => {
        logger.error('The app did not end cleanly', { error })
      })
      .finally(() => {
        ended = true
        input.end()
        app.quit()
      })
  })
}
