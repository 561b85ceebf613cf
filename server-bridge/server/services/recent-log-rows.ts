import { formatLogMessage } from '../../contract/log-follow.ts'
import type { WorkspaceAgentLog } from '../../contract/workspace-agents.ts'

/** Rows that follow one another in the log of one agent, with nothing between them. */
export interface KeptRows {
  /** The id of the row before them; 0 when there is none. */
  readonly previousId: number
  readonly lastId: number
  /** Made when somebody asks. */
  readonly rows: () => readonly WorkspaceAgentLog[]
}

/** Rows that were only just kept, for those who wait for them: the database need not be asked for what is in memory. */
export interface RecentLogRows {
  /** Has them until those who are told by `tell` have sent what they send in the next turn of the event loop. */
  add(agentId: string, kept: KeptRows, tell: () => void): void
  /**
   * What comes right after the row `after`, as one message of the `array` framing. `undefined` when that is not here: who
   * lags, or asks later, reads the database.
   */
  next(agentId: string, after: number): { readonly lastId: number; readonly message: Buffer } | undefined
}

interface Entry extends KeptRows {
  message?: Buffer
}

export function createRecentLogRows(): RecentLogRows {
  const recent = new Map<string, Entry[]>()
  return {
    add(agentId, kept, tell) {
      const entry: Entry = { ...kept }
      const entries = recent.get(agentId) ?? []
      entries.push(entry)
      recent.set(agentId, entries)
      tell()
      // After what `tell` made others do in that turn. The oldest is always the first to go.
      setImmediate(() => {
        entries.shift()
        if (entries.length === 0) recent.delete(agentId)
      })
    },
    next(agentId, after) {
      const entry = recent.get(agentId)?.find(({ previousId }) => previousId === after)
      if (entry === undefined) return undefined
      entry.message ??= Buffer.from(formatLogMessage(entry.rows()))
      return { lastId: entry.lastId, message: entry.message }
    },
  }
}
