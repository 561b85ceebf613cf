/** What a key does in a table. */
export type TableCommand =
  | { readonly kind: 'move'; readonly to: number; readonly extend: boolean }
  | { readonly kind: 'fold'; readonly open: boolean }
  | { readonly kind: 'open' | 'toggle' | 'select-all' | 'clear' | 'menu' }

export interface TableKeyState {
  readonly current: number
  readonly count: number
  /** Lines of one page. */
  readonly page: number
}

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
export function tableCommand(press: Press, state: TableKeyState): TableCommand | null {
  if (press.altKey) return null
  if (press.ctrlKey || press.metaKey) return press.key.toLowerCase() === 'a' ? { kind: 'select-all' } : null
  if (press.key === 'F10' && press.shiftKey) return { kind: 'menu' }
  const target = moveTarget(press.key, state)
  if (target === null) return plainKeys.get(press.key) ?? null
  if (state.count === 0) return null
  return { kind: 'move', to: Math.min(state.count - 1, Math.max(0, target)), extend: press.shiftKey }
}

function moveTarget(key: string, { current, count, page }: TableKeyState): number | null {
  switch (key) {
    case 'ArrowDown':
      return current + 1
    case 'ArrowUp':
      return current === -1 ? count - 1 : current - 1
    case 'PageDown':
      return Math.max(current, 0) + page
    case 'PageUp':
      return current - page
    case 'Home':
      return 0
    case 'End':
      return count - 1
    default:
      return null
  }
}
