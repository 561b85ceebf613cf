import * as monaco from 'monaco-editor/editor/editor.api.js'

/** The one theme, defined anew from the tokens whenever the look of the app changes. */
export const themeName = 'outpost'

/** Paints Monaco in the colours of the page, now and after each change of its look. */
export function followTheme(root: HTMLElement): void {
  const paint = (): void => {
    monaco.editor.defineTheme(themeName, readTheme(root))
    monaco.editor.setTheme(themeName)
  }
  paint()
  new MutationObserver(paint).observe(root, { attributeFilter: ['data-theme'] })
}

type Colour = (token: string) => string

function readTheme(root: HTMLElement): monaco.editor.IStandaloneThemeData {
  const style = getComputedStyle(root)
  const context = root.ownerDocument.createElement('canvas').getContext('2d', { willReadFrequently: true })
  // Monaco reads hex only, so a canvas translates.
  const colour: Colour = (token) => {
    if (!context) return ''
    context.clearRect(0, 0, 1, 1)
    context.fillStyle = style.getPropertyValue(token).trim()
    context.fillRect(0, 0, 1, 1)
    const [r = 0, g = 0, b = 0, alpha = 255] = context.getImageData(0, 0, 1, 1).data
    const parts = alpha === 255 ? [r, g, b] : [r, g, b, alpha]
    return `#${parts.map((part) => part.toString(16).padStart(2, '0')).join('')}`
  }
  const look = root.dataset['theme']
  return {
    base: look === 'hc' ? 'hc-black' : look === 'dark' ? 'vs-dark' : 'vs',
    inherit: true,
    rules: tokenRules(colour),
    colors: editorColours(colour),
  }
}

/** Words of the languages in the palette of the terminal, whose contrast is measured. */
function tokenRules(colour: Colour): monaco.editor.ITokenThemeRule[] {
  const rule = (token: string, name: string, fontStyle?: string): monaco.editor.ITokenThemeRule => ({
    token,
    foreground: colour(name).slice(1, 7),
    ...(fontStyle === undefined ? {} : { fontStyle }),
  })
  return [
    rule('', '--term-fg'),
    rule('comment', '--fg-3', 'italic'),
    rule('keyword', '--a5'),
    rule('string', '--a2'),
    rule('string.key', '--a4'),
    rule('number', '--a3'),
    rule('regexp', '--a1'),
    rule('type', '--a6'),
    rule('tag', '--a4'),
    rule('attribute.name', '--a3'),
    rule('attribute.value', '--a2'),
    rule('variable', '--a4'),
    rule('predefined', '--a4'),
    rule('constant', '--a3'),
    rule('metatag', '--a5'),
    rule('annotation', '--a5'),
    rule('delimiter', '--fg-2'),
    rule('operator', '--fg-2'),
    rule('invalid', '--bad-fg'),
  ]
}

function editorColours(colour: Colour): Record<string, string> {
  const names: Readonly<Record<string, string>> = {
    'editor.background': '--bg-page',
    'editor.foreground': '--term-fg',
    'editorLineNumber.foreground': '--fg-3',
    'editorLineNumber.activeForeground': '--fg',
    'editorLineNumber.dimmedForeground': '--fg-3',
    'editorCursor.foreground': '--term-cursor',
    'editor.selectionBackground': '--term-sel',
    'editor.inactiveSelectionBackground': '--bg-selected',
    'editor.lineHighlightBorder': '--bg-hover',
    'editorIndentGuide.background1': '--line',
    'editorIndentGuide.activeBackground1': '--line-strong',
    'editorWhitespace.foreground': '--line-strong',
    'editorWidget.background': '--bg-float',
    'editorWidget.foreground': '--fg',
    'editorWidget.border': '--line-strong',
    'input.background': '--bg-page',
    'input.foreground': '--fg',
    'input.border': '--line-ui',
    'input.placeholderForeground': '--fg-3',
    'inputOption.activeBackground': '--accent-soft',
    'inputOption.activeForeground': '--accent-fg',
    'inputOption.activeBorder': '--accent',
    focusBorder: '--ring',
    'list.hoverBackground': '--bg-hover',
    'list.focusBackground': '--bg-selected',
    'list.focusForeground': '--fg',
    'quickInput.background': '--bg-float',
    'quickInput.foreground': '--fg',
    'menu.background': '--bg-float',
    'menu.foreground': '--fg',
    'menu.selectionBackground': '--bg-active',
    'menu.selectionForeground': '--fg',
    'menu.border': '--line-strong',
    'editor.findMatchBackground': '--warn-bg',
    'editor.findMatchHighlightBackground': '--warn-bg',
    'editor.findMatchBorder': '--warn',
    'diffEditor.insertedTextBackground': '--add-bg',
    'diffEditor.insertedLineBackground': '--add-bg',
    'diffEditor.removedTextBackground': '--del-bg',
    'diffEditor.removedLineBackground': '--del-bg',
    'scrollbarSlider.background': '--bg-active',
    'scrollbarSlider.hoverBackground': '--line-strong',
    'scrollbarSlider.activeBackground': '--line-ui',
    'editorOverviewRuler.border': '--line',
    'editorStickyScroll.background': '--bg-sunken',
    'editorBracketMatch.border': '--line-ui',
    'editorBracketMatch.background': '--bg-active',
  }
  return Object.fromEntries(Object.entries(names).map(([key, token]) => [key, colour(token)]))
}
