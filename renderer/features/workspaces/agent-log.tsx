import type { WorkspaceAgent } from '#bridge/contract/workspace-agents'
import type { Workspace } from '#bridge/contract/workspaces'
import { errorWords } from '../../api/error-words.ts'
import { useSubscription } from '../../api/use-subscription.ts'
import { LogView } from '../../ui/log/log-view.tsx'
import { agentLogLines } from './build-log-lines.ts'
import { useSaveLog } from './use-build-logs.ts'

export interface AgentLogProps {
  readonly deploymentId: string
  readonly workspace: Workspace
  readonly agent: WorkspaceAgent
  readonly bare?: boolean
  readonly className?: string
}

/** What an agent's scripts printed, live. */
export function AgentLog({ deploymentId, workspace, agent, bare, className }: AgentLogProps) {
  const logs = useSubscription('workspaces.followAgentLogs', { deploymentId, agentId: agent.id })
  const saveLog = useSaveLog()
  const lines = agentLogLines(logs.data ?? [], agent.log_sources)
  return (
    <LogView
      bare={bare}
      className={className}
      title={`Log of ${agent.name}`}
      lines={lines}
      live={logs.status === 'live' && agent.lifecycle_state === 'starting'}
      meta={agent.logs_overflowed ? 'Cut: the deployment keeps no more than this' : undefined}
      onDownload={() => saveLog(`${workspace.name}-${agent.name}`, lines)}
      empty={logs.error ? errorWords(logs.error).message : 'The scripts of this agent printed nothing yet.'}
    />
  )
}
