import { lineTarget, type LinePlace } from '../../lib/keyboard/line-target.ts'

/** What a key does in a table. */
export type TableCommand =
  | { readonly kind: 'move'; readonly to: number; readonly extend: boolean }
  | { readonly kind: 'fold'; readonly open: boolean }
  | { readonly kind: 'open' | 'toggle' | 'select-all' | 'clear' | 'menu' }

type Press = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey'>

const plainKeys = new Map<string, TableCommand>([
  ['Enter', { kind: 'open' }],
  [' ', { kind: 'toggle' }],
  ['Escape', { kind: 'clear' }],
  ['ContextMenu', { kind: 'menu' }],
  ['ArrowLeft', { kind: 'fold', open: false }],
  ['ArrowRight', { kind: 'fold', open: true }],
])

/** Reads a key press; null is not ours. */
export function tableCommand(press: Press, state: LinePlace): TableCommand | null {
  if (press.altKey) return null
  if (press.ctrlKey || press.metaKey) return press.key.toLowerCase() === 'a' ? { kind: 'select-all' } : null
  if (press.key === 'F10' && press.shiftKey) return { kind: 'menu' }
  const to = lineTarget(press.key, state)
  if (to === undefined) return plainKeys.get(press.key) ?? null
  if (state.count === 0) return null
  return { kind: 'move', to, extend: press.shiftKey }
}
