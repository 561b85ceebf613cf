/** The only place where a window is made, and what lies over one. */
import { BrowserWindow, WebContentsView } from 'electron'
import type { BridgeFacts } from '#ipc/bridge-api'
import { previewPreferences } from '../security/app-preview-options.ts'
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

/** Makes the view of a preview; nothing is loaded, and nothing to be seen yet. */
export function makePreviewView(partition: string): WebContentsView {
  const view = new WebContentsView({ webPreferences: previewPreferences(partition) })
  // A page that paints no ground of its own is meant for white.
  view.setBackgroundColor('#ffffff')
  view.setVisible(false)
  return view
}
