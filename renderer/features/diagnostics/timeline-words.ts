import type { ConnectionEvent } from '#bridge/contract/connection-events'
import type { Workspace } from '#bridge/contract/workspaces'
import type { Status } from '../../ui/status-mark.tsx'

/** A state as shape and word. `isLive`: it is how the connection is now, not how it was. */
export function stateWords(
  state: ConnectionEvent['state'],
  isLive: boolean,
): { readonly status: Status; readonly label: string } {
  switch (state.kind) {
    case 'connecting':
      // What is over must not turn.
      return { status: isLive ? 'starting' : 'unknown', label: 'Connecting' }
    case 'open':
      return { status: 'running', label: 'Connected' }
    case 'waiting':
      return { status: 'unhealthy', label: 'Waiting' }
    case 'failed':
      return { status: 'failed', label: 'Given up' }
    case 'closed':
      return { status: 'stopped', label: 'Closed' }
  }
}

/** Whether pressing "Try now" does something. A measurement of SSH is made anew where it was made. */
export function canTryNow({ what, state }: ConnectionEvent): boolean {
  return what !== 'ssh' && (state.kind === 'waiting' || state.kind === 'failed')
}

/** The workspace a connection goes to, where it is in the list. */
export function workspaceOf(event: ConnectionEvent, workspaces: readonly Workspace[]): Workspace | undefined {
  const { workspaceId, agentId } = event
  if (workspaceId !== null) return workspaces.find(({ id }) => id === workspaceId)
  if (agentId === null) return undefined
  return workspaces.find(({ latest_build: { resources } }) =>
    resources.some(({ agents }) => (agents ?? []).some(({ id }) => id === agentId)),
  )
}
