/** What a key does in a table. */
export type TableCommand =
  | { readonly kind: 'move'; readonly to: number; readonly extend: boolean }
  | { readonly kind: 'open' }
  | { readonly kind: 'toggle' }
  | { readonly kind: 'select-all' }
  | { readonly kind: 'clear' }
  | { readonly kind: 'menu' }
  | { readonly kind: 'fold'; readonly open: boolean }

export interface TableKeyState {
  readonly current: number
  readonly count: number
  /** Lines of one page. */
  readonly page: number
}

type Press = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey'>

/** Reads a key press; null is not ours. */
export function tableCommand(press: Press, state: TableKeyState): TableCommand | null {
  const mod = press.ctrlKey || press.metaKey
  if (press.altKey) return null
  if (mod) return press.key.toLowerCase() === 'a' ? { kind: 'select-all' } : null
  const target = moveTarget(press.key, state)
  if (target !== null) {
    if (state.count === 0) return null
    return { kind: 'move', to: Math.min(state.count - 1, Math.max(0, target)), extend: press.shiftKey }
  }
  switch (press.key) {
    case 'Enter':
      return { kind: 'open' }
    case ' ':
      return { kind: 'toggle' }
    case 'Escape':
      return { kind: 'clear' }
    case 'ContextMenu':
      return { kind: 'menu' }
    case 'F10':
      return press.shiftKey ? { kind: 'menu' } : null
    case 'ArrowLeft':
      return { kind: 'fold', open: false }
    case 'ArrowRight':
      return { kind: 'fold', open: true }
    default:
      return null
  }
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
