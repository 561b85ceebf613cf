import { expect, it } from 'vitest'
import { ptyDetachMinutes } from '#bridge/contract/pty'
import { sampleId } from '../../testing/wire-samples.ts'
import { keptMs, runningShells } from './running-shells.ts'

const place = { deploymentId: 'local', agentId: sampleId(6) }
const session = (id: string, change: object = {}) => ({
  id,
  command: '',
  profile: '',
  title: '',
  started_at: '2026-11-26T10:00:00Z',
  last_active_at: '2026-11-26T11:00:00Z',
  clients: 0,
  ...change,
})
const tab = (terminalId: string, agentId = place.agentId) => ({
  ...place,
  agentId,
  key: terminalId,
  terminalId,
  workspaceId: sampleId(2),
  workspaceName: 'api',
  agentName: 'main',
  showAgent: false,
  title: 'vim',
  command: '',
  profile: '',
})
const none = { tabs: [], closed: [] }

it('knows as long as the contract how long a shell is kept', () => {
  expect(keptMs).toBe(ptyDetachMinutes * 60_000)
})

it('are those the deployment lists, the last active first, with who looks at them', () => {
  const shells = runningShells({
    place,
    sessions: [
      session(sampleId(1), { command: 'top' }),
      session(sampleId(2), { title: 'vim', last_active_at: '2026-11-26T12:00:00Z', clients: 1 }),
      session(sampleId(3), { clients: 1 }),
    ],
    state: { tabs: [tab(sampleId(3))], closed: [] },
    now: 0,
  })
  expect(shells.map(({ name, words, isOpen }) => [name, words, isOpen])).toEqual([
    ['vim', 'Open elsewhere, last active', false],
    ['top', 'Nobody looks, last active', false],
    ['Shell', 'Open in this window, last active', true],
  ])
})

it('have no title that could break out of its label', () => {
  const title = `\u202e\u001b]0;${'x'.repeat(500)}`
  const [shell] = runningShells({ place, sessions: [session(sampleId(1), { title })], state: none, now: 0 })
  expect(shell?.name).toMatch(/^\]0;x{77}$/)
})

it('are those closed here while the server keeps them, where it cannot list them', () => {
  const now = 1_000_000
  const closed = [
    { tab: tab(sampleId(1)), closedAt: now - keptMs },
    { tab: tab(sampleId(2)), closedAt: now - 1000 },
    { tab: tab(sampleId(3), sampleId(9)), closedAt: now },
  ]
  const shells = runningShells({ place, sessions: null, state: { tabs: [], closed }, now })
  expect(shells.map(({ terminalId, canEnd }) => [terminalId, canEnd])).toEqual([[sampleId(2), false]])
})
