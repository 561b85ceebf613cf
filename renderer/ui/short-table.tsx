import type { ReactNode } from 'react'
import { classNames } from '../lib/class-names.ts'

export interface ShortColumn<Row> {
  readonly id: string
  readonly header: string
  /** The header is read, not shown: a column of buttons. */
  readonly hideHeader?: boolean | undefined
  readonly cell: (row: Row) => ReactNode
  readonly align?: 'end' | undefined
  /** Names the row for screen readers. One column has it. */
  readonly rowHeader?: boolean | undefined
  /** Width, and when to hide: `w-24`, `hidden @xl:table-cell`. */
  readonly className?: string | undefined
}

export interface ShortTableProps<Row> {
  /** Its name for screen readers. */
  readonly label: string
  readonly columns: readonly ShortColumn<Row>[]
  readonly rows: readonly Row[]
  readonly rowKey: (row: Row) => string
}

const cellShape = 'h-9 py-1 pr-3 first:pl-3.5 last:pr-3.5'

/** A table of a few rows inside a card, as high as they are. For long lists take Table. */
export function ShortTable<Row>({ label, columns, rows, rowKey }: ShortTableProps<Row>) {
  return (
    <div className="@container">
      <table aria-label={label} className="w-full table-fixed border-collapse">
        <thead>
          <tr className="border-b border-line text-left text-sm text-fg-3">
            {columns.map((column) => (
              <th
                key={column.id}
                scope="col"
                className={classNames(
                  'h-7 cut pr-3 font-normal first:pl-3.5 last:pr-3.5',
                  column.align === 'end' && 'text-right',
                  column.className,
                )}
              >
                <span className={column.hideHeader ? 'sr-only' : undefined}>{column.header}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={rowKey(row)} className="border-line not-last:border-b hover:bg-hover">
              {columns.map((column) => (
                <ShortCell key={column.id} row={row} column={column} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function ShortCell<Row>({ row, column }: { readonly row: Row; readonly column: ShortColumn<Row> }) {
  const className = classNames(
    cellShape,
    column.align === 'end' && 'num text-right',
    column.rowHeader && 'text-left font-normal',
    column.className,
  )
  return column.rowHeader ? (
    <th scope="row" className={className}>
      {column.cell(row)}
    </th>
  ) : (
    <td className={className}>{column.cell(row)}</td>
  )
}
