/** Keys pressed in a preview that are not its own. */
import type { BrowserWindow, WebContents } from 'electron'
import { previewKey, type PreviewKey } from '../security/app-preview-keys.ts'

/** Keys that the window's own page handles are given to it, and the keyboard with them. */
export function handleKeys(
  contents: WebContents,
  window: BrowserWindow,
  onKey: (key: Exclude<PreviewKey, 'page' | 'app'>) => void,
): void {
  contents.on('before-input-event', (event, input) => {
    const key = previewKey(input, process.platform === 'darwin')
    if (key === 'page' || window.isDestroyed()) return
    event.preventDefault()
    if (key === 'app' || key === 'leave' || key === 'close') window.webContents.focus()
    if (key !== 'app') {
      onKey(key)
      return
    }
    const modifiers = [input.control ? 'control' : '', input.meta ? 'meta' : ''].filter(
      (name): name is 'control' | 'meta' => name !== '',
    )
    window.webContents.sendInputEvent({ type: 'keyDown', keyCode: input.key, modifiers })
    window.webContents.sendInputEvent({ type: 'keyUp', keyCode: input.key, modifiers })
  })
}
