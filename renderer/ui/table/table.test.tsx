import { fireEvent, render, screen, within } from '@testing-library/react'
import { useState } from 'react'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { Column, TableSort } from './column.ts'
import { Table } from './table.tsx'
import type { TableProps } from './table-props.ts'
import { noSelection } from './table-selection.ts'

interface Row {
  readonly name: string
  readonly group: string
}

const rows: readonly Row[] = ['delta', 'alpha', 'charlie', 'bravo'].map((name) => ({
  name,
  group: name < 'c' ? 'first' : 'second',
}))
const columns: readonly Column<Row>[] = [
  {
    id: 'name',
    header: 'Name',
    width: 120,
    cell: (row) => row.name,
    compare: (a, b) => a.name.localeCompare(b.name),
  },
]

/** The page around a table: keeps sort and selection. */
function Harness(props: Partial<TableProps<Row>>) {
  const [selection, setSelection] = useState(noSelection)
  const [sort, setSort] = useState<TableSort | null>(null)
  return (
    <>
      <output>{[...selection.keys].toSorted().join(' ')}</output>
      <Table
        label="Things"
        rows={rows}
        rowKey={(row) => row.name}
        columns={columns}
        sort={sort}
        onSortChange={setSort}
        selection={selection}
        onSelectionChange={setSelection}
        {...props}
      />
    </>
  )
}

const grid = () => screen.getByLabelText('Things')
const names = () =>
  [...document.querySelectorAll('[data-row-key]')].map((row) => row.getAttribute('data-row-key'))
const row = (name: string) => {
  const element = document.querySelector<HTMLElement>(`[data-row-key=${name}]`)
  if (!element) throw new Error(`No row ${name}.`)
  return element
}
const selected = () => screen.getByRole('status').textContent
const press = (key: string, init: KeyboardEventInit = {}) => fireEvent.keyDown(grid(), { key, ...init })

beforeEach(() => {
  // happy-dom lays nothing out, and the virtualizer paints only what has room.
  vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(600)
  vi.spyOn(HTMLElement.prototype, 'clientWidth', 'get').mockReturnValue(800)
})

describe('with the mouse', () => {
  it('opens a row by a click and selects with ctrl and shift', () => {
    const opened: string[] = []
    render(<Harness onOpen={(item) => opened.push(item.name)} />)
    fireEvent.click(row('alpha'))
    expect(opened).toEqual(['alpha'])
    fireEvent.click(row('alpha'), { ctrlKey: true })
    fireEvent.click(row('bravo'), { shiftKey: true })
    expect(selected()).toBe('alpha bravo charlie')
    expect(opened).toHaveLength(1)
  })

  it('selects all by the box in the header, and none by it again', () => {
    render(<Harness />)
    fireEvent.click(screen.getByRole('checkbox', { name: 'Select all' }))
    expect(selected()).toBe('alpha bravo charlie delta')
    fireEvent.click(screen.getByRole('checkbox', { name: 'Select all' }))
    expect(selected()).toBe('')
  })

  it('sorts by a header, and tells screen readers how', () => {
    render(<Harness />)
    fireEvent.click(screen.getByRole('button', { name: 'Name' }))
    expect(names()).toEqual(['alpha', 'bravo', 'charlie', 'delta'])
    expect(screen.getByRole('columnheader', { name: /^Name/ }).getAttribute('aria-sort')).toBe('ascending')
  })

  it('shows the actions of a row while the pointer is over it', () => {
    const start = vi.fn()
    render(
      <Harness
        actions={(targets) => [
          {
            label: `Start ${targets.map(({ name }) => name).join()}`,
            icon: '>',
            inline: true,
            onSelect: start,
          },
        ]}
      />,
    )
    expect(screen.queryByRole('button', { name: 'Start alpha' })).toBeNull()
    fireEvent.pointerEnter(row('alpha'))
    fireEvent.click(within(row('alpha')).getByRole('button', { name: 'Start alpha' }))
    expect(start).toHaveBeenCalledOnce()
  })
})

describe('by keyboard', () => {
  it('walks, opens, selects and extends', () => {
    const opened: string[] = []
    render(<Harness onOpen={(item) => opened.push(item.name)} />)
    press('ArrowDown')
    press('ArrowDown')
    expect(grid().getAttribute('aria-activedescendant')).toBe(row('alpha').id)
    press('Enter')
    expect(opened).toEqual(['alpha'])
    press(' ')
    press('ArrowDown', { shiftKey: true })
    expect(selected()).toBe('alpha charlie')
    press('Escape')
    expect(selected()).toBe('')
    press('a', { ctrlKey: true })
    expect(selected()).toBe('alpha bravo charlie delta')
  })

  it('jumps to the ends', () => {
    render(<Harness />)
    press('End')
    expect(grid().getAttribute('aria-activedescendant')).toBe(row('bravo').id)
    press('Home')
    expect(grid().getAttribute('aria-activedescendant')).toBe(row('delta').id)
  })

  it('folds and unfolds a group', () => {
    render(<Harness groupOf={(item) => item.group} />)
    press('ArrowDown')
    press('ArrowLeft')
    expect(names()).toEqual(['alpha', 'bravo'])
    press('ArrowRight')
    expect(names()).toHaveLength(4)
  })

  it('opens the menu of the row, for all selected rows when it is one of them', async () => {
    render(
      <Harness actions={(targets) => [{ label: `Stop ${targets.length}`, onSelect: () => undefined }]} />,
    )
    press('ArrowDown')
    press(' ')
    press('ArrowDown', { shiftKey: true })
    press('F10', { shiftKey: true })
    expect(await screen.findByRole('menuitem', { name: 'Stop 2' })).toBeTruthy()
  })
})

it('says why there is nothing', () => {
  render(<Harness rows={[]} empty="No things yet" />)
  expect(screen.getByText('No things yet')).toBeTruthy()
})

it('forgets the selection of rows that went away', () => {
  const { rerender } = render(<Harness />)
  press('a', { ctrlKey: true })
  rerender(<Harness rows={rows.slice(0, 1)} />)
  expect(screen.getByRole('checkbox', { name: 'Select all' }).getAttribute('aria-checked')).toBe('true')
  expect(row('delta').getAttribute('aria-selected')).toBe('true')
})
