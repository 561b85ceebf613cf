import { expect, it } from 'vitest'
import { createUnreadOutput } from './unread-output.ts'

const KIB = 1024
const PIECE = 32 * KIB

/**
 * A program that always has more to print, and a client that reads `perMs` bytes each ms after `wayMs`.
 *
 * @returns what is on its way after each ms
 */
function flood(ms: number, perMs: (at: number) => number, wayMs = 1) {
  let now = 0
  const unread = createUnreadOutput(() => now)
  const arrivals: { readonly at: number; readonly bytes: number }[] = []
  const onTheWay: number[] = []
  let sent = 0
  let total = 0
  let read = 0
  unread.sent(1)
  unread.read(1)
  for (; now < ms; now += 1) {
    while (!unread.isFull) {
      unread.sent(PIECE)
      sent += PIECE
      arrivals.push({ at: now + wayMs, bytes: PIECE })
    }
    let room = perMs(now)
    for (let next = arrivals[0]; next !== undefined && next.at <= now && room > 0; next = arrivals[0]) {
      const part = Math.min(room, next.bytes)
      room -= part
      total += part
      arrivals.shift()
      if (part < next.bytes) arrivals.unshift({ at: next.at, bytes: next.bytes - part })
    }
    if (total - read >= PIECE) {
      read = total
      unread.read(1 + read)
    }
    onTheWay.push(sent - total)
  }
  return { onTheWay, total }
}

it.each([
  ['slow', 4 * KIB],
  ['fast', 16 * KIB],
])('keeps what is on its way to a %s client short in time', (_, perMs) => {
  const { onTheWay, total } = flood(4000, () => perMs)
  expect(Math.max(...onTheWay.slice(1000)) / perMs).toBeLessThan(110)
  // And never leaves the client without anything to read.
  expect(total).toBeGreaterThan(0.95 * 4000 * perMs)
})

it('follows a client that becomes slower', () => {
  const { onTheWay } = flood(6000, (at) => (at < 2000 ? 20 * KIB : 4 * KIB))
  expect(Math.max(...onTheWay.slice(1000, 2000))).toBeGreaterThan(500 * KIB)
  expect(Math.max(...onTheWay.slice(5000)) / (4 * KIB)).toBeLessThan(110)
})

it('gives a long way what it takes', () => {
  const { total } = flood(4000, () => 8 * KIB, 60)
  expect(total).toBeGreaterThan(0.8 * 4000 * 8 * KIB)
})

it('never holds output back from a client that does not count, and believes no count that cannot be', () => {
  const unread = createUnreadOutput(() => 0)
  unread.sent(8 * KIB * KIB)
  expect(unread.isFull).toBe(false)
  unread.read(9 * KIB * KIB)
  unread.read(0)
  expect(unread.isFull).toBe(false)
  unread.read(KIB)
  expect(unread.isFull).toBe(true)
  unread.read(8 * KIB * KIB)
  expect(unread.isFull).toBe(false)
})

it('takes nothing for younger than now when the clock is set back, nor stops for ever when it is set forward', () => {
  let now = 1e6
  const unread = createUnreadOutput(() => now)
  let total = 0
  for (const jump of [-5e5, 1e7, ...Array.from({ length: 200 }, () => 1)]) {
    unread.sent(PIECE)
    now += jump
    total += PIECE
    unread.read(total)
    expect(unread.isFull).toBe(false)
  }
  while (!unread.isFull) {
    unread.sent(PIECE)
    total += PIECE
  }
  unread.read(total)
  expect(unread.isFull).toBe(false)
})
