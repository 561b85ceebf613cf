import { setImmediate as nextTurn } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { combineLive } from './combine-live.ts'
import { createEventQueue } from './event-queue.ts'
import { createLiveValue, streamLatest } from './live-value.ts'
import { createManualClock } from '../testing/manual-clock.ts'
import { createTokenBucket } from './token-bucket.ts'

describe('a live value', () => {
  it('tells its listeners of changes only', () => {
    const value = createLiveValue(1)
    const seen: number[] = []
    const stop = value.onChange((next) => void seen.push(next))
    value.set(1)
    value.set(2)
    stop()
    value.set(3)
    expect(seen).toEqual([2])
  })

  it('streams the latest to a slow reader and buffers nothing', async () => {
    const value = createLiveValue(0)
    const ended = new AbortController()
    const stream = streamLatest(value, ended.signal)
    expect((await stream.next()).value).toBe(0)
    for (let next = 1; next <= 1000; next += 1) value.set(next)
    expect((await stream.next()).value).toBe(1000)
    const waiting = stream.next()
    ended.abort()
    expect((await waiting).done).toBe(true)
  })

  it('lets go of its source when a reader leaves', async () => {
    const listeners = new Set<unknown>()
    const source = {
      get: () => 1,
      onChange(listener: (value: number) => void) {
        listeners.add(listener)
        return () => void listeners.delete(listener)
      },
    }
    const stream = streamLatest(source, new AbortController().signal)
    await stream.next()
    expect(listeners.size).toBe(1)
    await stream.return(undefined)
    expect(listeners.size).toBe(0)
  })

  it('is combined from others', () => {
    const a = createLiveValue(1)
    const b = createLiveValue(2)
    const sum = combineLive([a, b], () => a.get() + b.get())
    const seen: number[] = []
    sum.onChange((next) => void seen.push(next))
    a.set(5)
    b.set(6)
    expect(seen).toEqual([7, 11])
    expect(sum.get()).toBe(11)
  })
})

describe('an event queue', () => {
  it('keeps events in order for a reader that comes later, and drops the oldest beyond its limit', async () => {
    const queue = createEventQueue<number>(3)
    for (const event of [1, 2, 3, 4]) queue.push(event)
    const ended = new AbortController()
    const stream = queue.stream(ended.signal)
    expect([(await stream.next()).value, (await stream.next()).value, (await stream.next()).value]).toEqual([
      2, 3, 4,
    ])
    const waiting = stream.next()
    await nextTurn()
    queue.push(5)
    expect((await waiting).value).toBe(5)
    ended.abort()
    expect((await stream.next()).done).toBe(true)
  })
})

describe('a token bucket', () => {
  it('allows a burst, then what refills, and survives a clock set back', () => {
    let now = 1_000_000
    const bucket = createTokenBucket({
      capacity: 2,
      refillPerSecond: 1,
      clock: { ...createManualClock(), now: () => now },
    })
    expect([bucket.take(), bucket.take(), bucket.take()]).toEqual([true, true, false])
    now += 1000
    expect([bucket.take(), bucket.take()]).toEqual([true, false])
    now -= 500_000
    expect(bucket.take()).toBe(false)
    now += 1000
    expect(bucket.take()).toBe(true)
  })
})
