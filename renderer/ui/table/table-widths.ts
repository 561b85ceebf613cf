import { createKept, type KeptStore } from '../../lib/kept-state.ts'
import type { ColumnWidths } from './column.ts'

const stores = new Map<string, KeptStore<ColumnWidths>>()

/** The remembered column widths of one table. `name` is its own, such as `workspaces`. */
export function tableWidths(name: string): KeptStore<ColumnWidths> {
  const known = stores.get(name)
  if (known) return known
  const store = createKept<ColumnWidths>(`table.${name}.widths`, {}, parseWidths)
  stores.set(name, store)
  return store
}

function parseWidths(stored: unknown): ColumnWidths | undefined {
  if (typeof stored !== 'object' || stored === null) return undefined
  const pairs = Object.entries(stored).filter(
    (pair): pair is [string, number] => typeof pair[1] === 'number' && pair[1] > 0 && pair[1] < 4000,
  )
  return Object.fromEntries(pairs)
}
