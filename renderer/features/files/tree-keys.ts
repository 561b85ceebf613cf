import { lineTarget, type LinePlace } from '../../lib/keyboard/line-target.ts'
import type { EntryLine, TreeLine } from './tree-lines.ts'

/** What a key does in the tree. */
export type TreeCommand =
  | { readonly kind: 'go'; readonly to: number; readonly extend: boolean }
  | { readonly kind: 'fold'; readonly open: boolean }
  | { readonly kind: 'type'; readonly text: string }
  | {
      readonly kind: 'open' | 'up' | 'rename' | 'trash' | 'delete' | 'copy' | 'select-all' | 'menu' | 'toggle'
    }

type Press = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey'>

interface KeyState extends LinePlace {
  /** A name is being typed, in which a space is a letter. */
  readonly isTyping: boolean
}

const plain = new Map<string, TreeCommand>([
  ['Enter', { kind: 'open' }],
  ['Backspace', { kind: 'up' }],
  ['F2', { kind: 'rename' }],
  ['Delete', { kind: 'trash' }],
  ['ContextMenu', { kind: 'menu' }],
  ['ArrowLeft', { kind: 'fold', open: false }],
  ['ArrowRight', { kind: 'fold', open: true }],
])

const withModifier = new Map<string, TreeCommand>([
  ['c', { kind: 'copy' }],
  ['a', { kind: 'select-all' }],
  [' ', { kind: 'toggle' }],
])

const withShift = new Map<string, TreeCommand>([
  ['F10', { kind: 'menu' }],
  ['Delete', { kind: 'delete' }],
])

/** Reads a key press; null is not ours. */
export function treeCommand(press: Press, state: KeyState): TreeCommand | null {
  const { key, shiftKey } = press
  if (press.altKey) return key === 'ArrowUp' ? { kind: 'up' } : null
  if (press.ctrlKey || press.metaKey) return withModifier.get(key.toLowerCase()) ?? null
  const shifted = shiftKey ? withShift.get(key) : undefined
  if (shifted) return shifted
  const to = lineTarget(key, state)
  if (to !== undefined) {
    if (state.count === 0) return null
    return { kind: 'go', to, extend: shiftKey }
  }
  if (key === ' ' && !state.isTyping) return { kind: 'toggle' }
  return plain.get(key) ?? (key.length === 1 ? { kind: 'type', text: key } : null)
}

/** The next line whose name begins with what was typed; from the current one on, and around. One letter goes on to the next. */
export function findTyped(lines: readonly TreeLine[], current: number, typed: string): number | undefined {
  const wanted = typed.toLowerCase()
  const first = typed.length === 1 ? current + 1 : Math.max(current, 0)
  for (let step = 0; step < lines.length; step += 1) {
    const index = (first + step) % lines.length
    const line = lines[index]
    if (line?.kind === 'entry' && line.entry.name.toLowerCase().startsWith(wanted)) return index
  }
  return undefined
}

/** The line of the folder that this line lies in; −1: none. */
export function parentLine(lines: readonly TreeLine[], index: number): number {
  const depth = lines[index]?.depth ?? 0
  return lines.findLastIndex((line, at) => at < index && line.depth < depth)
}

/** Paths from one line to another. */
export function pathsBetween(lines: readonly TreeLine[], from: number, to: number): ReadonlySet<string> {
  const [low, high] = from < to ? [from, to] : [to, from]
  return new Set(
    lines
      .slice(Math.max(0, low), high + 1)
      .filter((line): line is EntryLine => line.kind === 'entry')
      .map(({ path }) => path),
  )
}
