import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'

type Rgba = readonly [red: number, green: number, blue: number, alpha: number]

const css = readFileSync(path.join(import.meta.dirname, 'tokens.css'), 'utf8')
const themes = ['light', 'dark', 'hc'] as const

/** All tokens of a theme: those of `:root`, overwritten by its own block. */
function readTokens(theme: string): ReadonlyMap<string, string> {
  const tokens = new Map<string, string>()
  const plain = css.replaceAll(/\/\*[\s\S]*?\*\//g, '')
  for (const [, selector = '', body = ''] of plain.matchAll(/([^{}]+)\{([^{}]*)\}/g)) {
    const isOurs =
      selector.includes(`[data-theme='${theme}']`) || selector.includes(`[data-theme="${theme}"]`)
    if (!selector.includes(':root') && !isOurs) continue
    if (selector.includes('@media')) continue
    for (const [, name = '', value = ''] of body.matchAll(/(--[\w-]+):\s*([^;]+);/g))
      tokens.set(name, value.trim())
  }
  return tokens
}

/** OKLCH to sRGB by the matrices of CSS Color 4, channels clipped to the gamut as a browser shows them. */
function parseOklch(value: string): Rgba {
  const [, body = ''] = /^oklch\(([^)]+)\)$/.exec(value) ?? []
  const [components = '', alpha = '1'] = body.split('/')
  const [l = Number.NaN, c = Number.NaN, h = Number.NaN] = components.trim().split(/\s+/).map(Number)
  const hue = (h * Math.PI) / 180
  const [a, b] = [c * Math.cos(hue), c * Math.sin(hue)]
  const long = (l + 0.3963377774 * a + 0.2158037573 * b) ** 3
  const medium = (l - 0.1055613458 * a - 0.0638541728 * b) ** 3
  const short = (l - 0.0894841775 * a - 1.291485548 * b) ** 3
  const linear = [
    4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
    -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
    -0.0041960863 * long - 0.7034186147 * medium + 1.707614701 * short,
  ]
  const [red = 0, green = 0, blue = 0] = linear.map((channel) => {
    const clipped = Math.min(1, Math.max(0, channel))
    return clipped <= 0.0031308 ? 12.92 * clipped : 1.055 * clipped ** (1 / 2.4) - 0.055
  })
  return [red, green, blue, Number(alpha)]
}

function colorOf(tokens: ReadonlyMap<string, string>, name: string): Rgba {
  const value = tokens.get(name)
  if (value === undefined) throw new Error(`There is no token ${name}.`)
  const reference = /^var\((--[\w-]+)\)$/.exec(value)?.[1]
  return reference === undefined ? parseOklch(value) : colorOf(tokens, reference)
}

function over(top: Rgba, below: Rgba): Rgba {
  const mix = (index: 0 | 1 | 2) => top[index] * top[3] + below[index] * (1 - top[3])
  return [mix(0), mix(1), mix(2), 1]
}

function luminance([red, green, blue]: Rgba): number {
  const linear = (channel: number) =>
    channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
}

/** WCAG 2.2 contrast of a colour on a pile of surfaces, the lowest first. */
function contrast(tokens: ReadonlyMap<string, string>, front: string, surfaces: readonly string[]): number {
  const ground = surfaces.map((name) => colorOf(tokens, name)).reduce((below, top) => over(top, below))
  const [a, b] = [luminance(over(colorOf(tokens, front), ground)), luminance(ground)]
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)
}

const surfaces = ['--bg-page', '--bg-frame', '--bg-card', '--bg-sunken', '--bg-float', '--bg-control']
const tones = ['ok', 'busy', 'bad', 'warn', 'gone']
const ansi = Array.from({ length: 16 }, (_, index) => `--a${index}`)

/** Where text stands, as piles of surfaces. */
const text: readonly (readonly [front: string, ground: readonly string[]])[] = [
  ...['--fg', '--fg-2', '--fg-3'].flatMap((front) => [
    ...surfaces.map((surface) => [front, [surface]] as const),
    [front, ['--bg-page', '--bg-hover']] as const,
    [front, ['--bg-frame', '--bg-hover']] as const,
    [front, ['--bg-float', '--bg-hover']] as const,
    [front, ['--bg-page', '--bg-selected']] as const,
    [front, ['--bg-page', '--idle-bg']] as const,
  ]),
  ['--fg', ['--bg-frame', '--bg-active']],
  ...surfaces.map((surface) => ['--accent-fg', [surface]] as const),
  ['--accent-fg', ['--bg-page', '--accent-soft']],
  ['--accent-fg', ['--bg-page', '--bg-selected']],
  ['--on-accent', ['--accent']],
  ['--on-accent', ['--accent-hover']],
  ...tones.flatMap((tone) => [
    [`--${tone}-fg`, ['--bg-page']] as const,
    [`--${tone}-fg`, ['--bg-card']] as const,
    [`--${tone}-fg`, ['--bg-float']] as const,
    [`--${tone}-fg`, ['--bg-page', `--${tone}-bg`]] as const,
    [`--${tone}-fg`, ['--bg-card', `--${tone}-bg`]] as const,
    ['--fg', ['--bg-page', `--${tone}-bg`]] as const,
  ]),
  ...['--term-fg', ...ansi].map((front) => [front, ['--term-bg']] as const),
  ...ansi.map((front) => [front, ['--term-bg', '--bg-hover']] as const),
  ['--term-fg', ['--term-bg', '--term-sel']],
  ['--term-fg', ['--term-bg', '--warn-bg']],
  ['--bg-page', ['--bad']],
  ['--add-fg', ['--bg-page', '--add-bg']],
  ['--del-fg', ['--bg-page', '--del-bg']],
]

const shapeGrounds = [['--bg-page'], ['--bg-frame'], ['--bg-card'], ['--bg-page', '--bg-selected']]
const shapes: readonly (readonly [front: string, ground: readonly string[]])[] = [
  ...['--ok', '--busy', '--idle', '--bad', '--warn', '--gone'].flatMap((front) =>
    shapeGrounds.map((ground) => [front, ground] as const),
  ),
  ...['--line-ui', '--ring'].flatMap((front) =>
    ['--bg-page', '--bg-card', '--bg-float'].map((ground) => [front, [ground]] as const),
  ),
  ['--ring', ['--bg-frame']],
  ['--accent', ['--bg-page']],
  ['--term-cursor', ['--term-bg']],
]

describe.each(themes)('the %s theme', (theme) => {
  const tokens = readTokens(theme)
  const failing = (pairs: typeof text, least: number) =>
    pairs
      .map(([front, ground]) => ({
        pair: `${front} on ${ground.join(' + ')}`,
        ratio: contrast(tokens, front, ground),
      }))
      .filter(({ ratio }) => !(ratio >= least))
      .map(({ pair, ratio }) => `${pair}: ${ratio.toFixed(2)}`)

  it('keeps text readable at 4.5 to 1 wherever it stands', () => {
    expect(failing(text, 4.5)).toEqual([])
  })

  it('keeps states, edges of fields and focus rings visible at 3 to 1', () => {
    expect(failing(shapes, 3)).toEqual([])
  })
})

describe('the measurement', () => {
  it('agrees with known colours', () => {
    const known = new Map([
      ['--white', 'oklch(1 0 0)'],
      ['--black', 'oklch(0 0 0)'],
      ['--grey', 'oklch(0.5999 0 0)'],
    ])
    expect(contrast(known, '--black', ['--white'])).toBeCloseTo(21, 1)
    // #808080 on white is 3.95 to 1.
    expect(contrast(known, '--grey', ['--white'])).toBeCloseTo(3.95, 1)
  })
})
