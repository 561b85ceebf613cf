import type { Generated } from 'kysely'

/** How long the steps of a job took. */
export interface ProvisionerJobTimingsTable {
  id: Generated<number>
  job_id: string
  stage: string
  source: string
  action: string
  resource: string
  started_at: number
  ended_at: number
}
