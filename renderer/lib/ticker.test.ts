import { expect, it } from 'vitest'
import { createTicker } from './ticker.ts'

function setUp() {
  let time = 0
  let run: (() => void) | null = null
  let show: ((visible: boolean) => void) | null = null
  const ticker = createTicker({
    now: () => time,
    every: (_ms, next) => {
      run = next
      return () => {
        run = null
      }
    },
    onVisibility: (next) => {
      show = next
      return () => {
        show = null
      }
    },
  })
  return {
    ticker,
    isRunning: () => run !== null,
    advance: (ms: number) => {
      time += ms
      run?.()
    },
    setVisible: (visible: boolean) => {
      show?.(visible)
    },
  }
}

it('runs one timer for all who listen and none when nobody does', () => {
  const { ticker, isRunning, advance } = setUp()
  let calls = 0
  const stops = [1, 2].map(() => ticker.subscribe(() => (calls += 1)))
  advance(1000)
  expect(calls).toBe(2)
  expect(ticker.now()).toBe(1000)
  for (const stop of stops) stop()
  expect(isRunning()).toBe(false)
})

it('rests while the window is hidden and catches up when it shows', () => {
  const { ticker, isRunning, advance, setVisible } = setUp()
  ticker.subscribe(() => undefined)
  setVisible(false)
  expect(isRunning()).toBe(false)
  advance(60_000)
  setVisible(true)
  expect(ticker.now()).toBe(60_000)
  expect(isRunning()).toBe(true)
})
