import type { WorkspaceAgent } from '#bridge/contract/workspace-agents'
import type { Workspace } from '#bridge/contract/workspaces'
import { agentsOf } from '../workspaces/index.ts'
import type { TerminalPlace } from './terminals.ts'

/** Where a terminal on this agent goes. */
export function placeOf(deploymentId: string, workspace: Workspace, agent: WorkspaceAgent): TerminalPlace {
  return {
    deploymentId,
    workspaceId: workspace.id,
    workspaceName: workspace.name,
    agentId: agent.id,
    agentName: agent.name,
    showAgent: agentsOf(workspace.latest_build).length > 1,
  }
}
