import { expect, it } from 'vitest'
import { silentLogger } from '../../../lib/logger.ts'
import type { ChatRow, MessageRow } from './chat-rows.ts'
import { createTurnScans } from './turn-scans.ts'

const row = (id: number, role: string, tool?: string) =>
  ({
    ...{ id, role, visibility: 'both' },
    content: JSON.stringify(
      tool === undefined
        ? [{ type: 'text', text: 'x' }]
        : [{ type: 'tool-call', tool_call_id: 'c', tool_name: tool, args: {} }],
    ),
  }) as MessageRow

function setUp() {
  const rows = new Map<string, MessageRow[]>()
  const status = new Map<string, string>()
  const begun: string[] = []
  const ends: (() => void)[] = []
  const scans = createTurnScans({
    find: (id) =>
      ({ id, workspace_id: id === 'nowhere' ? null : 'w', status: status.get(id) ?? 'waiting' }) as ChatRow,
    messages: (id, after = 0) => (rows.get(id) ?? []).filter((message) => message.id > after),
    scan: (id, signal) => {
      begun.push(id)
      return new Promise((resolve, reject) => {
        ends.push(resolve)
        signal.addEventListener('abort', () => reject(new Error('aborted')))
      })
    },
    logger: silentLogger,
  })
  scans.start()
  return {
    ...{ scans, rows, status, begun },
    async wake(...ids: string[]) {
      for (const id of ids) scans.wake(id)
      await settle()
    },
    async endScans() {
      for (const end of ends.splice(0)) end()
      await settle()
    },
  }
}
const settle = async () => {
  for (let turn = 0; turn < 10; turn += 1) await Promise.resolve()
}

it('looks once after a turn that wrote, and again only after another one', async () => {
  const { rows, begun, wake, endScans } = setUp()
  rows.set('a', [row(1, 'user'), row(2, 'assistant', 'write_file'), row(3, 'tool'), row(4, 'assistant')])
  await wake('a')
  await endScans()
  await wake('a', 'a')
  expect(begun).toEqual(['a'])
  rows.get('a')?.push(row(5, 'user'), row(6, 'assistant', 'read_file'))
  await wake('a')
  expect(begun).toEqual(['a'])
  rows.get('a')?.push(row(7, 'user'), row(8, 'assistant', 'execute'))
  await wake('a')
  expect(begun).toEqual(['a', 'a'])
  await endScans()
})

it('looks after turns that followed each other without a pause, of which only the first wrote', async () => {
  const { rows, begun, wake, endScans } = setUp()
  rows.set('a', [row(1, 'user'), row(2, 'assistant')])
  await wake('a')
  rows.get('a')?.push(row(3, 'user'), row(4, 'assistant', 'execute'), row(5, 'user'), row(6, 'assistant'))
  await wake('a')
  expect(begun).toEqual(['a'])
  await endScans()
})

it('takes the summary of a compaction for no beginning of a turn', async () => {
  const { rows, begun, wake, endScans } = setUp()
  const summary: MessageRow = { ...row(3, 'user'), visibility: 'model' }
  rows.set('a', [row(1, 'user'), row(2, 'assistant', 'execute'), summary, row(4, 'assistant')])
  await wake('a')
  expect(begun).toEqual(['a'])
  await endScans()
})

it('does not look while a turn goes on, nor where there is no workspace', async () => {
  const { rows, status, begun, wake, scans } = setUp()
  for (const id of ['a', 'nowhere']) rows.set(id, [row(1, 'user'), row(2, 'assistant', 'execute')])
  for (const state of ['running', 'requires_action', 'interrupting']) {
    status.set('a', state)
    await wake('a', 'nowhere')
  }
  expect(begun).toEqual([])
  status.set('a', 'error')
  await wake('a')
  expect(begun).toEqual(['a'])
  await scans.close()
})

it('looks into two workspaces at a time, and stops with the server', async () => {
  const { rows, begun, wake, endScans, scans } = setUp()
  for (const id of ['a', 'b', 'c', 'd']) rows.set(id, [row(1, 'user'), row(2, 'assistant', 'edit_files')])
  await wake('a', 'b', 'c', 'd')
  expect(begun).toEqual(['a', 'b'])
  await endScans()
  expect(begun).toEqual(['a', 'b', 'c', 'd'])
  await scans.close()
  rows.set('e', [row(1, 'user'), row(2, 'assistant', 'edit_files')])
  await wake('e')
  expect(begun).toHaveLength(4)
})
