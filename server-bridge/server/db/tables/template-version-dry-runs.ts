/** What a dry run is asked to plan; values are JSON. */
export interface TemplateVersionDryRunsTable {
  job_id: string
  template_version_id: string
  workspace_name: string
  parameter_values: string
  variable_values: string
}
