import { expect, it } from 'vitest'
import type { ConnectionEvent, ConnectionState } from '#bridge/contract/connection-events'
import { createManualClock } from '../../testing/manual-clock.ts'
import { createConnectionTimeline } from './connection-timeline.ts'

const waiting = (reason: string, retryAt = 5): ConnectionState => ({ kind: 'waiting', reason, retryAt })

function start() {
  const clock = createManualClock()
  const timeline = createConnectionTimeline(clock)
  const report = (state: ConnectionState, subject: Partial<ConnectionEvent> = {}) => {
    timeline.report({
      what: 'terminal',
      connectionId: 'one',
      deploymentId: 'local',
      workspaceId: null,
      agentId: null,
      name: '',
      at: clock.now(),
      state,
      ...subject,
    })
  }
  const read = () => {
    clock.advance(250)
    return timeline.value.get()
  }
  const told = () => read().entries.map(({ event, times }) => [event.state.kind, times])
  return { clock, timeline, report, read, told }
}

it('tells the newest first, and which entries are how it is now', () => {
  const { report, read } = start()
  report({ kind: 'connecting' })
  report({ kind: 'open' })
  report(waiting('Away.'), { connectionId: 'two' })
  const { entries, current } = read()
  expect(entries.map(({ event }) => event.state.kind)).toEqual(['waiting', 'open', 'connecting'])
  expect(current.toSorted()).toEqual([entries[0]?.id, entries[1]?.id].toSorted())
})

it('folds a connection that comes and goes into one entry a state, until it is quiet for a while', () => {
  const { clock, report, told, read } = start()
  for (let round = 0; round < 50; round += 1) {
    report({ kind: 'connecting' })
    report({ kind: 'open' })
    report(waiting('The connection was lost.', round))
    clock.advance(1000)
  }
  // That it connects again while it waits is no news.
  expect(told()).toEqual([
    ['waiting', 50],
    ['open', 50],
    ['connecting', 1],
  ])
  expect(read().entries[0]?.event.state).toMatchObject({ retryAt: 49 })
  clock.advance(180_000)
  report({ kind: 'open' })
  expect(told()[0]).toEqual(['open', 1])
})

it('stays bounded whatever is told, and one connection does not push out the others', () => {
  const { report, read } = start()
  report({ kind: 'open' }, { connectionId: 'quiet' })
  for (let at = 0; at < 2000; at += 1) report(waiting(`Reason ${at}`))
  expect(read().entries).toHaveLength(41)
  for (let at = 0; at < 2000; at += 1) report({ kind: 'open' }, { connectionId: `c${at}` })
  expect(read().entries).toHaveLength(400)
})

it('has nothing unseen and nothing long of what servers say', () => {
  const { report, read } = start()
  report(waiting(`Gone\u202e\u0007 away ${'x'.repeat(500)}`))
  const state = read().entries[0]?.event.state
  expect(state).toMatchObject({ reason: expect.stringMatching(/^Gone away x{200,300}…$/) })
})

it('tells at most so often, and forgets a deployment that left', () => {
  const { clock, timeline, report, read } = start()
  let changes = 0
  timeline.value.onChange(() => (changes += 1))
  for (let at = 0; at < 100; at += 1) report({ kind: 'open' }, { connectionId: `c${at}` })
  clock.advance(1000)
  expect(changes).toBe(1)
  report({ kind: 'open' }, { deploymentId: 'other' })
  timeline.forget('local')
  expect(read().entries).toHaveLength(1)
  report(waiting('x'))
  timeline.close()
  expect(clock.pending).toBe(0)
})
