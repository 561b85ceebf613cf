import { render, screen } from '@testing-library/react'
import { expect, it } from 'vitest'
import { StatusMark, type Status } from './status-mark.tsx'

const states: readonly Status[] = [
  'running',
  'starting',
  'stopped',
  'failed',
  'pending',
  'deleting',
  'unhealthy',
  'waiting',
  'unknown',
]

it('gives each state a shape of its own, so that colour is never alone', () => {
  const shapes = states.map((status) => {
    const { container, unmount } = render(<StatusMark status={status} />)
    const shape = container.querySelector('svg')?.innerHTML
    unmount()
    return shape
  })
  expect(new Set(shapes).size).toBe(states.length)
})

it('still says the word when only the shape shows', () => {
  render(<StatusMark status="starting" label="Starting the agent" hideLabel />)
  expect(screen.getByText('Starting the agent')).toBeTruthy()
})
