/**
 * A workspace's SSH server over a WebSocket. Ours, not Coder's, which reaches it by its own network; a server that has
 * the route lists the feature `agent-ssh`.
 */
import { defineRoute } from './route.ts'

export const workspaceSshRoutes = {
  /**
   * Binary frames carry the bytes of one SSH connection both ways, cut anywhere. Closed with 1000 at its end, with 1011
   * and a reason when the agent is lost. Needs the `ssh` right on the workspace, 404 without. 409 while the agent is not
   * connected: the first validation's `field` then tells what to wait for, see {@link sshRefusalFields}.
   */
  connect: defineRoute({
    method: 'GET',
    path: '/api/experimental/workspaceagents/{workspaceagent}/ssh',
    auth: 'user',
    status: 101,
    errors: [400, 401, 404, 409, 426],
    stream: 'duplex',
  }),
} as const

/** `workspace`: it was stopped or started anew, so this agent stays away. `agent`: it is on its way, or lost for now. */
export const sshRefusalFields = ['workspace', 'agent'] as const
