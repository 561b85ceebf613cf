/** Which schema stands for which type of Coder's. Every schema of the wire is here, or the comparison would miss it. */
import * as apiKeys from '../contract/api-keys.ts'
import * as buildInfo from '../contract/build-info.ts'
import * as deployment from '../contract/deployment.ts'
import * as mcp from '../contract/mcp-servers.ts'
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
import * as workspaces from '../contract/workspaces.ts'

export const coderSchemas = {
  APIKey: apiKeys.apiKeySchema,
  APIKeyWithOwner: apiKeys.apiKeyWithOwnerSchema,
  AuthMethod: users.authMethodSchema,
  AuthMethods: users.authMethodsSchema,
  BuildInfoResponse: buildInfo.buildInfoResponseSchema,
  CreateFirstUserOnboardingInfo: users.createFirstUserOnboardingInfoSchema,
  CreateFirstUserRequest: users.createFirstUserRequestSchema,
  CreateFirstUserResponse: users.createFirstUserResponseSchema,
  CreateFirstUserTrialInfo: users.createFirstUserTrialInfoSchema,
  CreateMCPServerConfigRequest: mcp.createMcpServerConfigRequestSchema,
  CreateTemplateRequest: templates.createTemplateRequestSchema,
  CreateTemplateVersionRequest: versions.createTemplateVersionRequestSchema,
  CreateTokenRequest: apiKeys.createTokenRequestSchema,
  CreateWorkspaceBuildOnSuccessRequest: builds.createWorkspaceBuildOnSuccessRequestSchema,
  CreateWorkspaceBuildRequest: builds.createWorkspaceBuildRequestSchema,
  CreateWorkspaceRequest: workspaces.createWorkspaceRequestSchema,
  DERPRegion: agents.derpRegionSchema,
  GenerateAPIKeyResponse: apiKeys.generateApiKeyResponseSchema,
  GithubAuthMethod: users.githubAuthMethodSchema,
  Healthcheck: apps.healthcheckSchema,
  LoginWithPasswordRequest: users.loginWithPasswordRequestSchema,
  LoginWithPasswordResponse: users.loginWithPasswordResponseSchema,
  MCPServerConfig: mcp.mcpServerConfigSchema,
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
  ReconnectingPTYRequest: pty.reconnectingPtyRequestSchema,
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
  UpdateMCPServerConfigRequest: mcp.updateMcpServerConfigRequestSchema,
  UploadResponse: versions.uploadResponseSchema,
  User: users.userSchema,
  ValidationError: response.validationErrorSchema,
  VariableValue: versions.variableValueSchema,
  Workspace: workspaces.workspaceSchema,
  WorkspaceAgent: agents.workspaceAgentSchema,
  WorkspaceAgentHealth: agents.workspaceAgentHealthSchema,
  WorkspaceAgentLog: agents.workspaceAgentLogSchema,
  WorkspaceAgentLogSource: agents.workspaceAgentLogSourceSchema,
  WorkspaceAgentMetadata: agents.workspaceAgentMetadataSchema,
  WorkspaceAgentMetadataDescription: agents.workspaceAgentMetadataDescriptionSchema,
  WorkspaceAgentMetadataResult: agents.workspaceAgentMetadataResultSchema,
  WorkspaceAgentScript: agents.workspaceAgentScriptSchema,
  WorkspaceApp: apps.workspaceAppSchema,
  WorkspaceAppStatus: apps.workspaceAppStatusSchema,
  WorkspaceBuild: builds.workspaceBuildSchema,
  WorkspaceBuildParameter: builds.workspaceBuildParameterSchema,
  WorkspaceHealth: workspaces.workspaceHealthSchema,
  WorkspaceResource: builds.workspaceResourceSchema,
  WorkspaceResourceMetadata: builds.workspaceResourceMetadataSchema,
  WorkspacesResponse: workspaces.workspacesResponseSchema,
} as const
