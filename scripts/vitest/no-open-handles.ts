// What a test file leaves open (timers, servers, sockets, processes) would keep the app alive too: it fails the file.
import { setImmediate as nextTurn } from 'node:timers/promises'
import { afterAll, beforeAll } from 'vitest'
import { watchTimers } from './live-timers.ts'
import { countHandles, newHandles } from './open-handles.ts'

// Sockets and children end a few turns of the event loop after their close call; on a busy machine, when it is their turn.
const SETTLE_MS = 8_000
const timers = watchTimers(globalThis)
let before = new Map<string, number>()

const whatIsOpen = (): string[] => [
  ...newHandles(before, countHandles(process.getActiveResourcesInfo())),
  ...timers.live().map((place) => `a timer started at ${place}`),
]

beforeAll(() => {
  before = countHandles(process.getActiveResourcesInfo())
})

afterAll(async () => {
  const deadline = performance.now() + SETTLE_MS
  let left = whatIsOpen()
  while (left.length > 0 && performance.now() < deadline) {
    await nextTurn()
    left = whatIsOpen()
  }
  // The next file runs in this process too.
  timers.end()
  if (left.length > 0) throw new Error(`This file leaves open: ${left.join(', ')}`)
})
