/** What is selected, and where a range starts. */
export interface Selection {
  readonly keys: ReadonlySet<string>
  readonly anchor: string | null
}

/** Nothing selected. */
export const noSelection: Selection = { keys: new Set(), anchor: null }

/** Turns one row on or off; the next range starts here. */
export function toggleRow(selection: Selection, key: string): Selection {
  const keys = new Set(selection.keys)
  if (!keys.delete(key)) keys.add(key)
  return { keys, anchor: key }
}

/** Adds everything between the anchor and this row, in the order shown. Without an anchor it is this row alone. */
export function extendTo(selection: Selection, key: string, order: readonly string[]): Selection {
  const from = selection.anchor === null ? -1 : order.indexOf(selection.anchor)
  const to = order.indexOf(key)
  if (to === -1) return selection
  if (from === -1) return { keys: new Set([...selection.keys, key]), anchor: key }
  const range = order.slice(Math.min(from, to), Math.max(from, to) + 1)
  return { keys: new Set([...selection.keys, ...range]), anchor: selection.anchor }
}

/** All rows, or none when all are selected already. */
export function toggleAll(selection: Selection, order: readonly string[]): Selection {
  const isFull = order.length > 0 && order.every((key) => selection.keys.has(key))
  return isFull ? noSelection : { keys: new Set(order), anchor: order[0] ?? null }
}

/** Drops what is no longer there; answers the same object when nothing changes, so a render can stop. */
export function keepExisting(selection: Selection, order: readonly string[]): Selection {
  const present = new Set(order)
  const keys = [...selection.keys].filter((key) => present.has(key))
  if (keys.length === selection.keys.size) return selection
  const anchor = selection.anchor !== null && present.has(selection.anchor) ? selection.anchor : null
  return { keys: new Set(keys), anchor }
}
