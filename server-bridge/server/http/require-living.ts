import { ApiError } from '../api-error.ts'
import type { WorkspaceRow } from '../services/workspace-view.ts'

/** A deleted workspace answers 410 where it is addressed by id. @throws {ApiError} 410 */
export function requireLiving(workspace: WorkspaceRow, includeDeleted = false): WorkspaceRow {
  if (workspace.deleted === 1 && !includeDeleted) {
    throw new ApiError(410, {
      message: `Workspace ${JSON.stringify(workspace.id)} was deleted, you can view this workspace by specifying '?deleted=true' and trying again.`,
    })
  }
  return workspace
}
