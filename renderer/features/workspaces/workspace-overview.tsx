import type { ReactNode } from 'react'
import type { Deployment } from '#ipc/deployments'
import type { WorkspaceBuild } from '#bridge/contract/workspace-builds'
import type { Workspace } from '#bridge/contract/workspaces'
import { Button, TextButton } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ErrorDetails } from '../../ui/error-state.tsx'
import { PlayIcon, SquareIcon } from '../../ui/icons.tsx'
import { KeyValue } from '../../ui/key-value.tsx'
import { Notice } from '../../ui/notice.tsx'
import { RelativeTime } from '../../ui/time.tsx'
import { useWindowActions, type WorkspaceTab } from '../window/index.ts'
import { AgentCard } from './agent-card.tsx'
import { AppsCard } from './apps-card.tsx'
import { BuildPanel } from './build-panel.tsx'
import { useWorkspaceCommands } from './use-workspace-commands.ts'
import { agentsOf, workspaceActions } from './workspace-state.ts'
import { isNever } from './workspace-times.ts'

export interface WorkspaceOverviewProps {
  readonly deployment: Deployment
  readonly workspace: Workspace
  readonly onTab: (tab: WorkspaceTab) => void
  readonly ports: ReactNode
}

/** The state of a workspace: a running build, a failed one, or its agents; and the facts beside them. */
export function WorkspaceOverview({ deployment, workspace, onTab, ports }: WorkspaceOverviewProps) {
  const { isBuilding } = workspaceActions(workspace)
  const { status } = workspace.latest_build
  return (
    <div className="grid min-h-full content-start items-start gap-4 p-5 mid:grid-cols-[minmax(0,1fr)_300px]">
      <div className="flex min-w-0 flex-col gap-4">
        {status === 'failed' || status === 'canceled' ? (
          <FailedBuild
            deploymentId={deployment.id}
            workspace={workspace}
            build={workspace.latest_build}
            onShowLog={() => onTab('logs')}
          />
        ) : null}
        {isBuilding ? (
          <div className="mid:h-[520px]">
            <BuildPanel deploymentId={deployment.id} workspace={workspace} />
          </div>
        ) : (
          <Agents deployment={deployment} workspace={workspace} />
        )}
        {isBuilding ? null : <AppsCard deploymentId={deployment.id} workspace={workspace} />}
        {isBuilding ? null : ports}
      </div>
      <Details workspace={workspace} />
    </div>
  )
}

function Agents({ deployment, workspace }: Pick<WorkspaceOverviewProps, 'deployment' | 'workspace'>) {
  const commands = useWorkspaceCommands(deployment.id)
  const agents = agentsOf(workspace.latest_build)
  if (workspace.latest_build.status === 'stopped') {
    return (
      <Card>
        <EmptyState
          icon={<SquareIcon />}
          title={`${workspace.name} is stopped`}
          actions={
            <Button variant="primary" icon={<PlayIcon />} onClick={() => void commands.start(workspace)}>
              Start workspace
            </Button>
          }
        >
          Its files are kept. Start it to open a terminal.
        </EmptyState>
      </Card>
    )
  }
  if (agents.length === 0 && workspace.latest_build.status === 'running') {
    return (
      <Notice tone="info" title="This workspace has no agent">
        Its template does not define one, so there is no terminal to open.
      </Notice>
    )
  }
  return agents.map((agent) => (
    <AgentCard key={agent.id} deployment={deployment} workspace={workspace} agent={agent} />
  ))
}

interface FailedBuildProps {
  readonly deploymentId: string
  readonly workspace: Workspace
  readonly build: WorkspaceBuild
  readonly onShowLog: () => void
}

const triedTo: Record<string, string> = { start: 'starting', stop: 'stopping', delete: 'deleting' }

/** What stopped the last build, and the ways on. */
function FailedBuild({ deploymentId, workspace, build, onShowLog }: FailedBuildProps) {
  const commands = useWorkspaceCommands(deploymentId)
  const isCancelled = build.status === 'canceled'
  const doing = triedTo[build.transition] ?? 'building'
  const again = build.transition === 'stop' ? commands.stop : commands.start
  return (
    <div>
      <Notice
        tone={isCancelled ? 'warn' : 'bad'}
        title={
          isCancelled
            ? `You cancelled ${doing} ${workspace.name}`
            : `The build failed while ${doing} ${workspace.name}`
        }
        actions={
          <>
            <Button size="sm" onClick={onShowLog}>
              Show log
            </Button>
            {build.transition === 'delete' ? null : (
              <Button size="sm" onClick={() => void again(workspace)}>
                Try again
              </Button>
            )}
          </>
        }
      >
        {build.job.error || 'What was changed so far is in the log.'}
      </Notice>
      {build.job.error_code ? (
        <ErrorDetails
          code={build.job.error_code}
          details={`Build ${build.build_number} of ${workspace.name}`}
        />
      ) : null}
    </div>
  )
}

function Details({ workspace }: { readonly workspace: Workspace }) {
  const actions = useWindowActions()
  const build = workspace.latest_build
  return (
    <Card title="Details">
      <KeyValue
        items={[
          [
            'Template',
            <span key="template">
              <TextButton onClick={() => actions.goToTemplate(workspace.template_id)}>
                {workspace.template_display_name || workspace.template_name}
              </TextButton>{' '}
              <span className="num text-fg-3">{build.template_version_name}</span>
            </span>,
          ],
          ['Owner', workspace.owner_name],
          ['Created', <RelativeTime key="created" value={workspace.created_at} />],
          [
            'Last used',
            isNever(workspace.last_used_at) ? (
              'Never'
            ) : (
              <RelativeTime key="used" value={workspace.last_used_at} />
            ),
          ],
          [
            'Build',
            <span key="build" className="num">
              {build.build_number}
            </span>,
          ],
          ['Started by', build.initiator_name || undefined],
        ]}
      />
    </Card>
  )
}
