import type { Generated } from 'kysely'

/** Workspaces; a deleted one keeps its row, so that its id answers 410. */
export interface WorkspacesTable {
  id: string
  owner_id: string
  organization_id: string
  template_id: string
  name: string
  /** Name of its folder on disk, never used again: what a lost deletion left there must not turn up in another one. */
  folder: string
  autostart_schedule: string | null
  /** The next automatic start; null where the schedule or the template allows none. */
  next_start_at: number | null
  ttl_ms: number | null
  automatic_updates: string
  favorite: Generated<number>
  deleted: Generated<number>
  dormant_at: number | null
  deleting_at: number | null
  last_used_at: number | null
  /** The latest build with its transition and its job's status, kept by triggers; null while there is none. */
  latest_build_id: Generated<string | null>
  latest_transition: Generated<string | null>
  latest_job_status: Generated<string | null>
  created_at: number
  updated_at: number
}
