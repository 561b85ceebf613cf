import type { AgentEvent } from '../../contract/agent-link.ts'

export type UsageReport = Extract<AgentEvent, { type: 'stats' }>

/** What agents tell about who uses their workspaces. Only the present counts, so nothing of it is kept on disk. */
export interface AgentUsage {
  /**
   * Takes a report. One with a terminal in it is activity of the workspace. An SSH connection may be merely open, as an
   * editor's over night: what counts of it are its bytes, where they pass (`http/workspace-ssh.ts`).
   */
  report(agentId: string, workspaceId: string, report: UsageReport): void
  /** The newest report of an agent that is linked. */
  of(agentId: string): UsageReport | undefined
  /** The agent has left. */
  forget(agentId: string): void
}

/** @param onActivity told at every report of a workspace with a terminal open, at least every half minute. */
export function createAgentUsage(onActivity: (workspaceId: string) => void): AgentUsage {
  const reports = new Map<string, UsageReport>()
  return {
    report(agentId, workspaceId, report) {
      reports.set(agentId, report)
      if (report.sessions.reconnecting_pty > 0) onActivity(workspaceId)
    },
    of: (agentId) => reports.get(agentId),
    forget(agentId) {
      reports.delete(agentId)
    },
  }
}
