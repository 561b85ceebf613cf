/** How a stretch of text looks. Colours are CSS values: palette variables of the theme, or exact ones. */
export interface SgrStyle {
  readonly color?: string | undefined
  readonly background?: string | undefined
  readonly bold?: boolean | undefined
  readonly dim?: boolean | undefined
  readonly italic?: boolean | undefined
  readonly underline?: boolean | undefined
  readonly strike?: boolean | undefined
  readonly inverse?: boolean | undefined
}

/** Text of one look. */
export interface SgrSpan {
  readonly text: string
  readonly style: SgrStyle
}

const plain: SgrStyle = {}

/**
 * Escape sequences of ECMA-48: CSI (group 1 parameters, group 2 final byte), OSC ended by BEL or ST, and short ones.
 * Only SGR (final `m`) changes the look; everything else is taken out.
 */
const escapes =
  /\u001b\[([0-9:;<=>?]*)[ -/]*([@-~])|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\|$)|\u001b[ -/]*[0-~]|[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g

/** Splits a line with colour codes into spans. A carriage return keeps what was written last, as a terminal does. */
export function parseSgr(line: string): readonly SgrSpan[] {
  const text = lastRewrite(line)
  const spans: SgrSpan[] = []
  let style = plain
  let from = 0
  const push = (to: number) => {
    if (to > from) spans.push({ text: text.slice(from, to), style })
  }
  for (const match of text.matchAll(escapes)) {
    push(match.index)
    from = match.index + match[0].length
    if (match[2] === 'm') style = applySgr(style, match[1] ?? '')
  }
  push(text.length)
  return spans
}

/** The text of a line without its codes. */
export function stripSgr(line: string): string {
  return lastRewrite(line).replace(escapes, '')
}

function lastRewrite(line: string): string {
  const trimmed = line.replace(/[\r\n]+$/, '')
  return trimmed.slice(trimmed.lastIndexOf('\r') + 1)
}

function applySgr(before: SgrStyle, parameters: string): SgrStyle {
  let style = before
  const codes = readCodes(parameters)
  for (let index = 0; index < codes.length; index += 1) {
    const code = codes[index] ?? [0]
    const [first = 0] = code
    if (first !== 38 && first !== 48) {
      style = applySimple(style, first)
      continue
    }
    // The colon form carries its colour inside; the older form takes the parameters that follow.
    const own = code.length > 1
    const rest = own ? code.slice(1) : codes.slice(index + 1).map(([value = 0]) => value)
    const { color, used } = extendedColor(rest, own)
    if (!own) index += used
    if (color !== undefined) style = first === 38 ? { ...style, color } : { ...style, background: color }
  }
  return style
}

function readCodes(parameters: string): readonly (readonly number[])[] {
  return parameters
    .split(';')
    .map((part) => part.split(':').map((value) => (value === '' ? 0 : Number(value))))
}

function extendedColor(values: readonly number[], own: boolean): { color: string | undefined; used: number } {
  if (values[0] === 5) return { color: indexedColor(values[1] ?? -1), used: 2 }
  if (values[0] !== 2) return { color: undefined, used: 1 }
  // `38:2::r:g:b` has an empty colour space before the channels.
  const channels = own && values.length > 4 ? values.slice(2, 5) : values.slice(1, 4)
  const isValid = channels.length === 3 && channels.every((value) => value >= 0 && value <= 255)
  return { color: isValid ? exactColor(channels) : undefined, used: 4 }
}

/** A colour the program itself chose, not one of ours. */
function exactColor(channels: readonly number[]): string {
  // eslint-disable-next-line outpost/no-raw-colour -- the codes name it, no token can
  return `rgb(${channels.join(' ')})`
}

const cubeLevels = [0, 95, 135, 175, 215, 255] as const

/** The xterm palette: 16 of the theme, a 6 × 6 × 6 cube, 24 greys. */
function indexedColor(index: number): string | undefined {
  if (!Number.isInteger(index) || index < 0 || index > 255) return undefined
  if (index < 16) return `var(--a${index})`
  if (index >= 232) {
    const grey = 8 + (index - 232) * 10
    return exactColor([grey, grey, grey])
  }
  const cube = index - 16
  const level = (position: number) => cubeLevels[position % 6] ?? 0
  return exactColor([level(Math.floor(cube / 36)), level(Math.floor(cube / 6)), level(cube)])
}

const switches: Readonly<Record<number, SgrStyle>> = {
  1: { bold: true },
  2: { dim: true },
  3: { italic: true },
  4: { underline: true },
  7: { inverse: true },
  9: { strike: true },
  22: { bold: undefined, dim: undefined },
  23: { italic: undefined },
  24: { underline: undefined },
  27: { inverse: undefined },
  29: { strike: undefined },
  39: { color: undefined },
  49: { background: undefined },
}

function applySimple(style: SgrStyle, code: number): SgrStyle {
  if (code === 0) return plain
  const change = switches[code]
  if (change) return { ...style, ...change }
  if (code >= 30 && code <= 37) return { ...style, color: `var(--a${code - 30})` }
  if (code >= 90 && code <= 97) return { ...style, color: `var(--a${code - 82})` }
  if (code >= 40 && code <= 47) return { ...style, background: `var(--a${code - 40})` }
  if (code >= 100 && code <= 107) return { ...style, background: `var(--a${code - 92})` }
  return style
}
