import type { CoderClient } from '../../client/coder-client.ts'
import { CoderApiError } from '../../client/errors.ts'
import type { ConnectionFailure } from '../../client/reconnecting-connection.ts'
import { workspacesRoutes, type Workspace } from '../../contract/workspaces.ts'
import { isAgentUsable } from '../../contract/workspace-agents.ts'
import { toError } from '../../lib/to-error.ts'
import { TransportError } from '../../transport/transport-error.ts'
import type { TransportTarget } from '../../transport/workspace-transport.ts'

/** Why there is no way in at the moment, or for good. */
export class NoWayInError extends Error {
  override readonly name = 'NoWayInError'
  readonly failure: ConnectionFailure

  constructor(failure: ConnectionFailure, options: ErrorOptions = {}) {
    super(failure.reason, options)
    this.failure = failure
  }
}

/**
 * The workspace's agent, once it can be used.
 *
 * @param agentName which one; of several the first where none is named.
 * @throws {NoWayInError} and what the client throws
 */
export async function findAgent(
  client: CoderClient,
  { workspaceId, agentName }: { readonly workspaceId: string; readonly agentName?: string | undefined },
  signal: AbortSignal,
): Promise<TransportTarget> {
  const workspace: Workspace = await client.call(
    workspacesRoutes.get,
    { params: { workspace: workspaceId } },
    { signal },
  )
  const { status, resources } = workspace.latest_build
  if (status === 'deleted' || status === 'deleting') {
    throw new NoWayInError({ reason: 'The workspace is deleted.', hopeless: 'gone' })
  }
  if (status !== 'running') throw new NoWayInError({ reason: 'Opens when the workspace runs.' })
  const agents = resources.flatMap((resource) => resource.agents ?? [])
  const agent = agentName === undefined ? agents[0] : agents.find(({ name }) => name === agentName)
  if (agent === undefined) {
    const reason =
      agents.length === 0
        ? 'The workspace has no agent, so there is no way in.'
        : 'The workspace has no agent of this name any more.'
    throw new NoWayInError({ reason, hopeless: 'refused' })
  }
  if (!isAgentUsable(agent)) throw new NoWayInError({ reason: 'Opens when the agent is ready.' })
  return {
    workspaceId,
    agentId: agent.id,
    ownerName: workspace.owner_name,
    workspaceName: workspace.name,
    agentName: agent.name,
  }
}

/** What a thrown error means for another attempt. */
export function explainNoWayIn(thrown: unknown): ConnectionFailure {
  const error = toError(thrown)
  if (error instanceof NoWayInError) return error.failure
  if (error instanceof CoderApiError) {
    if (error.code === 'unauthorized') return { reason: error.message, hopeless: 'unauthorized' }
    if (error.code === 'not_found') {
      return { reason: 'The workspace is gone, or you may not enter it any more.', hopeless: 'not_found' }
    }
  }
  if (error instanceof TransportError) {
    switch (error.code) {
      case 'signed_out':
        return { reason: error.message, hopeless: 'unauthorized' }
      case 'not_found':
        return {
          reason: 'This deployment has no way into its workspaces for this app yet.',
          hopeless: 'refused',
        }
      case 'cli_unusable':
      case 'refused':
        return { reason: error.message, hopeless: 'refused' }
      case 'stopped':
        return { reason: 'Opens when the workspace runs.' }
      case 'agent_starting':
        return { reason: 'Opens when the agent is ready.' }
      case 'cli_downloading':
      case 'network':
      case 'aborted':
        return { reason: error.message }
    }
  }
  return { reason: error.message }
}
