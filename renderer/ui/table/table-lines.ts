import type { Column, TableSort } from './column.ts'

/** The header of a group. */
export interface GroupLine {
  readonly kind: 'group'
  readonly key: string
  readonly label: string
  readonly count: number
  readonly isOpen: boolean
}

/** A row. */
export interface RowLine<Row> {
  readonly kind: 'row'
  readonly key: string
  readonly row: Row
}

/** A line of the table as it is painted. */
export type TableLine<Row> = GroupLine | RowLine<Row>

export interface LinesInput<Row> {
  readonly rows: readonly Row[]
  readonly rowKey: (row: Row) => string
  readonly columns: readonly Column<Row>[]
  readonly sort?: TableSort | null | undefined
  /** The group a row belongs to. Groups come in the order of `groupOrder`, then of their first row. */
  readonly groupOf?: ((row: Row) => string) | undefined
  readonly groupOrder?: readonly string[] | undefined
  readonly closedGroups: ReadonlySet<string>
}

/** Sorts and groups rows into lines. Sorting is stable, so rows that are equal stay where they are. */
export function buildLines<Row>(input: LinesInput<Row>): readonly TableLine<Row>[] {
  const sorted = sortRows(input.rows, input.columns, input.sort)
  const asLine = (row: Row): TableLine<Row> => ({ kind: 'row', key: input.rowKey(row), row })
  const { groupOf } = input
  if (groupOf === undefined) return sorted.map(asLine)

  const groups = new Map<string, Row[]>((input.groupOrder ?? []).map((label) => [label, []]))
  for (const row of sorted) {
    const label = groupOf(row)
    const members = groups.get(label)
    if (members) members.push(row)
    else groups.set(label, [row])
  }
  return [...groups].flatMap(([label, members]) => {
    if (members.length === 0) return []
    const isOpen = !input.closedGroups.has(label)
    const head: TableLine<Row> = {
      kind: 'group',
      key: `group:${label}`,
      label,
      count: members.length,
      isOpen,
    }
    return isOpen ? [head, ...members.map(asLine)] : [head]
  })
}

function sortRows<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  sort: TableSort | null | undefined,
): readonly Row[] {
  const compare = columns.find((column) => column.id === sort?.columnId)?.compare
  if (!sort || !compare) return rows
  const sign = sort.direction === 'asc' ? 1 : -1
  return rows.toSorted((a, b) => sign * compare(a, b))
}
