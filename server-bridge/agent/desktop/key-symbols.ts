/** Keys by the names that models know them by, as X11 numbers them (keysymdef.h). */

const FIRST_FUNCTION_KEY = 0xffbe
const FUNCTION_KEYS = 24
const FIRST_KEYPAD_DIGIT = 0xffb0
/** Keysyms of characters beyond Latin-1 are their code points with this set. */
const UNICODE = 0x01000000
const LATIN_1_END = 0x100

/** X11's names, those of `xdotool`, and those of browsers, all in lower case without `_` and spaces. */
const named: Readonly<Record<string, number>> = {
  backspace: 0xff08,
  tab: 0xff09,
  return: 0xff0d,
  enter: 0xff0d,
  linefeed: 0xff0a,
  escape: 0xff1b,
  esc: 0xff1b,
  delete: 0xffff,
  del: 0xffff,
  home: 0xff50,
  left: 0xff51,
  arrowleft: 0xff51,
  up: 0xff52,
  arrowup: 0xff52,
  right: 0xff53,
  arrowright: 0xff53,
  down: 0xff54,
  arrowdown: 0xff54,
  pageup: 0xff55,
  prior: 0xff55,
  pagedown: 0xff56,
  next: 0xff56,
  end: 0xff57,
  insert: 0xff63,
  ins: 0xff63,
  print: 0xff61,
  printscreen: 0xff61,
  pause: 0xff13,
  break: 0xff6b,
  menu: 0xff67,
  contextmenu: 0xff67,
  scrolllock: 0xff14,
  numlock: 0xff7f,
  capslock: 0xffe5,
  shift: 0xffe1,
  shiftl: 0xffe1,
  shiftr: 0xffe2,
  ctrl: 0xffe3,
  control: 0xffe3,
  controll: 0xffe3,
  ctrll: 0xffe3,
  controlr: 0xffe4,
  ctrlr: 0xffe4,
  alt: 0xffe9,
  altl: 0xffe9,
  option: 0xffe9,
  altr: 0xffea,
  altgr: 0xfe03,
  isolevel3shift: 0xfe03,
  meta: 0xffe7,
  metal: 0xffe7,
  metar: 0xffe8,
  super: 0xffeb,
  superl: 0xffeb,
  superr: 0xffec,
  cmd: 0xffeb,
  command: 0xffeb,
  win: 0xffeb,
  windows: 0xffeb,
  hyper: 0xffed,
  kpenter: 0xff8d,
  kpadd: 0xffab,
  kpsubtract: 0xffad,
  kpmultiply: 0xffaa,
  kpdivide: 0xffaf,
  kpdecimal: 0xffae,
  space: 0x20,
  exclam: 0x21,
  quotedbl: 0x22,
  numbersign: 0x23,
  dollar: 0x24,
  percent: 0x25,
  ampersand: 0x26,
  apostrophe: 0x27,
  parenleft: 0x28,
  parenright: 0x29,
  asterisk: 0x2a,
  plus: 0x2b,
  comma: 0x2c,
  minus: 0x2d,
  period: 0x2e,
  slash: 0x2f,
  colon: 0x3a,
  semicolon: 0x3b,
  less: 0x3c,
  equal: 0x3d,
  greater: 0x3e,
  question: 0x3f,
  at: 0x40,
  bracketleft: 0x5b,
  backslash: 0x5c,
  bracketright: 0x5d,
  asciicircum: 0x5e,
  underscore: 0x5f,
  grave: 0x60,
  braceleft: 0x7b,
  bar: 0x7c,
  braceright: 0x7d,
  asciitilde: 0x7e,
}

/** The symbol of the key that types a character; undefined: none does. */
export function symbolOfCharacter(character: string): number | undefined {
  const code = character.codePointAt(0) ?? 0
  if (character === '\n' || character === '\r') return named['return']
  if (character === '\t') return named['tab']
  if (code < 0x20 || (code >= 0x7f && code < 0xa0)) return undefined
  return code < LATIN_1_END ? code : UNICODE | code
}

/** The symbol of a key by its name; undefined: there is no such key. */
export function symbolOfKey(name: string): number | undefined {
  if ([...name].length === 1) return symbolOfCharacter(name)
  const known = name.toLowerCase().replace(/[_\s]/g, '')
  if (Object.hasOwn(named, known)) return named[known]
  const [, functionKey] = /^f(\d{1,2})$/.exec(known) ?? []
  if (functionKey !== undefined && Number(functionKey) >= 1 && Number(functionKey) <= FUNCTION_KEYS)
    return FIRST_FUNCTION_KEY + Number(functionKey) - 1
  const [, digit] = /^kp(\d)$/.exec(known) ?? []
  return digit === undefined ? undefined : FIRST_KEYPAD_DIGIT + Number(digit)
}

/** Letters are pressed as they stand on the key where others are held: `ctrl+S` is what people call Ctrl and S. */
const bare = (name: string): string => (/^[A-Z]$/.test(name) ? name.toLowerCase() : name)

/** Keys that are held together, in their order. `ctrl++` holds the key of the plus sign. @throws for the model */
function symbolsOfChord(chord: string): readonly number[] {
  const names = chord === '+' ? ['+'] : chord.replace(/\+\+$/, '+plus').split('+')
  return names.map((name) => {
    const symbol = symbolOfKey(names.length > 1 ? bare(name) : name)
    if (symbol === undefined) throw new UnknownKeyError(name)
    return symbol
  })
}

export class UnknownKeyError extends Error {
  override readonly name = 'UnknownKeyError'
  constructor(key: string) {
    super(
      `There is no key ${JSON.stringify(key)}. Names are those of X11, such as Return, Page_Down or ctrl+s.`,
    )
  }
}

/** Chords after each other: `ctrl+a Delete`. @throws {UnknownKeyError} */
export function readChords(keys: string): readonly (readonly number[])[] {
  // A space alone is the key of that name.
  const chords = keys.trim() === '' ? ['space'] : keys.trim().split(/\s+/)
  return chords.map(symbolsOfChord)
}
