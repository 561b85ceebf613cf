/** Which schema stands for which type of Coder's. Every schema of the wire is here, or the comparison would miss it. */
import * as apiKeys from '../contract/api-keys.ts'
import * as buildInfo from '../contract/build-info.ts'
import * as deployment from '../contract/deployment.ts'
import * as organizations from '../contract/organizations.ts'
import * as jobs from '../contract/provisioner-jobs.ts'
import * as pty from '../contract/pty.ts'
import * as response from '../contract/response.ts'
import * as sse from '../contract/sse.ts'
import * as versions from '../contract/template-versions.ts'
import * as templates from '../contract/templates.ts'
import * as users from '../contract/users.ts'
import * as agents from '../contract/workspace-agents.ts'
import * as apps from '../contract/workspace-apps.ts'
import * as builds from '../contract/workspace-builds.ts'
import * as buildRecords from '../contract/workspace-build-records.ts'
import * as settings from '../contract/workspace-settings.ts'
import * as sharing from '../contract/workspace-sharing.ts'
import * as watches from '../contract/workspace-watches.ts'
import * as workspaces from '../contract/workspaces.ts'

export const coderSchemas = {
  APIKey: apiKeys.apiKeySchema,
  APIKeyWithOwner: apiKeys.apiKeyWithOwnerSchema,
  AgentConnectionTiming: buildRecords.agentConnectionTimingSchema,
  AgentScriptTiming: buildRecords.agentScriptTimingSchema,
  AgentUpdate: watches.agentUpdateSchema,
  AuthMethod: users.authMethodSchema,
  AuthMethods: users.authMethodsSchema,
  BuildInfoResponse: buildInfo.buildInfoResponseSchema,
  BuildUpdate: watches.buildUpdateSchema,
  ConnectionWatchEvent: watches.connectionWatchEventSchema,
  CreateFirstUserOnboardingInfo: users.createFirstUserOnboardingInfoSchema,
  CreateFirstUserRequest: users.createFirstUserRequestSchema,
  CreateFirstUserResponse: users.createFirstUserResponseSchema,
  CreateFirstUserTrialInfo: users.createFirstUserTrialInfoSchema,
  CreateTemplateRequest: templates.createTemplateRequestSchema,
  CreateTemplateVersionRequest: versions.createTemplateVersionRequestSchema,
  CreateTokenRequest: apiKeys.createTokenRequestSchema,
  CreateWorkspaceBuildOnSuccessRequest: builds.createWorkspaceBuildOnSuccessRequestSchema,
  CreateWorkspaceBuildRequest: builds.createWorkspaceBuildRequestSchema,
  CreateWorkspaceRequest: workspaces.createWorkspaceRequestSchema,
  DERPRegion: agents.derpRegionSchema,
  DeleteWorkspaceAgentPortShareRequest: sharing.deleteWorkspaceAgentPortShareRequestSchema,
  ExternalAgentCredentials: sharing.externalAgentCredentialsSchema,
  GenerateAPIKeyResponse: apiKeys.generateApiKeyResponseSchema,
  GithubAuthMethod: users.githubAuthMethodSchema,
  Healthcheck: apps.healthcheckSchema,
  LoginWithPasswordRequest: users.loginWithPasswordRequestSchema,
  LoginWithPasswordResponse: users.loginWithPasswordResponseSchema,
  MatchedProvisioners: jobs.matchedProvisionersSchema,
  MinimalUser: users.minimalUserSchema,
  OIDCAuthMethod: users.oidcAuthMethodSchema,
  Organization: organizations.organizationSchema,
  PostWorkspaceUsageRequest: workspaces.postWorkspaceUsageRequestSchema,
  Preset: versions.presetSchema,
  PresetParameter: versions.presetParameterSchema,
  ProvisionerJob: jobs.provisionerJobSchema,
  ProvisionerJobInput: jobs.provisionerJobInputSchema,
  ProvisionerJobLog: jobs.provisionerJobLogSchema,
  ProvisionerJobMetadata: jobs.provisionerJobMetadataSchema,
  ProvisionerTiming: buildRecords.provisionerTimingSchema,
  PutExtendWorkspaceRequest: settings.putExtendWorkspaceRequestSchema,
  ReconnectingPTYRequest: pty.reconnectingPtyRequestSchema,
  ResolveAutostartResponse: settings.resolveAutostartResponseSchema,
  Response: response.responseSchema,
  SSHConfigResponse: deployment.sshConfigResponseSchema,
  ServerSentEvent: sse.serverSentEventSchema,
  SharedWorkspaceActor: workspaces.sharedWorkspaceActorSchema,
  SlimRole: users.slimRoleSchema,
  Template: templates.templateSchema,
  TemplateAutostartRequirement: templates.templateAutostartRequirementSchema,
  TemplateAutostopRequirement: templates.templateAutostopRequirementSchema,
  TemplateVersion: versions.templateVersionSchema,
  TemplateVersionParameter: versions.templateVersionParameterSchema,
  TemplateVersionParameterOption: versions.templateVersionParameterOptionSchema,
  TemplateVersionVariable: versions.templateVersionVariableSchema,
  TransitionStats: templates.transitionStatsSchema,
  UpdateWorkspaceACL: sharing.updateWorkspaceAclSchema,
  UpdateWorkspaceAutomaticUpdatesRequest: settings.updateWorkspaceAutomaticUpdatesRequestSchema,
  UpdateWorkspaceAutostartRequest: settings.updateWorkspaceAutostartRequestSchema,
  UpdateWorkspaceBuildStateRequest: buildRecords.updateWorkspaceBuildStateRequestSchema,
  UpdateWorkspaceDormancy: settings.updateWorkspaceDormancySchema,
  UpdateWorkspaceRequest: settings.updateWorkspaceRequestSchema,
  UpdateWorkspaceTTLRequest: settings.updateWorkspaceTtlRequestSchema,
  UploadResponse: versions.uploadResponseSchema,
  UpsertWorkspaceAgentPortShareRequest: sharing.upsertWorkspaceAgentPortShareRequestSchema,
  User: users.userSchema,
  ValidationError: response.validationErrorSchema,
  VariableValue: versions.variableValueSchema,
  WatchError: watches.watchErrorSchema,
  Workspace: workspaces.workspaceSchema,
  WorkspaceAgent: agents.workspaceAgentSchema,
  WorkspaceAgentHealth: agents.workspaceAgentHealthSchema,
  WorkspaceAgentLog: agents.workspaceAgentLogSchema,
  WorkspaceAgentLogSource: agents.workspaceAgentLogSourceSchema,
  WorkspaceAgentMetadata: agents.workspaceAgentMetadataSchema,
  WorkspaceAgentMetadataDescription: agents.workspaceAgentMetadataDescriptionSchema,
  WorkspaceAgentMetadataResult: agents.workspaceAgentMetadataResultSchema,
  WorkspaceAgentPortShare: sharing.workspaceAgentPortShareSchema,
  WorkspaceAgentPortShares: sharing.workspaceAgentPortSharesSchema,
  WorkspaceAgentScript: agents.workspaceAgentScriptSchema,
  WorkspaceApp: apps.workspaceAppSchema,
  WorkspaceAppStatus: apps.workspaceAppStatusSchema,
  WorkspaceBuild: builds.workspaceBuildSchema,
  WorkspaceBuildParameter: builds.workspaceBuildParameterSchema,
  WorkspaceBuildTimings: buildRecords.workspaceBuildTimingsSchema,
  WorkspaceBuildUpdate: watches.workspaceBuildUpdateSchema,
  WorkspaceHealth: workspaces.workspaceHealthSchema,
  WorkspaceResource: builds.workspaceResourceSchema,
  WorkspaceResourceMetadata: builds.workspaceResourceMetadataSchema,
  WorkspacesResponse: workspaces.workspacesResponseSchema,
} as const
