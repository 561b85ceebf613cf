import { useState } from 'react'
import type { Deployment } from '#ipc/deployments'
import type { WorkspaceAgent, WorkspaceAgentScript } from '#bridge/contract/workspace-agents'
import type { Workspace } from '#bridge/contract/workspaces'
import { Button, TextButton } from '../../ui/button.tsx'
import { Card, CardRow } from '../../ui/card.tsx'
import { AlignLeftIcon, TerminalIcon } from '../../ui/icons.tsx'
import { KeyValue } from '../../ui/key-value.tsx'
import { Notice } from '../../ui/notice.tsx'
import { StatusMark } from '../../ui/status-mark.tsx'
import { RelativeTime } from '../../ui/time.tsx'
import { useWindowActions } from '../window/index.ts'
import { AgentLog } from './agent-log.tsx'
import { agentState, isUsable, type StateWords } from './workspace-state.ts'

export interface AgentCardProps {
  readonly deployment: Deployment
  readonly workspace: Workspace
  readonly agent: WorkspaceAgent
}

/** One agent: its state and machine, its scripts and their log. */
export function AgentCard({ deployment, workspace, agent }: AgentCardProps) {
  const actions = useWindowActions()
  // A script that failed has its reason in the log, so that is there without a click; closing it stays closed.
  const [choice, setChoice] = useState<boolean>()
  const showsLog = choice ?? agent.scripts.some((script) => scriptState(script).status === 'failed')
  const state = agentState(agent)
  const usable = isUsable(agent)
  const machine = [agent.operating_system, agent.architecture].filter(Boolean).join('/')
  return (
    <Card
      flush
      title={agent.name}
      meta={
        <span className="flex items-center gap-2">
          <StatusMark
            {...(usable && state.status === 'running' ? { status: 'running', label: 'Connected' } : state)}
          />
          <span className="cut">{machine}</span>
        </span>
      }
      actions={
        <>
          <Button
            variant="ghost"
            icon={<TerminalIcon />}
            disabled={!usable}
            onClick={() => actions.openTerminal(deployment.id, workspace, agent.id)}
          >
            Terminal
          </Button>
          <Button
            variant="ghost"
            icon={<AlignLeftIcon />}
            aria-pressed={showsLog}
            onClick={() => setChoice(!showsLog)}
          >
            Log
          </Button>
        </>
      }
    >
      <AgentTrouble agent={agent} onOpenLink={(url) => actions.openLink(url, 'content')} />
      <div className="border-b border-line p-3.5 last:border-b-0">
        <KeyValue
          items={[
            ['Folder', agent.expanded_directory || agent.directory || 'Home'],
            ['Agent version', agent.version || undefined],
            [
              'Connected',
              agent.first_connected_at ? (
                <RelativeTime key="connected" value={agent.first_connected_at} />
              ) : (
                'Not yet'
              ),
            ],
          ]}
        />
      </div>
      {agent.scripts.map((script) => (
        <ScriptRow
          key={script.log_source_id}
          script={script}
          onShowLog={showsLog ? undefined : () => setChoice(true)}
        />
      ))}
      {showsLog ? (
        <div className="h-72 border-t border-line">
          <AgentLog
            bare
            className="h-full"
            deploymentId={deployment.id}
            workspace={workspace}
            agent={agent}
          />
        </div>
      ) : null}
    </Card>
  )
}

interface AgentTroubleProps {
  readonly agent: WorkspaceAgent
  readonly onOpenLink: (url: string) => void
}

function AgentTrouble({ agent, onOpenLink }: AgentTroubleProps) {
  const { status, label } = agentState(agent)
  if (status !== 'unhealthy') return null
  return (
    <Notice
      tone="warn"
      className="rounded-none"
      title={label}
      actions={
        agent.troubleshooting_url === '' ? null : (
          <Button
            size="sm"
            title={agent.troubleshooting_url}
            onClick={() => onOpenLink(agent.troubleshooting_url)}
          >
            Open the help page
          </Button>
        )
      }
    >
      {agent.health.reason ?? undefined}
    </Notice>
  )
}

function ScriptRow({
  script,
  onShowLog,
}: {
  readonly script: WorkspaceAgentScript
  /** Left out while it shows. */
  readonly onShowLog: (() => void) | undefined
}) {
  const state = scriptState(script)
  return (
    <CardRow>
      <StatusMark {...state} className="w-32 flex-none" />
      <span className="cut flex-1">{script.display_name || 'Script'}</span>
      {state.status === 'failed' && onShowLog ? <TextButton onClick={onShowLog}>Show log</TextButton> : null}
      <span className="text-sm text-fg-3">{whenWords(script)}</span>
    </CardRow>
  )
}

function scriptState(script: WorkspaceAgentScript): StateWords {
  switch (script.status) {
    case undefined:
      return { status: 'pending', label: 'Not finished' }
    case 'ok':
      return { status: 'running', label: 'Done' }
    case 'exit_failure':
      return { status: 'failed', label: `Exit code ${script.exit_code ?? '?'}` }
    case 'timed_out':
      return { status: 'failed', label: 'Took too long' }
    default:
      return { status: 'unhealthy', label: 'Left programs running' }
  }
}

function whenWords({ run_on_start, run_on_stop, cron }: WorkspaceAgentScript): string {
  const when = [run_on_start ? 'at start' : '', run_on_stop ? 'at stop' : '', cron === '' ? '' : cron]
  return when.filter(Boolean).join(', ')
}
