import { classNames } from '../../lib/class-names.ts'
import { ArrowDownIcon, ArrowUpIcon } from '../../ui/icons.tsx'
import type { SortColumn, TreeSort } from './tree-lines.ts'
import type { RowColumn } from './tree-row.tsx'

const labels: Readonly<Record<SortColumn, string>> = {
  name: 'Name',
  size: 'Size',
  mtime: 'Modified',
  mode: 'Permissions',
}
const widths: Readonly<Record<RowColumn, number>> = { size: 72, mtime: 148, mode: 92 }
/** Hidden while the list is narrower than this many pixels. */
const hideBelow: Readonly<Record<RowColumn, number>> = { size: 250, mtime: 440, mode: 560 }

/** The columns beside the name that a list of this width has room for. 0: not laid out yet, all of them. */
export function visibleTreeColumns(width: number): readonly RowColumn[] {
  const all: readonly RowColumn[] = ['size', 'mtime', 'mode']
  return all.filter((column) => width === 0 || width >= hideBelow[column])
}

/** The grid of all lines. */
export function treeTemplate(columns: readonly RowColumn[]): string {
  return ['minmax(0, 1fr)', ...columns.map((column) => `${widths[column]}px`)].join(' ')
}

export interface TreeHeaderProps {
  readonly columns: readonly RowColumn[]
  readonly template: string
  readonly sort: TreeSort
  readonly onSort: (sort: TreeSort) => void
}

/** The names of the columns; a press sorts by one. */
export function TreeHeader({ columns, template, sort, onSort }: TreeHeaderProps) {
  return (
    <div
      role="row"
      aria-rowindex={1}
      className="sticky top-0 z-10 grid h-7 items-center gap-x-3 border-b border-line bg-page pr-3 pl-2 text-sm text-fg-3"
      style={{ gridTemplateColumns: template }}
    >
      {(['name', ...columns] as const).map((column) => {
        const isSorted = sort.column === column
        const isUp = sort.direction === 'asc'
        return (
          <div
            key={column}
            role="columnheader"
            aria-sort={isSorted ? (isUp ? 'ascending' : 'descending') : 'none'}
            className={classNames('flex min-w-0', column === 'size' && 'justify-end')}
          >
            <button
              type="button"
              className="flex min-w-0 items-center gap-1 -mx-1 rounded-sm px-1 hover:text-fg"
              onClick={() => onSort({ column, direction: isSorted && isUp ? 'desc' : 'asc' })}
            >
              <span className="cut">{labels[column]}</span>
              {isSorted ? (
                isUp ? (
                  <ArrowUpIcon className="size-3" />
                ) : (
                  <ArrowDownIcon className="size-3" />
                )
              ) : null}
            </button>
          </div>
        )
      })}
    </div>
  )
}
