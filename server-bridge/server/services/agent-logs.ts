import { randomUUID } from 'node:crypto'
import type { WorkspaceAgentLog } from '../../contract/workspace-agents.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Database } from '../db/database.ts'
import { insertLogLines, type KeptLine, query } from './insert-log-lines.ts'
import { createRecentLogRows, type RecentLogRows } from './recent-log-rows.ts'
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
  /** Rows right after the one with the id `after`, as a message for followers, in the turn in which they were kept. */
  recent(agentId: string, after: number): ReturnType<RecentLogRows['next']>
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

/** NUL, and halves of surrogate pairs: the column cannot hold them. */
const UNKEPT = /\0|\p{Surrogate}/u

const wellFormed = (text: string): string =>
  UNKEPT.test(text) ? Buffer.from(text.replaceAll('\0', '\uFFFD')).toString() : text

const LOG_STATE = `
  SELECT logs_length AS length, logs_overflowed AS overflowed, last_event_seq AS seq,
    ifnull((SELECT max(id) FROM workspace_agent_logs WHERE agent_id = workspace_agents.id), 0) AS previousId,
    ifnull((SELECT seq FROM sqlite_sequence WHERE name = 'workspace_agent_logs'), 0) AS lastId
  FROM workspace_agents WHERE id = ?`

const UPDATE_STATE = `
  UPDATE workspace_agents SET logs_length = ?, logs_overflowed = ?, last_event_seq = ?, updated_at = ? WHERE id = ?`

interface LogState {
  readonly length: number
  readonly overflowed: number
  readonly seq: number
  /** Of the agent's rows. */
  readonly previousId: number
  /** Ever given to any row. */
  readonly lastId: number
}

const DEFAULT_SOURCE_NAME = 'External'

export function createAgentLogs(db: Database, clock: Clock, topics: Topics): AgentLogs {
  const recent = createRecentLogRows()
  const toTime = remembered(toWireTime)

  const toRow = (id: number, line: KeptLine): WorkspaceAgentLog => ({
    id,
    created_at: toTime(line.createdAt),
    output: line.output,
    level: line.level,
    source_id: line.source,
  })

  /** Keeps what has room, and everything up to the event `seq`. Answers whether all of it had room. */
  const store = (agentId: string, lines: readonly LogLine[], state: LogState, seq: number): boolean => {
    const { kept, length, overflowed } = cut(lines, state)
    const firstId = state.lastId + 1
    insertLogLines(db, agentId, firstId, kept)
    db.run(query(UPDATE_STATE, length, overflowed, seq, clock.now(), agentId))
    const added = {
      previousId: state.previousId,
      lastId: state.lastId + kept.length,
      rows: () => kept.map((line, index) => toRow(firstId + index, line)),
    }
    // Not before: nobody may be told of what is undone.
    db.afterCommit(() => {
      if (kept.length > 0) recent.add(agentId, added, () => topics.agentLogs.publish(agentId))
    })
    return overflowed === 0
  }

  const stateOf = (agentId: string): LogState | undefined => db.first(query<LogState>(LOG_STATE, agentId))

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
          created_at: toTime(row.created_at),
          output: row.output,
          level: row.level,
          source_id: row.log_source_id,
        })),

    recent: (agentId, after) => recent.next(agentId, after),

    append: (agentId, lines) =>
      db.transaction(() => {
        const state = stateOf(agentId)
        return state !== undefined && store(agentId, lines, state, state.seq)
      }),

    appendNumbered(agentId, lines) {
      db.transaction(() => {
        const state = stateOf(agentId)
        if (!state) return
        let { seq } = state
        const fresh = lines.filter((line) => {
          // A repeat after the link was lost.
          if (line.seq <= seq) return false
          seq = line.seq
          return true
        })
        store(agentId, fresh, state, seq)
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

/** What of the lines has room, as their rows have them, and how full the log is then. */
function cut(
  lines: readonly LogLine[],
  state: LogState,
): { readonly kept: KeptLine[]; readonly length: number; readonly overflowed: number } {
  const toMs = remembered(Date.parse)
  let { length, overflowed } = state
  const kept: KeptLine[] = []
  for (const { log_source_id, created_at, level, output } of lines) {
    if (overflowed === 1) break
    // An empty line counts as well, or a log of nothing but those would never end.
    const next = length + Math.max(1, Buffer.byteLength(output))
    if (next > MAX_LOG_BYTES) {
      overflowed = 1
    } else {
      length = next
      kept.push({ source: log_source_id, createdAt: toMs(created_at), level, output: wellFormed(output) })
    }
  }
  return { kept, length, overflowed }
}

/** The last answer is kept: lines that follow one another often have the same time. */
function remembered<In extends string | number, Out>(work: (value: In) => Out): (value: In) => Out {
  let last: { readonly value: In; readonly answer: Out } | undefined
  return (value) => {
    if (last?.value !== value) last = { value, answer: work(value) }
    return last.answer
  }
}
