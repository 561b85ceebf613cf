/** How the terminals of one tab share its space: a tree of cuts. Pure; keys are those of the terminals. */

export type Direction = 'row' | 'column'
export type Side = 'left' | 'right' | 'up' | 'down'

export type Layout =
  | { readonly kind: 'pane'; readonly key: string }
  | {
      readonly kind: 'split'
      readonly direction: Direction
      /** Of the first part, between `minShare` and 1 − `minShare`. */
      readonly share: number
      readonly first: Layout
      readonly second: Layout
    }

/** Fractions of the whole tab. */
export interface Box {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

/** The line between two parts. `path` names its split from the root: `''`, then `a` or `b` for each step down. */
export interface Divider {
  readonly path: string
  readonly direction: Direction
  readonly share: number
  /** What both parts take together. */
  readonly box: Box
}

export const minShare = 0.1
export const maxPanes = 12

export function paneLayout(key: string): Layout {
  return { kind: 'pane', key }
}

/** The keys from left to right and from top to bottom. */
export function paneKeys(layout: Layout): readonly string[] {
  return layout.kind === 'pane' ? [layout.key] : [...paneKeys(layout.first), ...paneKeys(layout.second)]
}

/** Cuts one pane in half; the new one is right of it or below. */
export function splitPane(layout: Layout, key: string, direction: Direction, newKey: string): Layout {
  if (layout.kind === 'split') {
    return {
      ...layout,
      first: splitPane(layout.first, key, direction, newKey),
      second: splitPane(layout.second, key, direction, newKey),
    }
  }
  if (layout.key !== key) return layout
  return { kind: 'split', direction, share: 0.5, first: layout, second: paneLayout(newKey) }
}

/** Takes a pane away; its neighbour gets its space. `undefined`: it was the last one. */
export function removePane(layout: Layout, key: string): Layout | undefined {
  if (layout.kind === 'pane') return layout.key === key ? undefined : layout
  const first = removePane(layout.first, key)
  const second = removePane(layout.second, key)
  if (first === undefined || second === undefined) return first ?? second
  return { ...layout, first, second }
}

/** Moves the line of one split. */
export function setShare(layout: Layout, path: string, share: number): Layout {
  if (layout.kind === 'pane') return layout
  if (path === '') return { ...layout, share: Math.min(1 - minShare, Math.max(minShare, share)) }
  const rest = path.slice(1)
  return path.startsWith('a')
    ? { ...layout, first: setShare(layout.first, rest, share) }
    : { ...layout, second: setShare(layout.second, rest, share) }
}

/** Where each pane lies. */
export function paneBoxes(layout: Layout, box: Box = whole): ReadonlyMap<string, Box> {
  if (layout.kind === 'pane') return new Map([[layout.key, box]])
  const [first, second] = cut(layout, box)
  return new Map([...paneBoxes(layout.first, first), ...paneBoxes(layout.second, second)])
}

/** The lines between the panes. */
export function dividers(layout: Layout, box: Box = whole, path = ''): readonly Divider[] {
  if (layout.kind === 'pane') return []
  const [first, second] = cut(layout, box)
  return [
    { path, direction: layout.direction, share: layout.share, box },
    ...dividers(layout.first, first, `${path}a`),
    ...dividers(layout.second, second, `${path}b`),
  ]
}

/** The pane beside this one, the one opposite its middle where there are several. */
export function paneBeside(layout: Layout, key: string, side: Side): string | undefined {
  const boxes = paneBoxes(layout)
  const from = boxes.get(key)
  if (from === undefined) return undefined
  const isAcross = side === 'left' || side === 'right'
  const edge = { left: from.left, right: from.left + from.width, up: from.top, down: from.top + from.height }[
    side
  ]
  const middle = isAcross ? from.top + from.height / 2 : from.left + from.width / 2
  for (const [other, box] of boxes) {
    const near = { left: box.left + box.width, right: box.left, up: box.top + box.height, down: box.top }[
      side
    ]
    const start = isAcross ? box.top : box.left
    const end = start + (isAcross ? box.height : box.width)
    if (other !== key && Math.abs(near - edge) < tolerance && start <= middle && middle < end) return other
  }
  return undefined
}

/** The line that a key press on a pane moves: the nearest one above it in the tree, of this direction. */
export function dividerOf(layout: Layout, key: string, direction: Direction, path = ''): string | undefined {
  if (layout.kind === 'pane') return undefined
  const isFirst = paneKeys(layout.first).includes(key)
  const inner = isFirst
    ? dividerOf(layout.first, key, direction, `${path}a`)
    : dividerOf(layout.second, key, direction, `${path}b`)
  return inner ?? (layout.direction === direction ? path : undefined)
}

/** A layout that was stored, if it is one and all its terminals are there. */
export function parseLayout(
  value: unknown,
  isKnown: (key: string) => boolean,
  depth = 0,
): Layout | undefined {
  if (typeof value !== 'object' || value === null || depth > maxPanes) return undefined
  const fields = value as Record<string, unknown>
  if (fields['kind'] === 'pane') {
    return typeof fields['key'] === 'string' && isKnown(fields['key']) ? paneLayout(fields['key']) : undefined
  }
  const first = parseLayout(fields['first'], isKnown, depth + 1)
  const second = parseLayout(fields['second'], isKnown, depth + 1)
  if (first === undefined || second === undefined) return first ?? second
  const share =
    typeof fields['share'] === 'number' && Number.isFinite(fields['share']) ? fields['share'] : 0.5
  const direction = fields['direction'] === 'column' ? 'column' : 'row'
  return setShare({ kind: 'split', direction, share, first, second }, '', share)
}

const whole: Box = { left: 0, top: 0, width: 1, height: 1 }
const tolerance = 1e-6

function cut({ direction, share }: Extract<Layout, { kind: 'split' }>, box: Box): readonly [Box, Box] {
  if (direction === 'row') {
    const width = box.width * share
    return [
      { ...box, width },
      { ...box, left: box.left + width, width: box.width - width },
    ]
  }
  const height = box.height * share
  return [
    { ...box, height },
    { ...box, top: box.top + height, height: box.height - height },
  ]
}
