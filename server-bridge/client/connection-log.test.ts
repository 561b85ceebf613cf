import { expect, it } from 'vitest'
import type { ConnectionEvent } from '../contract/connection-events.ts'
import { connectionEventSchema, connectionText } from '../contract/connection-events.ts'
import { createFakeClock } from '../testing/fake-clock.ts'
import { followConnection } from './connection-log.ts'
import { createReconnectingConnection, type ConnectionListener } from './reconnecting-connection.ts'

const subject = {
  what: 'tunnel',
  connectionId: 'one',
  deploymentId: 'local',
  workspaceId: null,
  agentId: null,
  name: '5432 on dev',
} as const

it('a connection that heals tells each of its states in words, until it is closed', () => {
  const clock = createFakeClock()
  const events: ConnectionEvent[] = []
  let listener: ConnectionListener | undefined
  const connection = createReconnectingConnection({
    clock,
    random: () => 0.5,
    open: (given) => {
      listener = given
      return { check: () => undefined, close: () => undefined }
    },
    onState: followConnection({ report: (event) => events.push(event) }, clock, subject),
  })
  connection.start()
  listener?.opened()
  listener?.closed(1006, 'Gone\u202e\n away')
  connection.retryNow()
  listener?.failed({ reason: 'No.', status: 403 })
  connection.close()
  expect(events.map(({ state }) => state)).toEqual([
    { kind: 'connecting' },
    { kind: 'open' },
    { kind: 'waiting', reason: 'Gone away', retryAt: expect.any(Number) },
    { kind: 'connecting' },
    { kind: 'failed', code: 'forbidden', reason: 'No.' },
    { kind: 'closed' },
  ])
  expect(events.every((event) => connectionEventSchema.safeParse(event).success)).toBe(true)
})

it('what a server says becomes one bounded line without anything unseen', () => {
  const text = connectionText(`\u001b[31mred\u0000\u2066 \u{e0041}x${'😀'.repeat(5000)}`)
  expect(text).toMatch(/^\[31mred x😀/)
  expect(text.length).toBeLessThanOrEqual(300)
  expect(text.endsWith('😀…')).toBe(true)
})
