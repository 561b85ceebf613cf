import { expect, test } from 'vitest'
import { createAgentUsage, type UsageReport } from './agent-usage.ts'

const report = (sessions: UsageReport['sessions']): UsageReport => ({
  type: 'stats',
  reported_at: '2026-01-01T00:00:00.000Z',
  sessions,
  rx_bytes: 10,
  tx_bytes: 20,
})

test('an open terminal is activity, an SSH connection that is merely open is not', () => {
  const active: string[] = []
  const usage = createAgentUsage((workspaceId) => active.push(workspaceId))
  usage.report('agent', 'idle', report({ reconnecting_pty: 0, ssh: 2 }))
  expect(active).toEqual([])
  expect(usage.of('agent')?.sessions.ssh).toBe(2)
  usage.report('agent', 'used', report({ reconnecting_pty: 1, ssh: 0 }))
  expect(active).toEqual(['used'])
  usage.forget('agent')
  expect(usage.of('agent')).toBeUndefined()
})
