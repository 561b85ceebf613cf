import { expect, it } from 'vitest'
import { gridTemplate, nextSort, visibleColumns, type Column } from './column.ts'

const columns: readonly Column<string>[] = [
  { id: 'name', header: 'Name', width: 160, grow: 1, cell: (row) => row },
  { id: 'used', header: 'Used', width: 80, hideBelow: 900, cell: (row) => row },
]

it('leaves out what does not fit', () => {
  expect(visibleColumns(columns, 800).map(({ id }) => id)).toEqual(['name'])
  expect(visibleColumns(columns, 900)).toHaveLength(2)
  expect(visibleColumns(columns, 0)).toHaveLength(2)
})

it('lets a column grow until a person gives it a width', () => {
  expect(gridTemplate(columns, {}, true)).toBe('16px minmax(160px, 1fr) 80px')
  expect(gridTemplate(columns, { name: 300 }, false)).toBe('300px 80px')
})

it('turns the order around when the same header is pressed again', () => {
  const first = nextSort(null, 'name')
  expect(first).toEqual({ columnId: 'name', direction: 'asc' })
  expect(nextSort(first, 'name').direction).toBe('desc')
  expect(nextSort(first, 'used')).toEqual({ columnId: 'used', direction: 'asc' })
})
