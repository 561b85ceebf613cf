import type { DeploymentSettingsTable } from './tables/deployment-settings.ts'
import type { OrganizationsTable } from './tables/organizations.ts'
import type { UsersTable } from './tables/users.ts'
import type { OrganizationMembersTable } from './tables/organization-members.ts'
import type { ApiKeysTable } from './tables/api-keys.ts'
import type { FilesTable } from './tables/files.ts'
import type { ProvisionerJobsTable } from './tables/provisioner-jobs.ts'
import type { ProvisionerJobLogsTable } from './tables/provisioner-job-logs.ts'
import type { TemplatesTable } from './tables/templates.ts'
import type { TemplateVersionsTable } from './tables/template-versions.ts'
import type { WorkspacesTable } from './tables/workspaces.ts'
import type { WorkspaceBuildsTable } from './tables/workspace-builds.ts'
import type { WorkspaceBuildParametersTable } from './tables/workspace-build-parameters.ts'
import type { WorkspaceResourcesTable } from './tables/workspace-resources.ts'
import type { WorkspaceAgentsTable } from './tables/workspace-agents.ts'
import type { WorkspaceAgentScriptsTable } from './tables/workspace-agent-scripts.ts'
import type { WorkspaceAgentLogsTable } from './tables/workspace-agent-logs.ts'
import type { AuditLogsTable } from './tables/audit-logs.ts'
import type { McpServerConfigsTable } from './tables/mcp-server-configs.ts'
import type { McpServerUserHeadersTable } from './tables/mcp-server-user-headers.ts'
import type { McpServerUserTokensTable } from './tables/mcp-server-user-tokens.ts'

/** Every table by its name, for Kysely. */
export interface Tables {
  schema_migrations: { id: number; name: string; applied_at: number }
  deployment_settings: DeploymentSettingsTable
  organizations: OrganizationsTable
  users: UsersTable
  organization_members: OrganizationMembersTable
  api_keys: ApiKeysTable
  files: FilesTable
  provisioner_jobs: ProvisionerJobsTable
  provisioner_job_logs: ProvisionerJobLogsTable
  templates: TemplatesTable
  template_versions: TemplateVersionsTable
  workspaces: WorkspacesTable
  workspace_builds: WorkspaceBuildsTable
  workspace_build_parameters: WorkspaceBuildParametersTable
  workspace_resources: WorkspaceResourcesTable
  workspace_agents: WorkspaceAgentsTable
  workspace_agent_scripts: WorkspaceAgentScriptsTable
  workspace_agent_logs: WorkspaceAgentLogsTable
  audit_logs: AuditLogsTable
  mcp_server_configs: McpServerConfigsTable
  mcp_server_user_headers: McpServerUserHeadersTable
  mcp_server_user_tokens: McpServerUserTokensTable
}
