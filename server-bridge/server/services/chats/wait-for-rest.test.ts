import { describe, expect, it } from 'vitest'
import { createFakeClock } from '../../../testing/fake-clock.ts'
import { createTopics } from '../topics.ts'
import { waitForRest } from './wait-for-rest.ts'

function waiting(ms: number, first = 'running') {
  const clock = createFakeClock(0)
  const topic = createTopics().chat
  const stop = new AbortController()
  let status: string | undefined = first
  let outcome: unknown
  const find = () => (status === undefined ? undefined : { status })
  const ended = waitForRest({ clock, topic, find }, 'child', { ms, signal: stop.signal }).then(
    (value) => (outcome = value),
    (error: unknown) => (outcome = error),
  )
  return {
    clock,
    ended,
    stop: () => stop.abort(),
    outcome: () => outcome,
    becomes(next: string | undefined) {
      status = next
      topic.publish('child')
    },
  }
}

describe('a wait for a chat to rest', () => {
  it.each(['waiting', 'error', undefined])('ends when it is %s', async (status) => {
    const wait = waiting(1000)
    wait.becomes('interrupting')
    wait.becomes(status)
    await wait.ended
    expect(wait.outcome()).toBe(true)
  })

  it('ends at once when it does already, also with no time at all', async () => {
    const wait = waiting(0, 'waiting')
    await wait.ended
    expect(wait.outcome()).toBe(true)
  })

  it('is given up after its time, of which that for the owner’s answer is no part', async () => {
    const wait = waiting(60_000)
    wait.clock.advance(59_000)
    wait.becomes('requires_action')
    wait.clock.advance(3 * 86_400_000)
    await Promise.resolve()
    expect(wait.outcome()).toBeUndefined()
    wait.becomes('running')
    wait.clock.advance(999)
    await Promise.resolve()
    expect(wait.outcome()).toBeUndefined()
    wait.clock.advance(1)
    await wait.ended
    expect(wait.outcome()).toBe(false)
  })

  it('ends when it is stopped, and then leaves nothing behind', async () => {
    const wait = waiting(1000)
    wait.stop()
    await wait.ended
    expect(wait.outcome()).toBeInstanceOf(Error)
    wait.becomes('waiting')
    wait.clock.advance(2000)
    expect(wait.outcome()).toBeInstanceOf(Error)
  })
})
