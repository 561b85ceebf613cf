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
import type { TemplateVersionDryRunsTable } from './tables/template-version-dry-runs.ts'
import type { TemplateUseHoursTable } from './tables/template-use-hours.ts'
import type { WorkspacesTable } from './tables/workspaces.ts'
import type { WorkspaceBuildsTable } from './tables/workspace-builds.ts'
import type { WorkspaceBuildParametersTable } from './tables/workspace-build-parameters.ts'
import type { WorkspaceResourcesTable } from './tables/workspace-resources.ts'
import type { WorkspaceAgentsTable } from './tables/workspace-agents.ts'
import type { WorkspaceAgentScriptsTable } from './tables/workspace-agent-scripts.ts'
import type { WorkspaceAgentLogsTable } from './tables/workspace-agent-logs.ts'
import type { UserSettingsTable } from './tables/user-settings.ts'
import type { WorkspaceAgentMetadataTable } from './tables/workspace-agent-metadata.ts'
import type { WorkspaceAgentScriptTimingsTable } from './tables/workspace-agent-script-timings.ts'
import type { WorkspaceAgentLogSourcesTable } from './tables/workspace-agent-log-sources.ts'
import type { WorkspaceAppStatusesTable } from './tables/workspace-app-statuses.ts'
import type { WorkspaceAppSessionsTable } from './tables/workspace-app-sessions.ts'
import type { WorkspaceBuildStatesTable } from './tables/workspace-build-states.ts'
import type { WorkspacePortSharesTable } from './tables/workspace-port-shares.ts'
import type { ProvisionerJobTimingsTable } from './tables/provisioner-job-timings.ts'
import type { AuditLogsTable } from './tables/audit-logs.ts'
import type { UserSecretsTable } from './tables/user-secrets.ts'
import type { GitSshKeysTable } from './tables/git-ssh-keys.ts'
import type { InboxNotificationsTable } from './tables/inbox-notifications.ts'
import type { NotificationPreferencesTable } from './tables/notification-preferences.ts'
import type { NotificationEventsTable } from './tables/notification-events.ts'
import type { UserStatusChangesTable } from './tables/user-status-changes.ts'
import type { WorkspaceActivityTable } from './tables/workspace-activity.ts'
import type { McpServerConfigsTable } from './tables/mcp-server-configs.ts'
import type { McpServerUserHeadersTable } from './tables/mcp-server-user-headers.ts'
import type { McpServerUserTokensTable } from './tables/mcp-server-user-tokens.ts'
import type { AiProvidersTable } from './tables/ai-providers.ts'
import type { AiProviderKeysTable } from './tables/ai-provider-keys.ts'
import type { ChatModelConfigsTable } from './tables/chat-model-configs.ts'
import type { ChatsTable } from './tables/chats.ts'
import type { ChatMessagesTable } from './tables/chat-messages.ts'
import type { ChatQueuedMessagesTable } from './tables/chat-queued-messages.ts'
import type { ChatToolDecisionsTable } from './tables/chat-tool-decisions.ts'
import type { ChatToolGrantsTable } from './tables/chat-tool-grants.ts'
import type { ChatToolRulesTable } from './tables/chat-tool-rules.ts'
import type { ChatFilesTable } from './tables/chat-files.ts'
import type { ChatFileLinksTable } from './tables/chat-file-links.ts'
import type { ChatSharesTable } from './tables/chat-shares.ts'
import type { ChatUserSettingsTable } from './tables/chat-user-settings.ts'
import type { UserSkillsTable } from './tables/user-skills.ts'
import type { ChatUsageLimitsTable } from './tables/chat-usage-limits.ts'
import type { ChatUsageOverridesTable } from './tables/chat-usage-overrides.ts'
import type { ChatSpendLimitsTable } from './tables/chat-spend-limits.ts'
import type { UserAiProviderKeysTable } from './tables/user-ai-provider-keys.ts'
import type { ChatCostsTable } from './tables/chat-costs.ts'
import type { ChatDebugRunsTable } from './tables/chat-debug-runs.ts'
import type { ChatDebugStepsTable } from './tables/chat-debug-steps.ts'
import type { ChatDiffStatusesTable } from './tables/chat-diff-statuses.ts'

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
  template_version_dry_runs: TemplateVersionDryRunsTable
  template_use_hours: TemplateUseHoursTable
  workspaces: WorkspacesTable
  workspace_builds: WorkspaceBuildsTable
  workspace_build_parameters: WorkspaceBuildParametersTable
  workspace_resources: WorkspaceResourcesTable
  workspace_agents: WorkspaceAgentsTable
  workspace_agent_scripts: WorkspaceAgentScriptsTable
  workspace_agent_logs: WorkspaceAgentLogsTable
  user_settings: UserSettingsTable
  workspace_agent_metadata: WorkspaceAgentMetadataTable
  workspace_agent_script_timings: WorkspaceAgentScriptTimingsTable
  workspace_agent_log_sources: WorkspaceAgentLogSourcesTable
  workspace_app_statuses: WorkspaceAppStatusesTable
  workspace_app_sessions: WorkspaceAppSessionsTable
  workspace_build_states: WorkspaceBuildStatesTable
  workspace_port_shares: WorkspacePortSharesTable
  provisioner_job_timings: ProvisionerJobTimingsTable
  audit_logs: AuditLogsTable
  user_secrets: UserSecretsTable
  git_ssh_keys: GitSshKeysTable
  inbox_notifications: InboxNotificationsTable
  notification_preferences: NotificationPreferencesTable
  notification_events: NotificationEventsTable
  user_status_changes: UserStatusChangesTable
  workspace_activity: WorkspaceActivityTable
  mcp_server_configs: McpServerConfigsTable
  mcp_server_user_headers: McpServerUserHeadersTable
  mcp_server_user_tokens: McpServerUserTokensTable
  ai_providers: AiProvidersTable
  ai_provider_keys: AiProviderKeysTable
  chat_model_configs: ChatModelConfigsTable
  chats: ChatsTable
  chat_messages: ChatMessagesTable
  chat_queued_messages: ChatQueuedMessagesTable
  chat_tool_decisions: ChatToolDecisionsTable
  chat_tool_grants: ChatToolGrantsTable
  chat_tool_rules: ChatToolRulesTable
  chat_files: ChatFilesTable
  chat_file_links: ChatFileLinksTable
  chat_shares: ChatSharesTable
  chat_user_settings: ChatUserSettingsTable
  user_skills: UserSkillsTable
  chat_usage_limits: ChatUsageLimitsTable
  chat_usage_overrides: ChatUsageOverridesTable
  chat_spend_limits: ChatSpendLimitsTable
  user_ai_provider_keys: UserAiProviderKeysTable
  chat_costs: ChatCostsTable
  chat_debug_runs: ChatDebugRunsTable
  chat_debug_steps: ChatDebugStepsTable
  chat_diff_statuses: ChatDiffStatusesTable
}
