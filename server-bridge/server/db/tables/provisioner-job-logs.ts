import type { Generated } from 'kysely'

/** Log rows of jobs; ids are one ascending sequence over all jobs. */
export interface ProvisionerJobLogsTable {
  id: Generated<number>
  job_id: string
  created_at: number
  source: string
  level: string
  stage: string
  output: string
}
