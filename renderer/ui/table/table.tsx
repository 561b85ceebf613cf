import { useRef, type ReactNode } from 'react'
import { ContextMenu } from '../menu.tsx'
import type { MenuItem } from '../menu-item.ts'
import type { Column, ColumnWidths, TableSort } from './column.ts'
import { TableBody } from './table-body.tsx'
import { TableHeader } from './table-header.tsx'
import type { Selection } from './table-selection.ts'
import { useTable } from './use-table.ts'

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

/** The table of the app: virtualised, sortable, grouped, selectable, all by keyboard. Fills its parent. */
export function Table<Row>(props: TableProps<Row>) {
  const scroller = useRef<HTMLDivElement>(null)
  const jump = useRef<((index: number) => void) | null>(null)
  const table = useTable(props, { scroller, jump })
  const { selection, order } = table
  return (
    <ContextMenu items={table.menuItems}>
      <div
        ref={scroller}
        // A grid may not have rows that fold; a tree grid may.
        role={props.groupOf ? 'treegrid' : 'grid'}
        aria-label={props.label}
        aria-rowcount={table.lines.length + 1}
        aria-colcount={table.columns.length}
        aria-multiselectable={selection !== undefined}
        aria-activedescendant={table.current === -1 ? undefined : table.lineId(table.current)}
        tabIndex={0}
        className="group/table relative h-full min-h-0 flex-1 overflow-auto outline-none"
        onKeyDown={table.onKeyDown}
        onContextMenuCapture={table.onContextMenuCapture}
      >
        <TableHeader
          columns={table.columns}
          template={table.template}
          sort={props.sort}
          onSortChange={props.onSortChange}
          widths={table.widths}
          onWidthsChange={props.onWidthsChange}
          selected={
            selection && {
              all: order.length > 0 && order.every((key) => selection.keys.has(key)),
              some: selection.keys.size > 0,
              onToggle: table.toggleAllRows,
            }
          }
        />
        {table.lines.length === 0 ? (
          <div className="h-[calc(100%-32px)]">{props.empty}</div>
        ) : (
          <TableBody
            table={table}
            scroller={scroller}
            jump={jump}
            actions={props.actions}
            footerSpace={props.footerSpace ?? 0}
          />
        )}
      </div>
    </ContextMenu>
  )
}
