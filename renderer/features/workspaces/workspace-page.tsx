import { useState, type ReactNode } from 'react'
import type { Deployment } from '#ipc/deployments'
import type { Workspace } from '#bridge/contract/workspaces'
import { hasCode } from '../../api/bridge-error.ts'
import { errorWords } from '../../api/error-words.ts'
import { useSubscription } from '../../api/use-subscription.ts'
import { Button } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { Trash2Icon } from '../../ui/icons.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { TabPanel, Tabs } from '../../ui/tabs.tsx'
import { DeploymentAway, isAway } from '../deployments/index.ts'
import { useWindowActions, type WorkspaceTab } from '../window/index.ts'
import { DeleteWorkspacesDialog } from './delete-workspaces-dialog.tsx'
import { WorkspaceHeaderActions, WorkspaceHeaderMeta } from './workspace-header.tsx'
import { WorkspaceLogs } from './workspace-logs.tsx'
import { WorkspaceOverview } from './workspace-overview.tsx'

export interface WorkspacePageProps {
  readonly deployment: Deployment
  readonly workspaceId: string
  readonly tab: WorkspaceTab
  readonly onTab: (tab: WorkspaceTab) => void
  /** What listens in this workspace, and its tunnels. */
  readonly ports: (workspace: Workspace) => ReactNode
  /** The terminals of this workspace, full size. */
  readonly terminal: (workspace: Workspace) => ReactNode
  /** Its files. */
  readonly files: (workspace: Workspace) => ReactNode
}

const tabs: readonly { readonly value: WorkspaceTab; readonly label: string }[] = [
  { value: 'overview', label: 'Overview' },
  { value: 'terminal', label: 'Terminal' },
  { value: 'files', label: 'Files' },
  { value: 'logs', label: 'Logs' },
]

/** One workspace, live. */
export function WorkspacePage(props: WorkspacePageProps) {
  const { deployment, workspaceId } = props
  const watch = useSubscription('workspaces.watch', { deploymentId: deployment.id, workspaceId })
  const workspace = watch.data
  const isDeleted =
    watch.status === 'done' ||
    hasCode<'workspaces.watch'>(watch.error, 'deleted') ||
    workspace?.latest_build.status === 'deleted'
  if (isDeleted) return <DeletedWorkspace name={workspace?.name} />
  if (!workspace) return <NotShown {...props} error={watch.error} onRetry={watch.retry} />
  return <LivePage {...props} workspace={workspace} error={watch.error} onRetry={watch.retry} />
}

interface LivePageProps extends WorkspacePageProps {
  readonly workspace: Workspace
  readonly error: Error | undefined
  readonly onRetry: () => void
}

function LivePage(props: LivePageProps) {
  const { deployment, workspace, tab, onTab, ports, terminal, files, error, onRetry } = props
  const actions = useWindowActions()
  const [isDeleting, setIsDeleting] = useState(false)
  return (
    <>
      <PageHeader
        title={workspace.name}
        trail={[{ label: 'Workspaces', onSelect: actions.goToWorkspaces }]}
        meta={<WorkspaceHeaderMeta deployment={deployment} workspace={workspace} />}
        actions={
          <WorkspaceHeaderActions
            deployment={deployment}
            workspace={workspace}
            offersTerminal={tab !== 'terminal'}
            onDelete={() => setIsDeleting(true)}
          />
        }
      />
      {error ? (
        <Notice
          tone="warn"
          className="mx-5 mb-2"
          actions={
            <Button size="sm" onClick={onRetry}>
              Try again
            </Button>
          }
        >
          This page is from before. {errorWords(error).message}
        </Notice>
      ) : null}
      <Tabs aria-label={workspace.name} items={tabs} value={tab} onChange={onTab}>
        <TabPanel value="overview">
          <WorkspaceOverview
            deployment={deployment}
            workspace={workspace}
            onTab={onTab}
            ports={ports(workspace)}
          />
        </TabPanel>
        <TabPanel value="terminal" className="overflow-hidden">
          {tab === 'terminal' ? terminal(workspace) : null}
        </TabPanel>
        <TabPanel value="files" className="overflow-hidden">
          {tab === 'files' ? files(workspace) : null}
        </TabPanel>
        <TabPanel value="logs" className="overflow-hidden">
          <WorkspaceLogs deploymentId={deployment.id} workspace={workspace} />
        </TabPanel>
      </Tabs>
      <DeleteWorkspacesDialog
        deploymentId={deployment.id}
        workspaces={isDeleting ? [workspace] : []}
        onClose={() => setIsDeleting(false)}
      />
    </>
  )
}

interface NotShownProps extends WorkspacePageProps {
  readonly error: Error | undefined
  readonly onRetry: () => void
}

/** Before the first answer, or when there is none. */
function NotShown({ deployment, error, onRetry }: NotShownProps) {
  const actions = useWindowActions()
  const { message, detail } = errorWords(error)
  const isGone = hasCode(error, 'not_found')
  return (
    <>
      <PageHeader title="Workspace" trail={[{ label: 'Workspaces', onSelect: actions.goToWorkspaces }]} />
      <div className="border-t border-line p-5">
        {error ? (
          <ErrorState
            title={isGone ? `${deployment.name} has no such workspace` : 'The workspace cannot be shown'}
            details={detail}
            actions={
              isGone ? (
                <Button onClick={actions.goToWorkspaces}>Show all workspaces</Button>
              ) : (
                <Button onClick={onRetry}>Try again</Button>
              )
            }
          >
            {isGone ? 'It was deleted, or you may not see it.' : message}
          </ErrorState>
        ) : isAway(deployment) ? (
          <DeploymentAway deployment={deployment} />
        ) : (
          <SkeletonRows rows={7} label="Loading the workspace" />
        )}
      </div>
    </>
  )
}

function DeletedWorkspace({ name }: { readonly name: string | undefined }) {
  const actions = useWindowActions()
  return (
    <>
      <PageHeader
        title={name ?? 'Workspace'}
        trail={[{ label: 'Workspaces', onSelect: actions.goToWorkspaces }]}
      />
      <EmptyState
        icon={<Trash2Icon />}
        title={`${name ?? 'This workspace'} is deleted`}
        actions={
          <Button variant="primary" onClick={actions.goToWorkspaces}>
            Show all workspaces
          </Button>
        }
      />
    </>
  )
}
