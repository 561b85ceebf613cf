import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { CompiledQuery } from 'kysely'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parseLogMessage } from '../../contract/log-follow.ts'
import { workspaceAgentLogSchema } from '../../contract/workspace-agents.ts'
import { systemClock } from '../../lib/clock.ts'
import { connectDatabase, type Database } from '../db/database.ts'
import { openDatabase } from '../db/open-database.ts'
import { createAgentLogs, type AgentLogs, type LogLine } from './agent-logs.ts'
import { createTopics, type Topics } from './topics.ts'

const source = '6d1c6d61-4d0a-4a4b-9f8e-0c7a5b3d2e1f'

let folder: string
let db: Database
let topics: Topics
let logs: AgentLogs

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'outpost-logs-'))
  db = openDatabase(folder)
  topics = createTopics()
  logs = createAgentLogs(db, systemClock, topics)
  // Agents of no workspace: only their own rows matter here.
  db.script('PRAGMA foreign_keys = OFF')
  for (const id of ['a', 'b']) addAgent(id)
})
afterEach(() => {
  db.close()
  rmSync(folder, { recursive: true, force: true })
})

function addAgent(id: string): void {
  const columns = db
    .all<{ name: string; type: string; notnull: number; dflt_value: unknown }>({
      compile: () => CompiledQuery.raw('PRAGMA table_info(workspace_agents)') as never,
    })
    .filter(({ name, notnull, dflt_value }) => name !== 'id' && notnull === 1 && dflt_value === null)
  const values = columns.map(({ type }) => (type === 'INTEGER' ? '0' : "'[]'"))
  db.script(
    `INSERT INTO workspace_agents (id, ${columns.map(({ name }) => name).join()}) VALUES ('${id}', ${values.join()})`,
  )
}

const line = (output: string, created_at = '2026-01-01T00:00:00.000Z'): LogLine => ({
  log_source_id: source,
  created_at,
  level: 'info',
  output,
})
const numbered = (from: number, outputs: readonly string[]) =>
  outputs.map((output, index) => ({ ...line(output), seq: from + index }))
const outputs = (agentId: string, after = 0): string[] =>
  logs.read(agentId, after).map(({ output }) => output)
const recent = (agentId: string, after: number) => {
  const found = logs.recent(agentId, after)
  return found && parseLogMessage(found.message.toString(), workspaceAgentLogSchema)
}

describe('the log of an agent', () => {
  it('has rising ids over all agents and restarts, also where rows are gone', () => {
    logs.append('a', [line('1'), line('2')])
    logs.append('b', [line('3')])
    db.script('DELETE FROM workspace_agent_logs')
    db.close()
    db = openDatabase(folder)
    logs = createAgentLogs(db, systemClock, topics)
    db.script('PRAGMA foreign_keys = OFF')
    logs.append('a', [line('4'), line('5')])
    logs.append('b', [line('6')])
    logs.append('a', [line('7')])
    const ids = (agentId: string) => logs.read(agentId, 0).map(({ id, output }) => [id, output])
    expect([ids('a'), ids('b')]).toEqual([
      [
        [4, '4'],
        [5, '5'],
        [7, '7'],
      ],
      [[6, '6']],
    ])
  })

  it('is cut at 1 MiB for good, and takes nothing twice', () => {
    logs.appendNumbered('a', numbered(1, ['x', 'y']))
    logs.appendNumbered('a', numbered(2, ['again', 'z']))
    expect(outputs('a')).toEqual(['x', 'y', 'z'])
    expect(logs.append('a', [line('x'.repeat(1024 * 1024 - 3))])).toBe(true)
    expect(logs.append('a', [line('')])).toBe(false)
    expect(logs.append('a', [line('')])).toBe(false)
    expect(outputs('a')).toHaveLength(4)
    logs.appendNumbered('a', numbered(4, ['late']))
    expect(outputs('a')).toHaveLength(4)
  })
})

describe('recent rows of a log', () => {
  it('are what the database has, in the turn in which they were kept', async () => {
    const odd = ['', '\0nul', 'half \ud800 pair', '😀', '"\\\n\u2028', 'x'.repeat(5_000)]
    const times = ['2026-01-01T00:00Z', '2026-01-01T00:00:00.123456Z', '2026-01-01T00:00:00.5Z']
    logs.append('b', [line('another')])
    logs.append(
      'a',
      odd.map((output, index) => line(output, times[index % times.length])),
    )
    expect(recent('a', 0)).toEqual(logs.read('a', 0))
    await nextTurn()
    expect(recent('a', 0)).toBeUndefined()
    // A flood, whose lines differ in their text alone but for one place.
    const flood = Array.from({ length: 200 }, (_, index) =>
      line(`${index} ${odd[index % odd.length]}`, times[index < 90 ? 0 : 1]),
    )
    logs.append('b', flood)
    const last = logs.read('b', 0).find(({ output }) => output === 'another')
    expect(recent('b', last?.id ?? 0)).toHaveLength(200)
    expect(recent('b', last?.id ?? 0)).toEqual(logs.read('b', last?.id ?? 0))
    expect(outputs('b', last?.id)).toEqual(
      flood.map(({ output }) => Buffer.from(output.replace('\0', '\uFFFD')).toString()),
    )
  })

  it('are only for who has everything before them', () => {
    logs.append('a', [line('1'), line('2')])
    logs.append('b', [line('other')])
    logs.append('a', [line('3')])
    const [first, second, third] = logs.read('a', 0).map(({ id }) => id)
    expect(
      [0, first, second, third].map((after) => recent('a', after ?? 0)?.map(({ output }) => output)),
    ).toEqual([['1', '2'], undefined, ['3'], undefined])
  })

  it('are told of when they are on disk, and never when they are undone', () => {
    const reader = connectDatabase(join(folder, 'outpost.db'))
    const onDisk = createAgentLogs(reader, systemClock, createTopics())
    const told: unknown[] = []
    topics.agentLogs.subscribe('a', () => told.push(onDisk.read('a', 0).map(({ output }) => output)))
    expect(() =>
      db.transaction(() => {
        logs.append('a', [line('undone')])
        throw new Error('no')
      }),
    ).toThrow('no')
    expect(recent('a', 0)).toBeUndefined()
    db.transaction(() => logs.append('a', [line('kept')]))
    expect(recent('a', 0)?.map(({ output }) => output)).toEqual(['kept'])
    expect(told).toEqual([['kept']])
    reader.close()
  })
})
