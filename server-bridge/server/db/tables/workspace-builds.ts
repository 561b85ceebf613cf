import type { Generated } from 'kysely'

/** Builds of workspaces, numbered from 1 in each. */
export interface WorkspaceBuildsTable {
  id: string
  workspace_id: string
  template_version_id: string
  template_version_preset_id: string | null
  build_number: number
  transition: string
  initiator_id: string
  job_id: string
  reason: string
  deadline: number | null
  max_deadline: number | null
  /** Removes the workspace and leaves what it was made of. */
  orphan: Generated<number>
  /** JSON of the start that follows when this build succeeds. */
  on_success: string | null
  created_at: number
  updated_at: number
}
