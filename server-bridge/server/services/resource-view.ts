import type { WorkspaceResource, WorkspaceResourceMetadata } from '../../contract/workspace-builds.ts'
import type { Database } from '../db/database.ts'
import type { AgentView } from './agent-view.ts'
import { groupBy } from './group-by.ts'
import { toWireTime } from './wire-time.ts'

/** Resources with their agents, by the job that made them. */
export type ResourceView = (jobIds: readonly string[]) => Map<string, WorkspaceResource[]>

export function createResourceView(db: Database, agents: AgentView): ResourceView {
  return (jobIds) => {
    const rows = db.all(
      db.sql
        .selectFrom('workspace_resources')
        .selectAll()
        .where('job_id', 'in', [...jobIds])
        .orderBy('position'),
    )
    const agentsOf = agents.ofResources(rows.map((row) => row.id))
    const wire = rows.map((row): WorkspaceResource => ({
      id: row.id,
      created_at: toWireTime(row.created_at),
      job_id: row.job_id,
      workspace_transition: row.transition,
      type: row.type,
      name: row.name,
      hide: row.hide === 1,
      icon: row.icon,
      agents: agentsOf.get(row.id) ?? [],
      metadata: JSON.parse(row.metadata) as WorkspaceResourceMetadata[],
      daily_cost: row.daily_cost,
    }))
    return groupBy(wire, (resource) => resource.job_id)
  }
}
