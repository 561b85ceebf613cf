/** Which schema stands for which type of Coder's. Every schema of the wire is here, or the comparison would miss it. */
import * as apiKeys from '../contract/api-keys.ts'
import * as authorization from '../contract/authorization.ts'
import * as buildInfo from '../contract/build-info.ts'
import * as deployment from '../contract/deployment.ts'
import * as organizations from '../contract/organizations.ts'
import * as members from '../contract/organization-members.ts'
import * as jobs from '../contract/provisioner-jobs.ts'
import * as pty from '../contract/pty.ts'
import * as response from '../contract/response.ts'
import * as signIn from '../contract/sign-in.ts'
import * as sse from '../contract/sse.ts'
import * as versions from '../contract/template-versions.ts'
import * as templates from '../contract/templates.ts'
import * as userAccounts from '../contract/user-accounts.ts'
import * as userSettings from '../contract/user-settings.ts'
import * as users from '../contract/users.ts'
import * as agents from '../contract/workspace-agents.ts'
import * as apps from '../contract/workspace-apps.ts'
import * as builds from '../contract/workspace-builds.ts'
import * as workspaces from '../contract/workspaces.ts'

export const coderSchemas = {
  APIKey: apiKeys.apiKeySchema,
  APIKeyWithOwner: apiKeys.apiKeyWithOwnerSchema,
  AssignableRoles: authorization.assignableRolesSchema,
  AuthMethod: users.authMethodSchema,
  AuthMethods: users.authMethodsSchema,
  AuthorizationCheck: authorization.authorizationCheckSchema,
  AuthorizationObject: authorization.authorizationObjectSchema,
  AuthorizationRequest: authorization.authorizationRequestSchema,
  BuildInfoResponse: buildInfo.buildInfoResponseSchema,
  ChangePasswordWithOneTimePasscodeRequest: signIn.changePasswordWithOneTimePasscodeRequestSchema,
  ConvertLoginRequest: signIn.convertLoginRequestSchema,
  CreateFirstUserOnboardingInfo: users.createFirstUserOnboardingInfoSchema,
  CreateFirstUserRequest: users.createFirstUserRequestSchema,
  CreateFirstUserResponse: users.createFirstUserResponseSchema,
  CreateFirstUserTrialInfo: users.createFirstUserTrialInfoSchema,
  CreateTemplateRequest: templates.createTemplateRequestSchema,
  CreateTemplateVersionRequest: versions.createTemplateVersionRequestSchema,
  CreateTokenRequest: apiKeys.createTokenRequestSchema,
  CreateUserRequestWithOrgs: userAccounts.createUserRequestWithOrgsSchema,
  CreateWorkspaceBuildOnSuccessRequest: builds.createWorkspaceBuildOnSuccessRequestSchema,
  CreateWorkspaceBuildRequest: builds.createWorkspaceBuildRequestSchema,
  CreateWorkspaceRequest: workspaces.createWorkspaceRequestSchema,
  DERPRegion: agents.derpRegionSchema,
  ExternalAPIKeyScopes: apiKeys.externalApiKeyScopesSchema,
  GenerateAPIKeyResponse: apiKeys.generateApiKeyResponseSchema,
  GetUsersResponse: userAccounts.getUsersResponseSchema,
  GithubAuthMethod: users.githubAuthMethodSchema,
  Healthcheck: apps.healthcheckSchema,
  LoginWithPasswordRequest: users.loginWithPasswordRequestSchema,
  LoginWithPasswordResponse: users.loginWithPasswordResponseSchema,
  MatchedProvisioners: jobs.matchedProvisionersSchema,
  MinimalUser: users.minimalUserSchema,
  OAuthConversionResponse: signIn.oauthConversionResponseSchema,
  OIDCAuthMethod: users.oidcAuthMethodSchema,
  OIDCClaimsResponse: signIn.oidcClaimsResponseSchema,
  Organization: organizations.organizationSchema,
  OrganizationMember: members.organizationMemberSchema,
  OrganizationMemberWithUserData: members.organizationMemberWithUserDataSchema,
  PaginatedMembersResponse: members.paginatedMembersResponseSchema,
  Permission: authorization.permissionSchema,
  PostWorkspaceUsageRequest: workspaces.postWorkspaceUsageRequestSchema,
  Preset: versions.presetSchema,
  PresetParameter: versions.presetParameterSchema,
  ProvisionerJob: jobs.provisionerJobSchema,
  ProvisionerJobInput: jobs.provisionerJobInputSchema,
  ProvisionerJobLog: jobs.provisionerJobLogSchema,
  ProvisionerJobMetadata: jobs.provisionerJobMetadataSchema,
  ReconnectingPTYRequest: pty.reconnectingPtyRequestSchema,
  RequestOneTimePasscodeRequest: signIn.requestOneTimePasscodeRequestSchema,
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
  TokenConfig: apiKeys.tokenConfigSchema,
  TransitionStats: templates.transitionStatsSchema,
  UpdateRoles: userAccounts.updateRolesSchema,
  UpdateUserAppearanceSettingsRequest: userSettings.updateUserAppearanceSettingsRequestSchema,
  UpdateUserPasswordRequest: userAccounts.updateUserPasswordRequestSchema,
  UpdateUserPreferenceSettingsRequest: userSettings.updateUserPreferenceSettingsRequestSchema,
  UpdateUserProfileRequest: userAccounts.updateUserProfileRequestSchema,
  UploadResponse: versions.uploadResponseSchema,
  User: users.userSchema,
  UserAppearanceSettings: userSettings.userAppearanceSettingsSchema,
  UserLoginType: signIn.userLoginTypeSchema,
  UserParameter: userAccounts.userParameterSchema,
  UserPreferenceSettings: userSettings.userPreferenceSettingsSchema,
  UserRoles: userAccounts.userRolesSchema,
  ValidateUserPasswordRequest: signIn.validateUserPasswordRequestSchema,
  ValidateUserPasswordResponse: signIn.validateUserPasswordResponseSchema,
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
