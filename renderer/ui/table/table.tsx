import { useRef } from 'react'
import { ContextMenu } from '../menu.tsx'
import { TableBody } from './table-body.tsx'
import { TableHeader } from './table-header.tsx'
import type { TableProps } from './table-props.ts'
import { useTable } from './use-table.ts'

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
