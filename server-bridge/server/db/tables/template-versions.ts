import type { Generated } from 'kysely'

/** Versions; what the import found is kept as JSON in wire shape. */
export interface TemplateVersionsTable {
  id: string
  template_id: string | null
  organization_id: string
  name: string
  message: string
  readme: string
  job_id: string
  file_id: string
  created_by: string
  archived: Generated<number>
  user_variable_values: string
  parameters: Generated<string>
  variables: Generated<string>
  presets: Generated<string>
  created_at: number
  updated_at: number
}
