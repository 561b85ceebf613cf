import { expect, it } from 'vitest'
import { createFakeClock } from '../../testing/fake-clock.ts'
import { createRateLimiter, rateKey } from './rate-limiter.ts'

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

it('counts a path with its parameters, whatever their case', () => {
  const route = { path: '/api/v2/users/{user}/workspace/{workspacename}' } as const
  const key = rateKey(route, { user: 'Ada', workspacename: 'one' })
  expect(rateKey(route, { user: 'ada', workspacename: 'ONE' })).toBe(key)
  expect(rateKey(route, { user: 'ada', workspacename: 'two' })).not.toBe(key)
  // A parameter that holds a slash is not the path of another one.
  expect(rateKey({ path: '/{a}/{b}' }, { a: 'x/y', b: 'z' })).not.toBe(
    rateKey({ path: '/{a}/{b}' }, { a: 'x', b: 'y/z' }),
  )
})

it('counts guesses of passwords whoever they are for', () => {
  const route = { path: '/api/v2/users/{user}/password', rate: 'login' } as const
  expect(rateKey(route, { user: 'ada' })).toBe(rateKey(route, { user: 'me' }))
})
