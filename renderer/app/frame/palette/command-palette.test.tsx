import { act, fireEvent, render, screen, waitFor } from '@testing-library/react'
import { beforeEach, expect, it, vi } from 'vitest'
import { recentCommands, setPaletteOpen, useCommands } from '../../../lib/commands/command-store.ts'
import { CommandPalette } from './command-palette.tsx'

const open = vi.fn()
const stop = vi.fn()

function App() {
  useCommands([
    { id: 'open', title: 'Open payments-api', group: 'Workspaces', run: open },
    { id: 'stop', title: 'Stop payments-api', group: 'Actions', run: stop },
  ])
  return <CommandPalette scope="acme" />
}

const input = () => screen.findByRole('combobox', { name: 'Search or run a command' })

beforeEach(() => {
  recentCommands.set([])
  open.mockClear()
  stop.mockClear()
})

async function show() {
  render(<App />)
  act(() => {
    setPaletteOpen(true)
  })
  return input()
}

it('runs what is typed on Enter, closes and remembers it', async () => {
  const field = await show()
  fireEvent.change(field, { target: { value: 'stop' } })
  fireEvent.keyDown(field, { key: 'Enter' })
  expect(stop).toHaveBeenCalledOnce()
  expect(recentCommands.get()).toEqual(['stop'])
  await waitFor(() => {
    expect(screen.queryByRole('combobox')).toBeNull()
  })
})

it('walks with the arrow keys, round the ends, and tells screen readers where it is', async () => {
  const field = await show()
  const activeText = () =>
    document.getElementById(field.getAttribute('aria-activedescendant') ?? '')?.textContent
  expect(activeText()).toBe('Open payments-api')
  fireEvent.keyDown(field, { key: 'ArrowDown' })
  expect(activeText()).toBe('Stop payments-api')
  fireEvent.keyDown(field, { key: 'ArrowDown' })
  expect(activeText()).toBe('Open payments-api')
  fireEvent.keyDown(field, { key: 'ArrowUp' })
  fireEvent.keyDown(field, { key: 'Enter' })
  expect(stop).toHaveBeenCalledOnce()
})

it('names what it did not find', async () => {
  const field = await show()
  fireEvent.change(field, { target: { value: 'zzz' } })
  expect(screen.getByRole('status').textContent).toContain('zzz')
  fireEvent.keyDown(field, { key: 'Enter' })
  expect(open).not.toHaveBeenCalled()
})
