/** What a key press in a terminal means when it is not for the shell. `app`: a shortcut of the window. */
export type TerminalKey = 'copy' | 'paste' | 'find' | 'app'

type Press = Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>

/**
 * Sorts key presses between shell and window. Plain Ctrl keys belong to the shell (Ctrl+K kills a line), so on Linux
 * and Windows the terminal's own keys have Shift, as in every terminal there.
 */
export function terminalKey(press: Press, mac: boolean, hasSelection: boolean): TerminalKey | undefined {
  if (press.altKey) return isResizeKey(press) ? 'app' : undefined
  if (isWindowKey(press, mac)) return 'app'
  const chord = mac ? press.metaKey && !press.ctrlKey && !press.shiftKey : press.ctrlKey && press.shiftKey
  if (!chord) return undefined
  switch (press.key.toLowerCase()) {
    case 'c':
      return mac && !hasSelection ? undefined : 'copy'
    case 'v':
      return 'paste'
    case 'f':
      return 'find'
    default:
      return undefined
  }
}

function isWindowKey(press: Press, mac: boolean): boolean {
  const key = press.key.toLowerCase()
  if (press.ctrlKey && !press.shiftKey && (press.code === 'Backquote' || tabKeys.has(key))) return true
  if (press.ctrlKey && press.shiftKey && splitKeys.has(key)) return true
  if (mac) return press.metaKey && /^[ktw1-9]$/.test(key)
  return press.ctrlKey && press.shiftKey && /^[twp]$/.test(key)
}

const tabKeys: ReadonlySet<string> = new Set(['pageup', 'pagedown'])

/** With Ctrl and Shift: split, zoom, go to the terminal beside, move the tab. */
const splitKeys: ReadonlySet<string> = new Set([
  'e',
  'o',
  'x',
  'arrowleft',
  'arrowright',
  'arrowup',
  'arrowdown',
  'pageup',
  'pagedown',
])

/** Alt+Shift+arrow makes the terminal larger or smaller, Alt+Shift+Page goes from prompt to prompt. */
function isResizeKey({ key, altKey, shiftKey, ctrlKey, metaKey }: Press): boolean {
  return altKey && shiftKey && !ctrlKey && !metaKey && /^(?:Arrow|Page)/.test(key)
}
