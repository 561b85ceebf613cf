import { expect, it } from 'vitest'
import { createFakeClock } from '../../testing/fake-clock.ts'
import { createRateLimiter } from './rate-limiter.ts'

it('allows the limit in a minute, and again as the minute slides on', () => {
  const clock = createFakeClock(0)
  const limiter = createRateLimiter(clock)
  const allowed = (calls: number): number =>
    Array.from({ length: calls }, () => limiter.hit('me /path', 10)).filter((verdict) => verdict.allowed)
      .length
  expect(allowed(15)).toBe(10)
  expect(limiter.hit('me /other', 10)).toMatchObject({
    allowed: true,
    headers: { 'x-ratelimit-remaining': '9' },
  })
  clock.advance(60_000)
  // The whole last minute still counts at its end, half of it half a minute later.
  expect(allowed(5)).toBe(0)
  clock.advance(30_000)
  expect(allowed(15)).toBe(5)
  const refused = limiter.hit('me /path', 10)
  expect(refused).toEqual({
    allowed: false,
    headers: {
      'x-ratelimit-limit': '10',
      'x-ratelimit-remaining': '0',
      'x-ratelimit-reset': '120',
      'retry-after': '60',
    },
  })
})
