/** The only place where a window is made. */
import { BrowserWindow } from 'electron'
import type { BridgeFacts } from '#ipc/bridge-api'
import { windowOptions, type WindowLook, type WindowPlacement } from '../security/window-options.ts'

/** Makes a window and loads the page; it is shown with its first paint, so that nothing flashes. */
export function openWindow(input: {
  readonly facts: BridgeFacts
  readonly preload: string
  readonly look: WindowLook
  readonly placement: WindowPlacement
  /** Of our own scheme; one of `main/security` made it. */
  readonly url: string
  readonly onLoadFailed: (error: unknown) => void
}): BrowserWindow {
  const window = new BrowserWindow(windowOptions(input))
  window.removeMenu()
  window.once('ready-to-show', () => {
    window.show()
  })
  window.loadURL(input.url).catch(input.onLoadFailed)
  return window
}
