/** A parsed key combination. `mod` is Cmd on macOS and Ctrl elsewhere. */
export interface KeyCombo {
  readonly mod: boolean
  readonly ctrl: boolean
  readonly alt: boolean
  readonly shift: boolean
  /** As `KeyboardEvent.key`, letters in lower case. */
  readonly key: string
}

const modifierNames = new Set(['mod', 'ctrl', 'alt', 'shift'])
const spoken: Record<string, string> = {
  arrowup: '↑',
  arrowdown: '↓',
  arrowleft: '←',
  arrowright: '→',
  escape: 'Esc',
  delete: 'Del',
  ' ': 'Space',
  space: 'Space',
}

/** Reads `Mod+Shift+P`. The last part is the key; a plus itself is written `Mod+Plus`. */
export function parseCombo(text: string): KeyCombo {
  const parts = text.split('+').map((part) => part.trim().toLowerCase())
  const last = parts.at(-1) ?? ''
  const unknown = parts.slice(0, -1).find((part) => !modifierNames.has(part))
  if (last === '' || unknown !== undefined) throw new Error(`Not a key combination: ${text}`)
  const key = last === 'plus' ? '+' : last === 'space' ? ' ' : last
  return {
    mod: parts.includes('mod'),
    ctrl: parts.includes('ctrl'),
    alt: parts.includes('alt'),
    shift: parts.includes('shift'),
    key,
  }
}

/** What the event tells about itself; a real KeyboardEvent fits. */
export type KeyPress = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>

/** Whether the pressed keys are exactly this combination. */
export function matchesCombo(press: KeyPress, combo: KeyCombo, mac: boolean): boolean {
  const wantsCtrl = combo.ctrl || (combo.mod && !mac)
  const wantsMeta = combo.mod && mac
  // Shift is part of the character for signs such as `?`, so it only counts when it was asked for or with a letter.
  const isSign = combo.key.length === 1 && !/[a-z0-9 ]/.test(combo.key)
  const shiftFits = isSign && !combo.shift ? true : press.shiftKey === combo.shift
  return (
    press.key.toLowerCase() === combo.key &&
    press.ctrlKey === wantsCtrl &&
    press.metaKey === wantsMeta &&
    press.altKey === combo.alt &&
    shiftFits
  )
}

/** The caps to print for a combination, in the order the platform writes them. */
export function comboCaps(text: string, mac: boolean): readonly string[] {
  const combo = parseCombo(text)
  const modifiers: readonly (readonly [held: boolean, cap: string])[] = mac
    ? [
        [combo.ctrl, '⌃'],
        [combo.alt, '⌥'],
        [combo.shift, '⇧'],
        [combo.mod, '⌘'],
      ]
    : [
        [combo.ctrl || combo.mod, 'Ctrl'],
        [combo.alt, 'Alt'],
        [combo.shift, 'Shift'],
      ]
  return [...modifiers.filter(([held]) => held).map(([, cap]) => cap), keyCap(combo.key)]
}

function keyCap(key: string): string {
  return spoken[key] ?? key.charAt(0).toUpperCase() + key.slice(1)
}
