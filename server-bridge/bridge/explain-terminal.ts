/**
 * Why a terminal's handshake was refused. Coder answers 404 for a bad token, an unknown agent and one that is not
 * connected (stable-api, section 14), so the API is asked which of them it is.
 */
import type { CoderClient } from '../client/coder-client.ts'
import { CoderApiError } from '../client/errors.ts'
import type { HandshakeFailure } from '../client/handshake-failure.ts'
import type { ExplainedFailure } from '../client/reconnecting-socket.ts'
import { workspaceAgentsRoutes } from '../contract/workspace-agents.ts'
import { toError } from '../lib/to-error.ts'

/** Never rejects. A failure without `hopeless` is tried again. */
export async function explainTerminal(
  client: CoderClient,
  agentId: string,
  failure: HandshakeFailure,
): Promise<ExplainedFailure> {
  if (failure.status !== 404) return failure
  try {
    const agent = await client.call(workspaceAgentsRoutes.get, { params: { workspaceagent: agentId } })
    if (['shutting_down', 'off', 'shutdown_timeout', 'shutdown_error'].includes(agent.lifecycle_state)) {
      return { reason: 'The workspace is stopped.', hopeless: 'gone' }
    }
    if (agent.status === 'connected') return { reason: 'The agent did not take the terminal.' }
    return {
      reason: agent.status === 'connecting' ? 'The agent is starting.' : 'The agent is not connected.',
    }
  } catch (thrown) {
    const error = toError(thrown)
    if (error instanceof CoderApiError) {
      if (error.code === 'unauthorized') return { reason: error.message, hopeless: 'unauthorized' }
      if (error.code === 'not_found') {
        return { reason: 'This workspace is gone, or you may not open it any more.', hopeless: 'not_found' }
      }
    }
    return { reason: error.message }
  }
}
