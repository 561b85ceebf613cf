import type { Generated } from 'kysely'

/** Template imports, dry runs and workspace builds, waiting, running and done. */
export interface ProvisionerJobsTable {
  id: string
  type: string
  status: string
  file_id: string
  organization_id: string
  initiator_id: string
  template_version_id: string | null
  workspace_build_id: string | null
  error: string | null
  error_code: string | null
  worker_id: string | null
  created_at: number
  started_at: number | null
  canceled_at: number | null
  completed_at: number | null
  logs_length: Generated<number>
  logs_overflowed: Generated<number>
  tags: Generated<string>
  /** How often a worker has begun it: a job that ends the server each time must not do so for ever. */
  attempts: Generated<number>
}
