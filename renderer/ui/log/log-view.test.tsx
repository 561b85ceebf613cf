import { fireEvent, render, screen } from '@testing-library/react'
import { beforeEach, expect, it, vi } from 'vitest'
import { LogView } from './log-view.tsx'

const lines = [
  { id: 1, text: '\u001b[32mready\u001b[0m', stage: 'plan', time: 0 },
  { id: 2, text: 'an error here', stage: 'apply', time: 1000, level: 'error' as const },
  { id: 3, text: 'another error', time: 2000 },
]

beforeEach(() => {
  // happy-dom lays nothing out, and the virtualizer paints only what has room.
  vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(600)
  vi.spyOn(HTMLElement.prototype, 'clientWidth', 'get').mockReturnValue(800)
})

it('paints the colours of the palette', () => {
  render(<LogView title="Build log" lines={lines} />)
  expect(screen.getByText('ready').style.color).toBe('var(--a2)')
})

it('steps through what it finds, round the ends', () => {
  const { container } = render(<LogView title="Build log" lines={lines} />)
  fireEvent.keyDown(screen.getByRole('region', { name: 'Build log' }), { key: 'f', ctrlKey: true })
  const field = screen.getByRole('textbox', { name: 'Search the log' })
  fireEvent.change(field, { target: { value: 'ERROR' } })
  expect(screen.getByText('1 of 2')).toBeTruthy()
  fireEvent.keyDown(field, { key: 'Enter' })
  expect(screen.getByText('2 of 2')).toBeTruthy()
  fireEvent.keyDown(field, { key: 'Enter' })
  expect(screen.getByText('1 of 2')).toBeTruthy()
  expect(container.querySelectorAll('mark')).toHaveLength(2)
  expect(container.querySelectorAll('mark[data-current]')).toHaveLength(1)
  fireEvent.keyDown(field, { key: 'Escape' })
  expect(container.querySelectorAll('mark')).toHaveLength(0)
})

it('finds the stage of a line too', () => {
  const { container } = render(<LogView title="Build log" lines={lines} />)
  fireEvent.click(screen.getByRole('button', { name: 'Search the log' }))
  fireEvent.change(screen.getByRole('textbox', { name: 'Search the log' }), { target: { value: 'apply' } })
  expect(container.querySelector('mark')?.textContent).toBe('apply')
})

it('copies the whole log as plain text', () => {
  const writeText = vi.spyOn(navigator.clipboard, 'writeText').mockResolvedValue()
  render(<LogView title="Build log" lines={lines.slice(0, 2)} />)
  fireEvent.click(screen.getByRole('button', { name: 'Copy the log' }))
  expect(writeText).toHaveBeenCalledWith(
    '1970-01-01T00:00:00.000Z plan: ready\n1970-01-01T00:00:01.000Z apply: an error here',
  )
})

it('says so while nothing has come yet', () => {
  render(<LogView title="Build log" live lines={[]} />)
  expect(screen.getByText('Waiting for the first line…')).toBeTruthy()
})
