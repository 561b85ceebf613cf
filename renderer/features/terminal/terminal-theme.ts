import type { ITheme } from '@xterm/xterm'

const ansiNames = [
  'black',
  'red',
  'green',
  'yellow',
  'blue',
  'magenta',
  'cyan',
  'white',
  'brightBlack',
  'brightRed',
  'brightGreen',
  'brightYellow',
  'brightBlue',
  'brightMagenta',
  'brightCyan',
  'brightWhite',
] as const

/** The palette of the current theme, from the tokens. xterm reads hex only, so a canvas translates. */
export function readTerminalTheme(root: HTMLElement): ITheme {
  const style = getComputedStyle(root)
  const context = root.ownerDocument.createElement('canvas').getContext('2d', { willReadFrequently: true })
  const token = (name: string): string | undefined => {
    const value = style.getPropertyValue(name).trim()
    return context && value !== '' ? toHex(context, value) : undefined
  }
  const theme: Record<string, string> = {}
  const set = (name: keyof ITheme, value: string | undefined): void => {
    if (value !== undefined) theme[name] = value
  }
  set('background', token('--term-bg'))
  set('foreground', token('--term-fg'))
  set('cursor', token('--term-cursor'))
  set('cursorAccent', token('--term-bg'))
  set('selectionBackground', token('--term-sel'))
  ansiNames.forEach((name, index) => set(name, token(`--a${index}`)))
  return theme
}

function toHex(context: CanvasRenderingContext2D, colour: string): string {
  context.clearRect(0, 0, 1, 1)
  context.fillStyle = colour
  context.fillRect(0, 0, 1, 1)
  const pixel = context.getImageData(0, 0, 1, 1).data
  return `#${[...pixel].map((part) => part.toString(16).padStart(2, '0')).join('')}`
}
