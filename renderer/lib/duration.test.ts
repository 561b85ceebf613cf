import { describe, expect, it } from 'vitest'
import {
  formatAge,
  formatClock,
  formatDuration,
  formatElapsed,
  formatRelative,
  relativeStepMs,
} from './duration.ts'

const second = 1000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

describe('a length of time', () => {
  it.each([
    [-5, '0 s'],
    [45 * second, '45 s'],
    [59.9 * second, '59 s'],
    [12 * minute, '12 m'],
    [hour, '1 h'],
    [hour + 42 * minute, '1 h 42 m'],
    [3 * day + 4 * hour, '3 d 4 h'],
  ])('of %d ms reads %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text)
  })

  it('runs as a clock without jumps at the hour', () => {
    expect(formatClock(48 * second)).toBe('0:48')
    expect(formatClock(59 * minute + 59 * second)).toBe('59:59')
    expect(formatClock(4 * hour + 12 * minute + 7 * second)).toBe('4:12:07')
  })

  it('has tenths of a second while it is short', () => {
    expect(formatElapsed(12)).toBe('< 0.1 s')
    expect(formatElapsed(840)).toBe('0.8 s')
    expect(formatElapsed(61 * second)).toBe('1:01')
  })
})

describe('a time seen from now', () => {
  const now = Date.UTC(2026, 0, 5)

  it.each([
    [0, 'now'],
    [-4 * second, 'now'],
    [-42 * second, '42 s ago'],
    [-4 * minute, '4 m ago'],
    [12 * minute, 'in 12 m'],
    [-26 * hour, '1 d ago'],
    [-800 * day, '2 y ago'],
  ])('at %d ms reads %s', (offset, text) => {
    expect(formatRelative(now + offset, now)).toBe(text)
  })

  it('needs to be looked at less often the further away it is', () => {
    expect(relativeStepMs(30 * second)).toBe(second)
    expect(relativeStepMs(-20 * minute)).toBeLessThanOrEqual(minute)
    expect(relativeStepMs(5 * day)).toBe(minute)
  })
})

it.each([
  [3 * second, 'now'],
  [9 * minute, '9 m'],
  [2 * day, '2 d'],
  [-minute, 'now'],
])('tells an age of %d ms in one unit', (ms, text) => expect(formatAge(0, ms)).toBe(text))
