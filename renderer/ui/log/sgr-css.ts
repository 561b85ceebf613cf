import type { CSSProperties } from 'react'
import type { SgrStyle } from './sgr.ts'

/** How a stretch of a log is painted. */
export function sgrCss(style: SgrStyle): CSSProperties {
  const css: CSSProperties = { ...colorsOf(style) }
  const lines = [style.underline && 'underline', style.strike && 'line-through'].filter(Boolean).join(' ')
  if (style.bold) css.fontWeight = 600
  if (style.italic) css.fontStyle = 'italic'
  if (style.dim) css.opacity = 0.72
  if (lines !== '') css.textDecoration = lines
  return css
}

function colorsOf({ color, background, inverse }: SgrStyle): CSSProperties {
  if (inverse) return { color: background ?? 'var(--term-bg)', background: color ?? 'var(--term-fg)' }
  return { ...(color === undefined ? {} : { color }), ...(background === undefined ? {} : { background }) }
}
