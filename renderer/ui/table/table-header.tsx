import type { KeyboardEvent, PointerEvent } from 'react'
import { classNames } from '../../lib/class-names.ts'
import { ArrowDownIcon, ArrowUpIcon } from '../icons.tsx'
import { RowCheck } from './row-check.tsx'
import { minColumnWidth, nextSort, type Column, type ColumnWidths, type TableSort } from './column.ts'

export interface TableHeaderProps<Row> {
  readonly columns: readonly Column<Row>[]
  readonly template: string
  readonly sort: TableSort | null | undefined
  readonly onSortChange: ((sort: TableSort) => void) | undefined
  readonly widths: ColumnWidths
  readonly onWidthsChange: ((widths: ColumnWidths) => void) | undefined
  /** Left out when rows cannot be selected. */
  readonly selected:
    { readonly all: boolean; readonly some: boolean; readonly onToggle: () => void } | undefined
}

/** The sticky header: sort by press, resize by the edge with mouse or arrow keys, double click resets. */
export function TableHeader<Row>(props: TableHeaderProps<Row>) {
  return (
    <div
      role="row"
      aria-rowindex={1}
      className="sticky top-0 z-10 grid h-8 items-center gap-x-3 border-b border-line bg-page px-3 text-sm text-fg-3"
      style={{ gridTemplateColumns: props.template }}
    >
      {props.selected ? (
        <div role="columnheader" className="flex items-center">
          <RowCheck
            label="Select all"
            checked={props.selected.all}
            mixed={props.selected.some && !props.selected.all}
            onPress={props.selected.onToggle}
          />
        </div>
      ) : null}
      {props.columns.map((column) => (
        <HeaderCell key={column.id} column={column} {...props} />
      ))}
    </div>
  )
}

function HeaderCell<Row>({
  column,
  sort,
  onSortChange,
  widths,
  onWidthsChange,
}: TableHeaderProps<Row> & { readonly column: Column<Row> }) {
  const isSorted = sort?.columnId === column.id
  const isSortable = column.compare !== undefined && onSortChange !== undefined
  const ariaSort = isSorted ? (sort.direction === 'asc' ? 'ascending' : 'descending') : undefined
  return (
    <div
      role="columnheader"
      aria-sort={ariaSort}
      className={classNames(
        'relative flex h-full min-w-0 items-center',
        column.align === 'end' && 'justify-end',
      )}
    >
      {isSortable ? (
        <button
          type="button"
          className="group flex min-w-0 items-center gap-1 rounded-sm hover:text-fg"
          onClick={() => {
            onSortChange(nextSort(sort, column.id))
          }}
        >
          <span className="cut">{column.header}</span>
          {isSorted && sort.direction === 'desc' ? (
            <ArrowUpIcon className="size-3" />
          ) : (
            <ArrowDownIcon
              className={classNames('size-3', !isSorted && 'opacity-0 group-hover:opacity-60')}
            />
          )}
        </button>
      ) : (
        <span className="cut">{column.header}</span>
      )}
      {onWidthsChange ? <ResizeEdge column={column} widths={widths} onWidthsChange={onWidthsChange} /> : null}
    </div>
  )
}

function ResizeEdge<Row>({
  column,
  widths,
  onWidthsChange,
}: {
  readonly column: Column<Row>
  readonly widths: ColumnWidths
  readonly onWidthsChange: (widths: ColumnWidths) => void
}) {
  const setWidth = (width: number) => {
    onWidthsChange({ ...widths, [column.id]: Math.max(minColumnWidth, Math.round(width)) })
  }
  const onPointerDown = (event: PointerEvent<HTMLDivElement>) => {
    if (event.button !== 0) return
    event.preventDefault()
    const edge = event.currentTarget
    const startX = event.clientX
    const startWidth = edge.parentElement?.offsetWidth ?? column.width
    edge.setPointerCapture(event.pointerId)
    edge.onpointermove = (move) => {
      setWidth(startWidth + move.clientX - startX)
    }
    edge.onpointerup = () => {
      edge.onpointermove = null
      edge.onpointerup = null
    }
  }
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    const step = event.key === 'ArrowRight' ? 8 : event.key === 'ArrowLeft' ? -8 : 0
    if (step === 0) return
    event.preventDefault()
    event.stopPropagation()
    setWidth((event.currentTarget.parentElement?.offsetWidth ?? column.width) + step)
  }
  return (
    <div
      role="separator"
      aria-orientation="vertical"
      aria-label={`Width of ${column.header}`}
      aria-valuenow={widths[column.id] ?? column.width}
      tabIndex={0}
      className="group absolute -right-2.5 h-full w-2 cursor-col-resize touch-none"
      onPointerDown={onPointerDown}
      onKeyDown={onKeyDown}
      onDoubleClick={() => {
        onWidthsChange(Object.fromEntries(Object.entries(widths).filter(([id]) => id !== column.id)))
      }}
    >
      <span className="mx-auto mt-2 block h-4 w-px bg-transparent group-hover:bg-line-ui group-active:bg-accent" />
    </div>
  )
}
