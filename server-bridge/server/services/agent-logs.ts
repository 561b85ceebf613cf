import type { WorkspaceAgentLog } from '../../contract/workspace-agents.ts'
import type { Database } from '../db/database.ts'
import { toWireTime } from './wire-time.ts'

/** Rows with an id greater than `after`, oldest first. */
export type ReadAgentLogs = (agentId: string, after: number) => WorkspaceAgentLog[]

export function createAgentLogReader(db: Database): ReadAgentLogs {
  return (agentId, after) =>
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
      }))
}
