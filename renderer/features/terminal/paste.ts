export interface PasteSituation {
  /** The program asked for bracketed paste: it will not run what is pasted. */
  readonly bracketed: boolean
  /** The user's setting. */
  readonly warn: boolean
}

export type PasteDecision =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'send'; readonly text: string }
  | { readonly kind: 'ask'; readonly text: string; readonly lines: number }

/**
 * What to do with text from the clipboard. Control characters go: an escape sequence in it could end a bracketed
 * paste early and have the rest run as if typed.
 */
export function decidePaste(clipboard: string, { bracketed, warn }: PasteSituation): PasteDecision {
  const text = [...clipboard.replaceAll('\r\n', '\n')].filter(isPasteable).join('')
  if (text === '') return { kind: 'nothing' }
  const lines = text.replace(/\n$/, '').split('\n').length
  const runsAtOnce = text.includes('\n') && !bracketed
  return runsAtOnce && warn ? { kind: 'ask', text, lines } : { kind: 'send', text }
}

function isPasteable(character: string): boolean {
  const code = character.codePointAt(0) ?? 0
  if (character === '\n' || character === '\t') return true
  const isControl = code < 0x20 || (code >= 0x7f && code < 0xa0)
  return !isControl
}
