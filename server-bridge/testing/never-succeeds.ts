/** Routes of the contract that the local deployment always refuses, and why. What is refused to everybody still answers its errors. */
const noContainers = 'workspaces of the local deployment are no containers'
const noOtherSignIn = 'there is no mailer and no provider to sign in with'
const noSharing = 'workspaces cannot be shared'
const licensed = 'needs a licence'

export const NEVER_SUCCEEDS: Readonly<Record<string, string>> = {
  'GET /api/v2/workspaceagents/{workspaceagent}/containers': noContainers,
  'GET /api/v2/workspaceagents/{workspaceagent}/containers/watch': noContainers,
  'POST /api/v2/workspaceagents/{workspaceagent}/containers/devcontainers/{devcontainer}/recreate':
    noContainers,
  'DELETE /api/v2/workspaceagents/{workspaceagent}/containers/devcontainers/{devcontainer}': noContainers,
  'POST /api/v2/users/otp/change-password': noOtherSignIn,
  'GET /api/v2/users/oidc-claims': noOtherSignIn,
  'POST /api/v2/users/{user}/convert-login': noOtherSignIn,
  'GET /api/v2/workspaces/{workspace}/acl': noSharing,
  'PATCH /api/v2/workspaces/{workspace}/acl': noSharing,
  'DELETE /api/v2/workspaces/{workspace}/acl': noSharing,
  'POST /api/v2/organizations': licensed,
  'PATCH /api/v2/organizations/{organization}': licensed,
  'DELETE /api/v2/organizations/{organization}': licensed,
  'GET /api/v2/templates/{template}/acl': licensed,
  'GET /api/v2/templates/{template}/acl/available': licensed,
  'PATCH /api/v2/templates/{template}/acl': licensed,
  'GET /api/v2/workspaces/{workspace}/external-agent/{agent}/credentials': licensed,
}
