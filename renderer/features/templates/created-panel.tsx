import type { Workspace } from '#bridge/contract/workspaces'
import { useSubscription } from '../../api/use-subscription.ts'
import { Button } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ActivityIcon, BoxIcon, PlusIcon, TerminalIcon } from '../../ui/icons.tsx'
import { Notice } from '../../ui/notice.tsx'
import { BuildPanel, defaultAgent, isUsable } from '../workspaces/index.ts'
import { useWindowActions } from '../window/index.ts'

interface CreatedProps {
  readonly deploymentId: string
  readonly created: Workspace
}

/** The newest state of a workspace that was just created. */
function useCreated(deploymentId: string, created: Workspace): Workspace {
  return useSubscription('workspaces.watch', { deploymentId, workspaceId: created.id }).data ?? created
}

/** The right side of the page: the build of the new workspace, or what will be there. */
export function CreatedPanel(props: {
  readonly deploymentId: string
  readonly created: Workspace | undefined
}) {
  const { created, deploymentId } = props
  return created ? (
    <LiveBuild deploymentId={deploymentId} created={created} />
  ) : (
    <EmptyState icon={<ActivityIcon />} title="The build shows here">
      Each step and the log, live, once you create the workspace.
    </EmptyState>
  )
}

function LiveBuild({ deploymentId, created }: CreatedProps) {
  const actions = useWindowActions()
  const workspace = useCreated(deploymentId, created)
  const { job } = workspace.latest_build
  return (
    <div className="flex h-full min-h-0 flex-col gap-4">
      {job.status === 'failed' ? (
        <Notice
          tone="bad"
          title={`The build of ${workspace.name} failed`}
          actions={
            <Button size="sm" onClick={() => actions.goToWorkspace(deploymentId, workspace.id)}>
              Open workspace
            </Button>
          }
        >
          {job.error || 'The log below says why.'}
        </Notice>
      ) : null}
      <div className="min-h-0 flex-1">
        <BuildPanel deploymentId={deploymentId} workspace={workspace} />
      </div>
    </div>
  )
}

/** Where to go once the workspace is on its way. */
export function OpenCreatedButtons({
  deploymentId,
  created,
  onAnother,
}: CreatedProps & { readonly onAnother: () => void }) {
  const actions = useWindowActions()
  const workspace = useCreated(deploymentId, created)
  const agent = defaultAgent(workspace)
  const hasShell = agent !== undefined && isUsable(agent)
  return (
    <>
      <Button variant="ghost" icon={<PlusIcon />} onClick={onAnother}>
        Create another
      </Button>
      <Button
        variant={hasShell ? 'secondary' : 'primary'}
        icon={<BoxIcon />}
        onClick={() => actions.goToWorkspace(deploymentId, workspace.id)}
      >
        Open workspace
      </Button>
      {hasShell ? (
        <Button
          variant="primary"
          icon={<TerminalIcon />}
          onClick={() => {
            actions.goToWorkspace(deploymentId, workspace.id)
            actions.openTerminal(deploymentId, workspace)
          }}
        >
          Open terminal
        </Button>
      ) : null}
    </>
  )
}
