import { describe, expect, it } from 'vitest'
import { createFakeClock } from '../testing/fake-clock.ts'
import type { ReconnectState } from './reconnect.ts'
import { createReconnectingConnection } from './reconnecting-connection.ts'
import type { ConnectionListener } from './reconnecting-connection.ts'

function start(open?: (listener: ConnectionListener, attempt: number) => void) {
  const clock = createFakeClock()
  const listeners: ConnectionListener[] = []
  const states: ReconnectState[] = []
  const closed: number[] = []
  const connection = createReconnectingConnection({
    clock,
    random: () => 0.5,
    onState: (state) => states.push(state),
    open: (listener) => {
      const attempt = listeners.push(listener) - 1
      open?.(listener, attempt)
      return { check: () => undefined, close: () => closed.push(attempt) }
    },
  })
  connection.start()
  return { clock, listeners, states, closed, connection }
}

describe('a reconnecting connection', () => {
  it('waits, tries again and tells each state once', () => {
    const { clock, listeners, states } = start()
    listeners[0]?.opened()
    listeners[0]?.closed(1006, 'lost')
    clock.advance(250)
    listeners[1]?.opened()
    expect(states.map((state) => state.name)).toEqual(['connecting', 'open', 'waiting', 'connecting', 'open'])
    expect(clock.pending).toBe(1)
  })

  it('stays quiet while an open connection proves stable: its user would take the same news for a new connection', () => {
    const { clock, listeners, states } = start()
    listeners[0]?.closed(1006, 'lost')
    clock.advance(250)
    listeners[1]?.opened()
    clock.advance(60_000)
    expect(states.map((state) => state.name)).toEqual(['connecting', 'waiting', 'connecting', 'open'])
  })

  it('does not listen to an attempt it gave up', () => {
    const { clock, listeners, connection, closed } = start()
    clock.advance(15_000)
    expect(closed).toEqual([0])
    listeners[0]?.opened()
    expect(connection.state.name).toBe('waiting')
  })

  it('survives an attempt that fails before `open` returns', () => {
    const { clock, connection, listeners } = start((listener, attempt) => {
      if (attempt < 3) listener.failed({ reason: 'at once' })
    })
    clock.advance(60_000)
    expect(listeners.length).toBeGreaterThan(3)
    connection.close()
    expect(connection.state).toEqual({ name: 'stopped', reason: 'closed' })
    expect(clock.pending).toBe(0)
  })

  it('fails for good when an attempt cannot even be made', () => {
    const { connection, clock } = start(() => {
      throw new TypeError('The address is no address.')
    })
    expect(connection.state).toEqual({
      name: 'failed',
      code: 'refused',
      reason: 'The address is no address.',
    })
    expect(clock.pending).toBe(0)
  })

  it('can be closed and started from inside its own notice', () => {
    const clock = createFakeClock()
    const connection = createReconnectingConnection({
      clock,
      open: (listener) => {
        listener.opened()
        return { check: () => undefined, close: () => undefined }
      },
      onState: (state) => {
        if (state.name === 'open') connection.close()
      },
    })
    connection.start()
    expect(connection.state).toEqual({ name: 'stopped', reason: 'closed' })
    expect(clock.pending).toBe(0)
  })
})
