import type { WorkspaceAgent } from '#bridge/contract/workspace-agents'
import type { WorkspaceBuild } from '#bridge/contract/workspace-builds'
import type { Workspace } from '#bridge/contract/workspaces'
import type { Status } from '../../ui/status-mark.tsx'

/** A state as the interface shows it: a shape, and words that say more than the shape. */
export interface StateWords {
  readonly status: Status
  readonly label: string
}

/** The agents of a build, sub-agents (dev containers) after the ones they belong to. */
export function agentsOf(build: WorkspaceBuild): readonly WorkspaceAgent[] {
  const agents = build.resources.flatMap((resource) => resource.agents ?? [])
  return [...agents].sort((a, b) => Number(a.parent_id !== null) - Number(b.parent_id !== null))
}

/** The state of a workspace in words: what its build does, and once that is over what its agents do. */
export function workspaceState(workspace: Workspace): StateWords {
  const build = workspace.latest_build
  if (build.status !== 'running') return buildState(build)
  const states = agentsOf(build)
    .filter((agent) => agent.parent_id === null)
    .map(agentState)
  const worst =
    states.find(({ status }) => status === 'unhealthy') ??
    states.find(({ status }) => status === 'stopping') ??
    states.find(({ status }) => status === 'starting')
  return worst ?? { status: 'running', label: 'Running' }
}

const failedWords: Record<string, string> = {
  start: 'Start failed',
  stop: 'Stop failed',
  delete: 'Delete failed',
}
const cancelledWords: Record<string, string> = {
  start: 'Start cancelled',
  stop: 'Stop cancelled',
  delete: 'Delete cancelled',
}

/** The state of a build in words. A finished start reads "Running" here, whatever its agents do. */
export function buildState(build: WorkspaceBuild): StateWords {
  switch (build.status) {
    case 'pending':
      return { status: 'pending', label: queueWords(build.job.queue_position) }
    case 'starting':
      return { status: 'starting', label: 'Starting' }
    case 'running':
      return { status: 'running', label: 'Running' }
    case 'stopping':
      return { status: 'stopping', label: 'Stopping' }
    case 'stopped':
      return { status: 'stopped', label: 'Stopped' }
    case 'deleting':
      return { status: 'deleting', label: 'Deleting' }
    case 'deleted':
      return { status: 'deleting', label: 'Deleted' }
    case 'failed':
      return { status: 'failed', label: failedWords[build.transition] ?? 'Build failed' }
    case 'canceling':
      return { status: 'stopping', label: 'Cancelling' }
    case 'canceled':
      return { status: 'failed', label: cancelledWords[build.transition] ?? 'Build cancelled' }
    default:
      return { status: 'unknown', label: 'Unknown state' }
  }
}

function queueWords(position: number): string {
  return position > 1 ? `Queued, ${ordinal(position)} in line` : 'Queued'
}

function ordinal(value: number): string {
  const lastTwo = value % 100
  if (lastTwo >= 11 && lastTwo <= 13) return `${value}th`
  return `${value}${['th', 'st', 'nd', 'rd'][value % 10] ?? 'th'}`
}

/** The state of one agent in words. */
export function agentState(agent: WorkspaceAgent): StateWords {
  switch (agent.status) {
    case 'connecting':
      return { status: 'starting', label: 'Starting the agent' }
    case 'timeout':
      return { status: 'unhealthy', label: 'Agent did not start' }
    case 'disconnected':
      return { status: 'unhealthy', label: 'Agent unreachable' }
    case 'connected':
      return lifecycleState(agent)
    default:
      return { status: 'unknown', label: 'Agent state unknown' }
  }
}

function lifecycleState(agent: WorkspaceAgent): StateWords {
  switch (agent.lifecycle_state) {
    case 'created':
    case 'starting':
      // Only scripts that block the sign-in are worth waiting for; the others run beside the work.
      return agent.scripts.some((script) => script.run_on_start && script.start_blocks_login)
        ? { status: 'starting', label: 'Running start scripts' }
        : { status: 'running', label: 'Running' }
    case 'start_timeout':
      return { status: 'unhealthy', label: 'Start script takes long' }
    case 'start_error':
      return { status: 'unhealthy', label: 'Start script failed' }
    case 'shutting_down':
    case 'shutdown_timeout':
    case 'shutdown_error':
    case 'off':
      return { status: 'stopping', label: 'Agent shuts down' }
    default:
      return { status: 'running', label: 'Running' }
  }
}

/** A shell can be had: agents that start slowly or failed a script still give one. */
export function isUsable(agent: WorkspaceAgent): boolean {
  return agent.status === 'connected'
}

/** The agent a terminal opens on when nobody said which. */
export function defaultAgent(workspace: Workspace): WorkspaceAgent | undefined {
  const agents = agentsOf(workspace.latest_build)
  return agents.find(isUsable) ?? agents[0]
}

/** What the user may do with the workspace as it stands. */
export function workspaceActions(workspace: Workspace): {
  readonly canStart: boolean
  readonly canStop: boolean
  readonly canDelete: boolean
  readonly canCancel: boolean
  readonly isBuilding: boolean
} {
  const { status, transition } = workspace.latest_build
  const isBuilding = ['pending', 'starting', 'stopping', 'deleting', 'canceling'].includes(status)
  const isOver = status === 'failed' || status === 'canceled'
  return {
    isBuilding,
    canStart: status === 'stopped' || isOver,
    canStop: status === 'running' || (isOver && transition === 'start'),
    canDelete: !isBuilding && status !== 'deleted',
    canCancel:
      status === 'pending' ||
      (workspace.template_allow_user_cancel_workspace_jobs &&
        (status === 'starting' || status === 'stopping')),
  }
}
