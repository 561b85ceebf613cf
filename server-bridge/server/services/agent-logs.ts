import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import type { WorkspaceAgentLog } from '../../contract/workspace-agents.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Database } from '../db/database.ts'
import type { Topics } from './topics.ts'
import { toWireTime } from './wire-time.ts'

/** Coder cuts the logs of an agent here. */
const MAX_LOG_BYTES = 1024 * 1024

/** One line to keep. */
export interface LogLine {
  readonly log_source_id: string
  readonly created_at: string
  readonly level: string
  readonly output: string
}

export interface LogSource {
  readonly id: string
  readonly display_name: string
  readonly icon: string
}

export interface AgentLogs {
  /** Rows with an id greater than `after`, oldest first. */
  read(agentId: string, after: number): WorkspaceAgentLog[]
  /** Keeps lines until the log is full; answers false when it is, and not all of them were kept. */
  append(agentId: string, lines: readonly LogLine[]): boolean
  /** Keeps lines an agent sent over its link, but for those it sent before; `seq` numbers them. */
  appendNumbered(agentId: string, lines: readonly (LogLine & { readonly seq: number })[]): void
  /** Makes a source for lines that are no script's; one that exists stays as it is. */
  addSource(agentId: string, source: LogSource): { readonly created_at: number }
  /** Whether lines may name this source. */
  hasSource(agentId: string, sourceId: string): boolean
  /** The source of lines that name none. */
  defaultSource(agentId: string): string
}

/** As the column can hold it: no NUL, and no half of a surrogate pair. */
const wellFormed = (text: string): string => Buffer.from(text.replaceAll('\0', '\uFFFD')).toString()

const DEFAULT_SOURCE_NAME = 'External'

export function createAgentLogs(db: Database, clock: Clock, topics: Topics): AgentLogs {
  /** As one value and one statement: a statement a line is most of the work where thousands come in a second. */
  const insert = (agentId: string, lines: readonly LogLine[]): void => {
    const rows = JSON.stringify(
      lines.map((line) => [
        line.log_source_id,
        Date.parse(line.created_at),
        line.level,
        wellFormed(line.output),
      ]),
    )
    db.run({
      compile: () =>
        sql`INSERT INTO workspace_agent_logs (agent_id, log_source_id, created_at, level, output)
          SELECT ${agentId}, value ->> 0, value ->> 1, value ->> 2, value ->> 3
          FROM json_each(${rows}) ORDER BY key`.compile(db.sql),
    })
  }

  const stateOf = (agentId: string) =>
    db.first(
      db.sql
        .selectFrom('workspace_agents')
        .select(['logs_length', 'logs_overflowed', 'last_event_seq'])
        .where('id', '=', agentId),
    )

  /** Answers whether everything had room. */
  const store = (agentId: string, lines: readonly LogLine[]): boolean => {
    const state = stateOf(agentId)
    if (!state) return false
    let { logs_length: length, logs_overflowed: overflowed } = state
    const kept: LogLine[] = []
    for (const line of lines) {
      if (overflowed === 1) break
      // An empty line counts as well, or a log of nothing but those would never end.
      const next = length + Math.max(1, Buffer.byteLength(line.output))
      if (next > MAX_LOG_BYTES) {
        overflowed = 1
      } else {
        length = next
        kept.push(line)
      }
    }
    if (kept.length > 0) insert(agentId, kept)
    db.run(
      db.sql
        .updateTable('workspace_agents')
        .set({ logs_length: length, logs_overflowed: overflowed, updated_at: clock.now() })
        .where('id', '=', agentId),
    )
    topics.agentLogs.publish(agentId)
    return overflowed === 0
  }

  const findSource = (agentId: string, column: 'id' | 'display_name', value: string) =>
    db.first(
      db.sql
        .selectFrom('workspace_agent_log_sources')
        .select(['id', 'created_at'])
        .where('agent_id', '=', agentId)
        .where(column, '=', value),
    )

  const addSource = (agentId: string, source: LogSource): { readonly created_at: number } => {
    const known = findSource(agentId, 'id', source.id)
    if (known) return known
    const row = { ...source, agent_id: agentId, created_at: clock.now() }
    db.run(db.sql.insertInto('workspace_agent_log_sources').values(row))
    return row
  }

  return {
    read: (agentId, after) =>
      db
        .all(
          db.sql
            .selectFrom('workspace_agent_logs')
            .selectAll()
            .where('agent_id', '=', agentId)
            .where('id', '>', after)
            .orderBy('id'),
        )
        .map((row) => ({
          id: row.id,
          created_at: toWireTime(row.created_at),
          output: row.output,
          level: row.level,
          source_id: row.log_source_id,
        })),

    append: (agentId, lines) => db.transaction(() => store(agentId, lines)),

    appendNumbered(agentId, lines) {
      db.transaction(() => {
        let seq = stateOf(agentId)?.last_event_seq ?? 0
        const fresh = lines.filter((line) => {
          // A repeat after the link was lost.
          if (line.seq <= seq) return false
          seq = line.seq
          return true
        })
        store(agentId, fresh)
        db.run(db.sql.updateTable('workspace_agents').set({ last_event_seq: seq }).where('id', '=', agentId))
      })
    },

    addSource: (agentId, source) => db.transaction(() => addSource(agentId, source)),

    hasSource(agentId, sourceId) {
      const script = db.first(
        db.sql
          .selectFrom('workspace_agent_scripts')
          .select('id')
          .where('agent_id', '=', agentId)
          .where('log_source_id', '=', sourceId),
      )
      return script !== undefined || findSource(agentId, 'id', sourceId) !== undefined
    },

    defaultSource: (agentId) =>
      db.transaction(() => {
        const known = findSource(agentId, 'display_name', DEFAULT_SOURCE_NAME)
        if (known) return known.id
        const id = randomUUID()
        addSource(agentId, { id, display_name: DEFAULT_SOURCE_NAME, icon: '' })
        return id
      }),
  }
}
