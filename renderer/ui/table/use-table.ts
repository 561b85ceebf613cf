import { useId, useState, type KeyboardEvent, type MouseEvent, type RefObject } from 'react'
import { useElementWidth } from '../../lib/element-size.ts'
import type { MenuItem } from '../menu-item.ts'
import { gridTemplate, visibleColumns, type Column, type ColumnWidths } from './column.ts'
import { openContextMenu } from './open-context-menu.ts'
import type { TableProps } from './table-props.ts'
import { tableCommand, type TableCommand } from './table-keys.ts'
import { buildLines, type RowLine, type TableLine } from './table-lines.ts'
import {
  extendTo,
  keepExisting,
  noSelection,
  toggleAll,
  toggleRow,
  type Selection,
} from './table-selection.ts'

/** Heights of the two kinds of lines, in pixels. */
export const lineHeights = { row: 36, group: 32 } as const

/** Everything the parts of a Table share. */
export interface TableModel<Row> {
  readonly columns: readonly Column<Row>[]
  readonly template: string
  readonly widths: ColumnWidths
  readonly lines: readonly TableLine<Row>[]
  /** Row keys in the order shown. */
  readonly order: readonly string[]
  /** undefined when rows cannot be selected. */
  readonly selection: Selection | undefined
  readonly current: number
  readonly currentKey: string | null
  readonly menuItems: readonly MenuItem[]
  readonly lineId: (index: number) => string
  readonly toggleGroup: (label: string) => void
  readonly toggleAllRows: () => void
  readonly pressRow: (event: MouseEvent, line: RowLine<Row>) => void
  readonly checkRow: (event: MouseEvent, line: RowLine<Row>) => void
  readonly onKeyDown: (event: KeyboardEvent<HTMLDivElement>) => void
  readonly onContextMenuCapture: (event: MouseEvent) => void
}

const noWidths: ColumnWidths = {}
const noneClosed: ReadonlySet<string> = new Set()

/** What the table reaches on the page. Apart from the model, since a render may not look into it. */
export interface TableRefs {
  readonly scroller: RefObject<HTMLDivElement | null>
  /** Brings a line into view; set by the body, which knows the positions. */
  readonly jump: RefObject<((index: number) => void) | null>
}

/** The state and behaviour of a Table without its looks. */
export function useTable<Row>(props: TableProps<Row>, { scroller, jump }: TableRefs): TableModel<Row> {
  const { widths = noWidths, actions, onOpen, onSelectionChange } = props
  const baseId = useId()
  const width = useElementWidth(scroller)
  const [closedGroups, setClosedGroups] = useState(noneClosed)
  const [currentKey, setCurrentKey] = useState<string | null>(null)
  const [menuItems, setMenuItems] = useState<readonly MenuItem[]>([])

  const columns = visibleColumns(props.columns, width)
  const lines = buildLines({ ...props, closedGroups })
  const order = lines.flatMap((line) => (line.kind === 'row' ? [line.key] : []))
  const live = keepExisting(props.selection ?? noSelection, props.rows.map(props.rowKey))
  const selectable = onSelectionChange !== undefined
  const current = lines.findIndex((line) => line.key === currentKey)
  const line = lines[current]

  const select = (next: Selection) => onSelectionChange?.(next)
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

  const move = ({ to, extend }: Extract<TableCommand, { kind: 'move' }>) => {
    const target = lines[to]
    if (!target) return
    setCurrentKey(target.key)
    jump.current?.(to)
    if (!extend || !selectable || target.kind !== 'row') return
    const anchored = live.anchor === null && line?.kind === 'row' ? toggleRow(live, line.key) : live
    select(extendTo(anchored, target.key, order))
  }
  const activate = (onRow: (row: RowLine<Row>) => void) => {
    if (line?.kind === 'row') onRow(line)
    else if (line) toggleGroup(line.label)
  }
  const run: {
    readonly [Kind in TableCommand['kind']]: (command: Extract<TableCommand, { kind: Kind }>) => void
  } = {
    move,
    open: () => {
      activate((row) => onOpen?.(row.row))
    },
    toggle: () => {
      activate((row) => {
        if (selectable) select(toggleRow(live, row.key))
      })
    },
    fold: (command) => {
      if (line?.kind === 'group' && line.isOpen !== command.open) toggleGroup(line.label)
    },
    'select-all': () => {
      if (selectable) select(toggleAll(noSelection, order))
    },
    clear: () => {
      select(noSelection)
    },
    menu: () => {
      const element = document.getElementById(`${baseId}-${current}`)
      if (element) openContextMenu(element)
    },
  }

  return {
    columns,
    template: gridTemplate(columns, widths, selectable),
    widths,
    lines,
    order,
    selection: selectable ? live : undefined,
    current,
    currentKey,
    menuItems,
    lineId: (index) => `${baseId}-${index}`,
    toggleGroup,
    toggleAllRows: () => {
      select(toggleAll(live, order))
    },
    pressRow: (event, pressed) => {
      setCurrentKey(pressed.key)
      if (selectable && event.shiftKey) select(extendTo(live, pressed.key, order))
      else if (selectable && (event.ctrlKey || event.metaKey)) select(toggleRow(live, pressed.key))
      else onOpen?.(pressed.row)
    },
    checkRow: (event, checked) => {
      select(event.shiftKey ? extendTo(live, checked.key, order) : toggleRow(live, checked.key))
    },
    onKeyDown: (event) => {
      if (event.target !== event.currentTarget) return
      const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / lineHeights.row) - 2)
      const command = tableCommand(event, { current, count: lines.length, page })
      if (command === null || (command.kind === 'clear' && live.keys.size === 0)) return
      event.preventDefault()
      const step = run[command.kind] as (command: TableCommand) => void
      step(command)
    },
    // Runs before the kit opens the menu, so that its items are those of the row under the pointer.
    onContextMenuCapture: (event) => {
      const key = (event.target as Element).closest('[data-row-key]')?.getAttribute('data-row-key')
      const items = key ? itemsFor(key) : []
      if (!key || items.length === 0) {
        event.preventDefault()
        event.stopPropagation()
        return
      }
      setCurrentKey(key)
      setMenuItems(items)
    },
  }
}
