import type {
  DeleteWorkspaceAgentPortShareRequest,
  UpsertWorkspaceAgentPortShareRequest,
  WorkspaceAgentPortShare,
} from '../../contract/workspace-sharing.ts'
import { sharedPortRange } from '../../contract/workspace-sharing.ts'
import { ApiError, notFound } from '../api-error.ts'
import type { Database } from '../db/database.ts'
import type { WorkspaceRow } from './workspace-view.ts'

export interface PortShares {
  list(workspace: WorkspaceRow): WorkspaceAgentPortShare[]
  /** @throws {ApiError} 400 */
  upsert(workspace: WorkspaceRow, request: UpsertWorkspaceAgentPortShareRequest): WorkspaceAgentPortShare
  /** @throws {ApiError} 404 */
  remove(workspace: WorkspaceRow, request: DeleteWorkspaceAgentPortShareRequest): void
}

function refuse(field: string, message: string): ApiError {
  return new ApiError(400, { message, validations: [{ field, detail: message }] })
}

export function createPortShares(db: Database): PortShares {
  const hasAgent = (workspaceId: string, name: string): boolean =>
    db.first(
      db.sql
        .selectFrom('workspace_agents')
        .innerJoin('workspace_resources', 'workspace_resources.id', 'workspace_agents.resource_id')
        .innerJoin('workspace_builds', 'workspace_builds.job_id', 'workspace_resources.job_id')
        .select('workspace_agents.id')
        .where('workspace_builds.workspace_id', '=', workspaceId)
        .where('workspace_agents.name', '=', name)
        .where((where) =>
          where(
            'workspace_builds.build_number',
            '=',
            where
              .selectFrom('workspace_builds as newest')
              .select((newest) => newest.fn.max('newest.build_number').as('number'))
              .where('newest.workspace_id', '=', workspaceId),
          ),
        ),
    ) !== undefined

  return {
    list: (workspace) =>
      db.all(
        db.sql
          .selectFrom('workspace_port_shares')
          .selectAll()
          .where('workspace_id', '=', workspace.id)
          .orderBy('agent_name')
          .orderBy('port'),
      ),
    upsert(workspace, { agent_name: agentName, port, share_level: level, protocol }) {
      if (level === 'owner') {
        throw refuse('share_level', 'The owner can always open a port: delete the share instead.')
      }
      if (port < sharedPortRange.min || port > sharedPortRange.max) {
        throw refuse('port', `Port must be between ${sharedPortRange.min} and ${sharedPortRange.max}.`)
      }
      if (!hasAgent(workspace.id, agentName)) throw refuse('agent_name', 'The workspace has no such agent.')
      const share = {
        workspace_id: workspace.id,
        agent_name: agentName,
        port,
        share_level: level,
        protocol,
      }
      db.run(db.sql.replaceInto('workspace_port_shares').values(share))
      return share
    },
    remove(workspace, request) {
      const removed = db.run(
        db.sql
          .deleteFrom('workspace_port_shares')
          .where('workspace_id', '=', workspace.id)
          .where('agent_name', '=', request.agent_name)
          .where('port', '=', request.port),
      )
      if (removed === 0) throw notFound()
    },
  }
}
