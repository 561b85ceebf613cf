import { expect, it } from 'vitest'
import type { Column } from './column.ts'
import { buildLines } from './table-lines.ts'

interface Row {
  readonly name: string
  readonly group: string
}

const rows: readonly Row[] = [
  { name: 'c', group: 'mine' },
  { name: 'a', group: 'shared' },
  { name: 'b', group: 'mine' },
]
const columns: readonly Column<Row>[] = [
  {
    id: 'name',
    header: 'Name',
    width: 100,
    cell: (row) => row.name,
    compare: (a, b) => a.name.localeCompare(b.name),
  },
]
const input = { rows, columns, rowKey: (row: Row) => row.name, closedGroups: new Set<string>() }
const keys = (lines: ReturnType<typeof buildLines<Row>>) => lines.map((line) => line.key)

it('keeps the given order until a column is chosen', () => {
  expect(keys(buildLines(input))).toEqual(['c', 'a', 'b'])
  expect(keys(buildLines({ ...input, sort: { columnId: 'name', direction: 'desc' } }))).toEqual([
    'c',
    'b',
    'a',
  ])
})

it('ignores a sort by a column that cannot be sorted', () => {
  expect(keys(buildLines({ ...input, sort: { columnId: 'gone', direction: 'asc' } }))).toEqual([
    'c',
    'a',
    'b',
  ])
})

it('groups in the wanted order, sorted within, without empty groups', () => {
  const lines = buildLines({
    ...input,
    groupOf: (row) => row.group,
    groupOrder: ['favourites', 'shared', 'mine'],
    sort: { columnId: 'name', direction: 'asc' },
  })
  expect(keys(lines)).toEqual(['group:shared', 'a', 'group:mine', 'b', 'c'])
})

it('hides the rows of a closed group but still counts them', () => {
  const lines = buildLines({ ...input, groupOf: (row) => row.group, closedGroups: new Set(['mine']) })
  expect(lines[0]).toMatchObject({ kind: 'group', label: 'mine', count: 2, isOpen: false })
  expect(keys(lines)).toEqual(['group:mine', 'group:shared', 'a'])
})
