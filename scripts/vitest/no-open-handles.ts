// What a test file leaves open (timers, servers, sockets, processes) would keep the app alive too: it fails the file.
import { setImmediate as nextTurn } from 'node:timers/promises'
import { afterAll, beforeAll } from 'vitest'
import { countHandles, newHandles } from './open-handles.ts'

// Sockets and children end a few turns of the event loop after their close call.
const SETTLE_MS = 2_000
let before = new Map<string, number>()

beforeAll(() => {
  before = countHandles(process.getActiveResourcesInfo())
})

afterAll(async () => {
  const deadline = performance.now() + SETTLE_MS
  let left = newHandles(before, countHandles(process.getActiveResourcesInfo()))
  while (left.length > 0 && performance.now() < deadline) {
    await nextTurn()
    left = newHandles(before, countHandles(process.getActiveResourcesInfo()))
  }
  if (left.length > 0) throw new Error(`This file leaves open: ${left.join(', ')}`)
})
