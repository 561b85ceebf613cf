import type { ReactNode } from 'react'

/** One column of a Table. */
export interface Column<Row> {
  readonly id: string
  readonly header: string
  readonly cell: (row: Row) => ReactNode
  /** Its width in pixels at rest. A column with `grow` takes what is left and never less than this. */
  readonly width: number
  readonly grow?: number | undefined
  /** Makes it sortable. */
  readonly compare?: ((a: Row, b: Row) => number) | undefined
  /** Hidden while the table is narrower than this many pixels. */
  readonly hideBelow?: number | undefined
  readonly align?: 'end' | undefined
}

/** By which column the rows are ordered. */
export interface TableSort {
  readonly columnId: string
  readonly direction: 'asc' | 'desc'
}

/** Chosen widths by column id. */
export type ColumnWidths = Readonly<Record<string, number>>

/** No column gets narrower than this. */
export const minColumnWidth = 56

/** The columns that fit a table of this width. A width of 0 is a table that is not laid out yet: all of them. */
export function visibleColumns<Row>(
  columns: readonly Column<Row>[],
  tableWidth: number,
): readonly Column<Row>[] {
  if (tableWidth === 0) return columns
  return columns.filter((column) => column.hideBelow === undefined || tableWidth >= column.hideBelow)
}

/** The grid of all rows. */
export function gridTemplate<Row>(
  columns: readonly Column<Row>[],
  widths: ColumnWidths,
  selectable: boolean,
): string {
  const tracks = columns.map((column) => {
    const chosen = widths[column.id]
    if (chosen !== undefined) return `${chosen}px`
    return column.grow === undefined ? `${column.width}px` : `minmax(${column.width}px, ${column.grow}fr)`
  })
  return [...(selectable ? ['16px'] : []), ...tracks].join(' ')
}

/** The next order when a header is pressed: ascending, descending, ascending. */
export function nextSort(current: TableSort | null | undefined, columnId: string): TableSort {
  const flips = current?.columnId === columnId && current.direction === 'asc'
  return { columnId, direction: flips ? 'desc' : 'asc' }
}
