import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect } from 'react'
import type { MenuItem } from '../menu-item.ts'
import { GroupRow, TableRow } from './table-row.tsx'
import { lineHeights, type TableModel, type TableRefs } from './use-table.ts'

export interface TableBodyProps<Row> extends TableRefs {
  readonly table: TableModel<Row>
  readonly actions: ((rows: readonly Row[]) => readonly MenuItem[]) | undefined
  readonly footerSpace: number
}

/** The lines in view. Apart from the rest of the table, so that scrolling renders nothing else. */
export function TableBody<Row>({ table, scroller, jump, actions, footerSpace }: TableBodyProps<Row>) {
  // The virtualizer answers from mutable state, which the compiler must not cache.
  'use no memo'
  const { lines } = table
  const isGrouped = lines[0]?.kind === 'group'
  // eslint-disable-next-line react-hooks/incompatible-library -- known, hence the directive above
  const virtualizer = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => lineHeights[lines[index]?.kind ?? 'row'],
    getItemKey: (index) => lines[index]?.key ?? index,
    overscan: 8,
    // The sticky header covers the first pixels.
    scrollPaddingStart: lineHeights.group,
  })
  useEffect(() => {
    jump.current = (index) => {
      virtualizer.scrollToIndex(index)
    }
  }, [jump, virtualizer])
  // Sizes are kept by index until asked to measure again; groups that fold change which index is a header.
  useEffect(() => {
    virtualizer.measure()
  }, [lines, virtualizer])

  return (
    <div role="rowgroup" className="relative" style={{ height: virtualizer.getTotalSize() + footerSpace }}>
      {virtualizer.getVirtualItems().map((item) => {
        const line = lines[item.index]
        if (!line) return null
        const place = {
          id: table.lineId(item.index),
          index: item.index,
          top: item.start,
          isCurrent: line.key === table.currentKey,
        }
        if (line.kind === 'group') {
          return <GroupRow key={line.key} {...place} line={line} onToggle={table.toggleGroup} />
        }
        return (
          <TableRow
            key={line.key}
            {...place}
            line={line}
            columns={table.columns}
            template={table.template}
            level={isGrouped ? 2 : undefined}
            isSelected={table.selection?.keys.has(line.key)}
            actions={actions}
            onPress={table.pressRow}
            onCheck={table.checkRow}
          />
        )
      })}
    </div>
  )
}
