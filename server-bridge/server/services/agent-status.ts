import type {
  WorkspaceAgentHealth,
  WorkspaceAgentLifecycle,
  WorkspaceAgentStatus,
} from '../../contract/workspace-agents.ts'

/** The last heartbeat may be this old; the link asks every five seconds. */
const CONNECTED_WITHIN_MS = 30_000

export interface AgentTimes {
  readonly createdAt: number
  readonly firstConnectedAt: number | null
  readonly lastConnectedAt: number | null
  readonly disconnectedAt: number | null
  /** 0: waits without limit. */
  readonly connectionTimeoutSeconds: number
}

/** Judged at read time from what was seen, as Coder does (stable-api, section 13). */
export function agentStatusAt(
  now: number,
  times: AgentTimes,
): 'connecting' | 'connected' | 'disconnected' | 'timeout' {
  const { createdAt, firstConnectedAt, lastConnectedAt, disconnectedAt, connectionTimeoutSeconds } = times
  if (firstConnectedAt === null || lastConnectedAt === null) {
    const limit = connectionTimeoutSeconds * 1000
    return limit > 0 && now - createdAt > limit ? 'timeout' : 'connecting'
  }
  if (disconnectedAt !== null && disconnectedAt >= lastConnectedAt) return 'disconnected'
  return now - lastConnectedAt <= CONNECTED_WITHIN_MS ? 'connected' : 'disconnected'
}

const SHUTTING_DOWN: readonly WorkspaceAgentLifecycle[] = [
  'shutting_down',
  'off',
  'shutdown_timeout',
  'shutdown_error',
]

/** Whether people should worry about the agent, and why. */
export function agentHealthOf(
  status: WorkspaceAgentStatus,
  lifecycle: WorkspaceAgentLifecycle,
): WorkspaceAgentHealth {
  const unhealthy = (reason: string): WorkspaceAgentHealth => ({ healthy: false, reason })
  if (status !== 'connected' && lifecycle === 'off') return unhealthy('agent is not running')
  if (status === 'connecting') return unhealthy('agent has not yet connected')
  if (status === 'timeout') return unhealthy('agent is taking too long to connect')
  if (status === 'disconnected') return unhealthy('agent has lost connection')
  if (lifecycle === 'start_error') return unhealthy('agent startup script exited with an error')
  if (SHUTTING_DOWN.includes(lifecycle)) return unhealthy('agent is shutting down')
  return { healthy: true }
}
