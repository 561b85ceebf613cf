import type { ReactNode } from 'react'
import type { MenuItem } from '../menu-item.ts'
import type { Column, ColumnWidths, TableSort } from './column.ts'
import type { Selection } from './table-selection.ts'

/** What a Table shows and tells. */
export interface TableProps<Row> {
  /** Its name for screen readers. */
  readonly label: string
  readonly rows: readonly Row[]
  readonly rowKey: (row: Row) => string
  readonly columns: readonly Column<Row>[]
  readonly sort?: TableSort | null | undefined
  readonly onSortChange?: ((sort: TableSort) => void) | undefined
  /** Click, or Enter. */
  readonly onOpen?: ((row: Row) => void) | undefined
  /** Selected row keys; leave out for a table without selection. */
  readonly selection?: Selection | undefined
  readonly onSelectionChange?: ((selection: Selection) => void) | undefined
  /** What can be done with these rows: one, or all selected ones. Context menu, and row buttons where `inline`. */
  readonly actions?: ((rows: readonly Row[]) => readonly MenuItem[]) | undefined
  readonly groupOf?: ((row: Row) => string) | undefined
  readonly groupOrder?: readonly string[] | undefined
  /** Chosen column widths, for instance `useKept(tableWidths(name))`. */
  readonly widths?: ColumnWidths | undefined
  readonly onWidthsChange?: ((widths: ColumnWidths) => void) | undefined
  /** In place of rows when there are none. */
  readonly empty?: ReactNode
  /** Room below the last row, for a floating selection bar. */
  readonly footerSpace?: number | undefined
}
