/** Which keys pressed inside of a preview are the app's: the page behind gets all others. */
interface PressedKey {
  readonly type: string
  readonly key: string
  readonly control: boolean
  readonly meta: boolean
  readonly alt: boolean
  readonly shift: boolean
}

/** `app`: the window's own shortcut, which goes there with the keyboard. */
export type PreviewKey = 'page' | 'leave' | 'close' | 'reload' | 'back' | 'forward' | 'app'

/** Searching and commands, a new chat, the rail, the settings. */
const withModifier = new Set(['k', 'n', 'b', ','])

/** What main does with a key before the page sees it. */
export function previewKey(pressed: PressedKey, isMac: boolean): PreviewKey {
  if (pressed.type !== 'keyDown') return 'page'
  const { key, control, meta, alt, shift } = pressed
  const mod = isMac ? meta && !control : control && !meta
  if (key === 'F6' && !alt && !shift) return 'leave'
  if (key === 'F5' && !alt && !shift && !control && !meta) return 'reload'
  if (alt && !control && !meta && !shift && !isMac) return historyKey(key)
  if (alt || shift) return 'page'
  if (mod) return modified(key.toLowerCase(), isMac)
  return control && key === '`' ? 'app' : 'page'
}

function modified(key: string, isMac: boolean): PreviewKey {
  if (key === 'w') return 'close'
  if (key === 'r') return 'reload'
  if (isMac && key === '[') return 'back'
  if (isMac && key === ']') return 'forward'
  return withModifier.has(key) || (key === '`' && !isMac) ? 'app' : 'page'
}

function historyKey(key: string): PreviewKey {
  if (key === 'ArrowLeft') return 'back'
  return key === 'ArrowRight' ? 'forward' : 'page'
}
