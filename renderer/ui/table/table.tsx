import { useVirtualizer } from '@tanstack/react-virtual'
import { useId, useRef, useState, type KeyboardEvent, type MouseEvent, type ReactNode } from 'react'
import { useElementWidth } from '../../lib/element-size.ts'
import { ContextMenu } from '../menu.tsx'
import type { MenuItem } from '../menu-item.ts'
import { gridTemplate, visibleColumns, type Column, type ColumnWidths, type TableSort } from './column.ts'
import { TableHeader } from './table-header.tsx'
import { tableCommand } from './table-keys.ts'
import { buildLines, type TableLine } from './table-lines.ts'
import { GroupLine, TableRow } from './table-row.tsx'
import {
  extendTo,
  keepExisting,
  noSelection,
  toggleAll,
  toggleRow,
  type Selection,
} from './table-selection.ts'

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
  /** Chosen column widths, for instance from `tableWidths(name)`. */
  readonly widths?: ColumnWidths | undefined
  readonly onWidthsChange?: ((widths: ColumnWidths) => void) | undefined
  /** In place of rows when there are none. */
  readonly empty?: ReactNode
  /** Room below the last row, for a floating selection bar. */
  readonly footerSpace?: number | undefined
}

const rowHeight = 36
const groupHeight = 32
const noWidths: ColumnWidths = {}

/** The table of the app: virtualised, sortable, grouped, selectable, all by keyboard. Fills its parent. */
export function Table<Row>(props: TableProps<Row>) {
  // The virtualizer answers from mutable state, which the compiler must not cache.
  'use no memo'
  const { selection = noSelection, widths = noWidths, actions } = props
  const baseId = useId()
  const scroller = useRef<HTMLDivElement>(null)
  const width = useElementWidth(scroller)
  const [closedGroups, setClosedGroups] = useState<ReadonlySet<string>>(new Set())
  const [currentKey, setCurrentKey] = useState<string | null>(null)
  const [menuItems, setMenuItems] = useState<readonly MenuItem[]>([])

  const columns = visibleColumns(props.columns, width)
  const lines = buildLines({ ...props, closedGroups })
  const order = lines.flatMap((line) => (line.kind === 'row' ? [line.key] : []))
  const selectable = props.onSelectionChange !== undefined
  const live = keepExisting(selection, props.rows.map(props.rowKey))
  const template = gridTemplate(columns, widths, selectable)
  const current = lines.findIndex((line) => line.key === currentKey)

  const virtualizer = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => (lines[index]?.kind === 'group' ? groupHeight : rowHeight),
    getItemKey: (index) => lines[index]?.key ?? index,
    overscan: 8,
    scrollPaddingStart: groupHeight,
  })

  const select = (next: Selection) => props.onSelectionChange?.(next)
  const toggleGroup = (label: string) => {
    const next = new Set(closedGroups)
    if (!next.delete(label)) next.add(label)
    setClosedGroups(next)
  }
  const itemsFor = (key: string): readonly MenuItem[] => {
    if (actions === undefined) return []
    const keys = live.keys.has(key) ? live.keys : new Set([key])
    return actions(props.rows.filter((row) => keys.has(props.rowKey(row))))
  }
  const press = (event: MouseEvent, line: Extract<TableLine<Row>, { kind: 'row' }>) => {
    setCurrentKey(line.key)
    if (selectable && event.shiftKey) select(extendTo(live, line.key, order))
    else if (selectable && (event.ctrlKey || event.metaKey)) select(toggleRow(live, line.key))
    else props.onOpen?.(line.row)
  }
  const openMenuAt = (element: Element) => {
    const box = element.getBoundingClientRect()
    const isRow = element.getAttribute('role') === 'row'
    element.dispatchEvent(
      new window.MouseEvent('contextmenu', {
        bubbles: true,
        cancelable: true,
        clientX: isRow ? box.left + 48 : box.left,
        clientY: box.bottom,
      }),
    )
  }
  /** Runs before the kit opens the menu, so that the items are those of the row under the pointer. */
  const onContextMenuCapture = (event: MouseEvent) => {
    const key = (event.target as Element).closest('[data-row-key]')?.getAttribute('data-row-key')
    const items = key ? itemsFor(key) : []
    if (!key || items.length === 0) {
      event.preventDefault()
      event.stopPropagation()
      return
    }
    setCurrentKey(key)
    setMenuItems(items)
  }

  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    if (event.target !== event.currentTarget) return
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / rowHeight) - 2)
    const command = tableCommand(event, { current, count: lines.length, page })
    const line = lines[current]
    if (command === null) return
    if (command.kind === 'clear' && live.keys.size === 0) return
    event.preventDefault()
    switch (command.kind) {
      case 'move': {
        const target = lines[command.to]
        if (!target) return
        setCurrentKey(target.key)
        virtualizer.scrollToIndex(command.to)
        if (command.extend && selectable && target.kind === 'row') {
          const anchored = live.anchor === null && line?.kind === 'row' ? toggleRow(live, line.key) : live
          select(extendTo(anchored, target.key, order))
        }
        return
      }
      case 'open':
        if (line?.kind === 'row') props.onOpen?.(line.row)
        else if (line) toggleGroup(line.label)
        return
      case 'toggle':
        if (line?.kind === 'row' && selectable) select(toggleRow(live, line.key))
        else if (line?.kind === 'group') toggleGroup(line.label)
        return
      case 'fold':
        if (line?.kind === 'group' && line.isOpen !== command.open) toggleGroup(line.label)
        return
      case 'select-all':
        if (selectable) select(toggleAll({ ...live, keys: new Set() }, order))
        return
      case 'clear':
        select(noSelection)
        return
      case 'menu': {
        const element = current === -1 ? null : document.getElementById(`${baseId}-${current}`)
        if (element) openMenuAt(element)
      }
    }
  }

  const isEmpty = lines.length === 0
  return (
    <ContextMenu items={menuItems}>
      <div
        ref={scroller}
        role="grid"
        aria-label={props.label}
        aria-rowcount={lines.length + 1}
        aria-colcount={columns.length}
        aria-multiselectable={selectable}
        aria-activedescendant={current === -1 ? undefined : `${baseId}-${current}`}
        tabIndex={0}
        className="group/table relative h-full min-h-0 flex-1 overflow-auto outline-none"
        onKeyDown={onKeyDown}
        onContextMenuCapture={onContextMenuCapture}
      >
        <TableHeader
          columns={columns}
          template={template}
          sort={props.sort}
          onSortChange={props.onSortChange}
          widths={widths}
          onWidthsChange={props.onWidthsChange}
          selected={
            selectable
              ? {
                  all: order.length > 0 && order.every((key) => live.keys.has(key)),
                  some: live.keys.size > 0,
                  onToggle: () => {
                    select(toggleAll(live, order))
                  },
                }
              : undefined
          }
        />
        {isEmpty ? <div className="h-[calc(100%-32px)]">{props.empty}</div> : null}
        <div
          role="rowgroup"
          className="relative"
          style={{ height: isEmpty ? 0 : virtualizer.getTotalSize() + (props.footerSpace ?? 0) }}
        >
          {virtualizer.getVirtualItems().map((item) => {
            const line = lines[item.index]
            if (!line) return null
            const id = `${baseId}-${item.index}`
            if (line.kind === 'group') {
              return (
                <GroupLine
                  key={line.key}
                  id={id}
                  label={line.label}
                  count={line.count}
                  isOpen={line.isOpen}
                  isCurrent={line.key === currentKey}
                  top={item.start}
                  onToggle={() => {
                    toggleGroup(line.label)
                  }}
                />
              )
            }
            return (
              <TableRow
                key={line.key}
                id={id}
                row={line.row}
                rowKey={line.key}
                index={item.index}
                columns={columns}
                template={template}
                top={item.start}
                isCurrent={line.key === currentKey}
                isSelected={selectable ? live.keys.has(line.key) : undefined}
                actions={actions?.([line.row]) ?? []}
                onPress={(event) => {
                  press(event, line)
                }}
                onToggle={(event) => {
                  const extend = 'shiftKey' in event && event.shiftKey === true
                  select(extend ? extendTo(live, line.key, order) : toggleRow(live, line.key))
                }}
                onMore={openMenuAt}
              />
            )
          })}
        </div>
      </div>
    </ContextMenu>
  )
}
