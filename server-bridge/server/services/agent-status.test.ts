import { describe, expect, it } from 'vitest'
import { agentHealthOf, agentStatusAt } from './agent-status.ts'

const never = {
  createdAt: 0,
  firstConnectedAt: null,
  lastConnectedAt: null,
  disconnectedAt: null,
  connectionTimeoutSeconds: 120,
}
const once = { ...never, firstConnectedAt: 1_000, lastConnectedAt: 50_000 }

describe('the status of an agent', () => {
  it('is connecting until it connects, or its time is over', () => {
    expect(agentStatusAt(119_000, never)).toBe('connecting')
    expect(agentStatusAt(121_000, never)).toBe('timeout')
    expect(agentStatusAt(999_000, { ...never, connectionTimeoutSeconds: 0 })).toBe('connecting')
  })

  it('is connected while it was heard within thirty seconds and not seen to leave since', () => {
    expect(agentStatusAt(80_000, once)).toBe('connected')
    expect(agentStatusAt(80_001, once)).toBe('disconnected')
    expect(agentStatusAt(51_000, { ...once, disconnectedAt: 50_500 })).toBe('disconnected')
    expect(agentStatusAt(51_000, { ...once, disconnectedAt: 40_000 })).toBe('connected')
  })
})

describe('the health of an agent', () => {
  it('has a reason whenever it is bad', () => {
    const reason = (...args: Parameters<typeof agentHealthOf>) => agentHealthOf(...args).reason
    expect(agentHealthOf('connected', 'ready')).toEqual({ healthy: true })
    expect(agentHealthOf('connected', 'start_timeout')).toEqual({ healthy: true })
    expect(reason('connecting', 'created')).toBe('agent has not yet connected')
    expect(reason('timeout', 'created')).toBe('agent is taking too long to connect')
    expect(reason('disconnected', 'ready')).toBe('agent has lost connection')
    expect(reason('disconnected', 'off')).toBe('agent is not running')
    expect(reason('connected', 'start_error')).toMatch(/exited with an error/)
    expect(reason('connected', 'shutting_down')).toBe('agent is shutting down')
  })
})
