import type { Generated } from 'kysely'

/** Templates; rarely asked policy is one JSON object in `settings`. */
export interface TemplatesTable {
  id: string
  organization_id: string
  name: string
  display_name: string
  description: string
  icon: string
  active_version_id: string
  created_by: string
  deprecation_message: string
  settings: string
  deleted: Generated<number>
  created_at: number
  updated_at: number
}
