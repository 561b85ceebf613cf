import { fireEvent, render, screen } from '@testing-library/react'
import { beforeEach, expect, it, vi } from 'vitest'
import { drawerLimits, drawerShare } from './drawer-size.ts'
import { TerminalDrawer, type TerminalDrawerProps } from './terminal-drawer.tsx'

function show(props: Partial<TerminalDrawerProps> = {}) {
  const calls = { onOpenChange: vi.fn() }
  const view = (more: Partial<TerminalDrawerProps>) => (
    <TerminalDrawer open bar={null} {...calls} {...props} {...more}>
      <p>terminal output</p>
    </TerminalDrawer>
  )
  const { rerender } = render(view({}))
  return {
    ...calls,
    change: (more: Partial<TerminalDrawerProps>) => {
      rerender(view(more))
    },
  }
}

beforeEach(() => {
  drawerShare.set(drawerLimits.rest)
})

it('keeps its terminals while it is hidden', () => {
  const { change } = show()
  const before = screen.getByText('terminal output')
  change({ open: false })
  expect(screen.queryByRole('region', { name: 'Terminals' })).toBeNull()
  change({ open: true })
  expect(screen.getByText('terminal output')).toBe(before)
})

it('remembers the height that was chosen by keyboard', () => {
  show()
  const edge = screen.getByRole('separator', { name: 'Height of the terminals' })
  fireEvent.keyDown(edge, { key: 'ArrowUp' })
  expect(drawerShare.get()).toBeCloseTo(drawerLimits.rest + 0.03)
  fireEvent.doubleClick(edge)
  expect(drawerShare.get()).toBe(drawerLimits.rest)
})
