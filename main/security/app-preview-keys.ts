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

/** By the key and what is held with it: `Mod` is Ctrl, and Cmd on a Mac. */
const everywhere: ReadonlyMap<string, PreviewKey> = new Map([
  ['F6', 'leave'],
  ['Mod+F6', 'leave'],
  ['F5', 'reload'],
  ['Mod+r', 'reload'],
  ['Mod+w', 'close'],
  ['Mod+k', 'app'],
  ['Mod+n', 'app'],
  ['Mod+b', 'app'],
  ['Mod+,', 'app'],
])
const onMac: ReadonlyMap<string, PreviewKey> = new Map([
  ['Ctrl+`', 'app'],
  ['Mod+[', 'back'],
  ['Mod+]', 'forward'],
])
const elsewhere: ReadonlyMap<string, PreviewKey> = new Map([
  ['Mod+`', 'app'],
  ['Alt+ArrowLeft', 'back'],
  ['Alt+ArrowRight', 'forward'],
])

/** What main does with a key before the page sees it. */
export function previewKey(pressed: PressedKey, isMac: boolean): PreviewKey {
  if (pressed.type !== 'keyDown') return 'page'
  const combo = nameOf(pressed, isMac)
  return everywhere.get(combo) ?? (isMac ? onMac : elsewhere).get(combo) ?? 'page'
}

function nameOf({ key, control, meta, alt, shift }: PressedKey, isMac: boolean): string {
  const held = [
    ...(control ? [isMac ? 'Ctrl' : 'Mod'] : []),
    ...(meta ? [isMac ? 'Mod' : 'Meta'] : []),
    ...(alt ? ['Alt'] : []),
    ...(shift ? ['Shift'] : []),
  ]
  // With the capitals locked a letter is a large one.
  return [...held, key.length === 1 ? key.toLowerCase() : key].join('+')
}
