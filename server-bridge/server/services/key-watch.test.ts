import { expect, it } from 'vitest'
import { createFakeClock } from '../../testing/fake-clock.ts'
import { createKeyWatch } from './key-watch.ts'
import type { KeyLife } from './sessions.ts'
import { createTopics } from './topics.ts'

const DAY_MS = 24 * 3_600_000
const holder = { keyId: 'key', userId: 'user' }

function startWatch(life: KeyLife) {
  const clock = createFakeClock(0)
  const { userKeys: topic } = createTopics()
  const ends: string[] = []
  const state = { life }
  const watch = createKeyWatch({
    clock,
    topic,
    lifeOf: () =>
      'endsAt' in state.life && state.life.endsAt <= clock.now() ? { endedBecause: 'expired' } : state.life,
  })
  return { clock, topic, ends, state, stop: watch(holder, (reason) => ends.push(reason)) }
}

it('ends at the moment the key expires, and not before', () => {
  const { clock, ends } = startWatch({ endsAt: DAY_MS })
  clock.advance(DAY_MS - 1)
  expect(ends).toEqual([])
  clock.advance(1)
  expect(ends).toEqual(['expired'])
  expect(clock.pending).toBe(0)
})

it('goes on while uses move the end of the key on', () => {
  const { clock, ends, state } = startWatch({ endsAt: 30_000 })
  clock.advance(20_000)
  state.life = { endsAt: 100_000 }
  clock.advance(79_999)
  expect(ends).toEqual([])
  clock.advance(1)
  expect(ends).toEqual(['expired'])
})

it('notices within a minute that the clock was set on', () => {
  const { clock, ends } = startWatch({ endsAt: 100 * 365 * DAY_MS })
  clock.jump(101 * 365 * DAY_MS)
  clock.advance(60_000)
  expect(ends).toEqual(['expired'])
})

it('looks again when the keys of the user changed, after what is under way', async () => {
  const { topic, ends, state } = startWatch({ endsAt: DAY_MS })
  topic.publish('user')
  topic.publish('somebody else')
  await Promise.resolve()
  expect(ends).toEqual([])
  state.life = { endedBecause: 'deleted' }
  topic.publish('user')
  topic.publish('user')
  expect(ends).toEqual([])
  await Promise.resolve()
  expect(ends).toEqual(['deleted'])
})

it('ends at once for a key that has ended', () => {
  expect(startWatch({ endedBecause: 'gone' }).ends).toEqual(['gone'])
})

it('leaves nothing behind when nobody waits any more', async () => {
  const { clock, topic, ends, state, stop } = startWatch({ endsAt: DAY_MS })
  topic.publish('user')
  stop()
  state.life = { endedBecause: 'deleted' }
  await Promise.resolve()
  topic.publish('user')
  clock.advance(DAY_MS)
  await Promise.resolve()
  expect(ends).toEqual([])
  expect(clock.pending).toBe(0)
})
