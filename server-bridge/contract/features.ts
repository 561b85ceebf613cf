/**
 * What a server offers beyond Coder's API. The local deployment lists it in its build info under a key that Coder does
 * not have, so a newer or older app asks for a feature by its name instead of guessing from a version.
 */
import type { BuildInfoResponse } from './build-info.ts'

export const serverFeatures = [
  /** The server is an Outpost local deployment: it provisions folders and processes on this machine. */
  'local-deployment',
  /** Agents dial `/api/experimental/workspaceagents/me/link`. */
  'agent-link',
  /** The shells that run in a workspace can be listed and ended. */
  'terminal-sessions',
  /** An app can be opened in a browser that holds no key of the API. */
  'app-sessions',
  /** A workspace's SSH server is reached by `GET /api/experimental/workspaceagents/{id}/ssh`: see workspace-ssh.ts. */
  'agent-ssh',
  /** Administrators may ask how many users have header values of an MCP server. */
  'mcp-user-header-use',
  /** A browser without a session signs its user in to an MCP server by a one-time link. */
  'mcp-sign-in-link',
  /** Tool calls of chats wait for their owner where the policy says so: see chats-approvals.ts. */
  'chat-approvals',
  /** Administrators stop all chats at once, and say whether users may bring keys: see chats-switches.ts. */
  'chat-switches',
  /** Administrators are told of servers of models on the server's machine: see chats-found-models.ts. */
  'chat-found-models',
  /** Files that a chat has changed are staged, unstaged and discarded: see chats-git-actions.ts. */
  'chat-git-actions',
  /** Who shares a chat looks for people to share it with: see chats-sharing.ts. */
  'chat-sharing-people',
] as const
export type ServerFeature = (typeof serverFeatures)[number]

/** Whether the server lists the feature. A Coder server lists none. */
export function hasFeature(buildInfo: BuildInfoResponse, feature: ServerFeature): boolean {
  return buildInfo.outpost_features?.includes(feature) ?? false
}

/** Whether the build info comes from a local deployment rather than from a Coder server. */
export function isLocalDeployment(buildInfo: BuildInfoResponse): boolean {
  return hasFeature(buildInfo, 'local-deployment')
}
