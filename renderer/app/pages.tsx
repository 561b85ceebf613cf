import { useNavigate } from '@tanstack/react-router'
import { lazy, Suspense, useEffect, type ReactNode } from 'react'
import type { Deployment } from '#ipc/deployments'
import { useApi } from '../api/api-context.tsx'
import { useDeployments } from '../features/deployments/index.ts'
import type { SettingsSection, WorkspaceTab } from '../features/window/index.ts'
import { WorkspacePage } from '../features/workspaces/workspace-page.tsx'
import { WorkspacesPage } from '../features/workspaces/workspaces-page.tsx'
import { SkeletonRows } from '../ui/skeleton.tsx'

// Not on the first screen: their code comes with the first visit.
const TemplatesPage = lazy(async () => ({
  default: (await import('../features/templates/templates-page.tsx')).TemplatesPage,
}))
const TemplatePage = lazy(async () => ({
  default: (await import('../features/templates/template-page.tsx')).TemplatePage,
}))
const CreateWorkspacePage = lazy(async () => ({
  default: (await import('../features/templates/create-workspace-page.tsx')).CreateWorkspacePage,
}))
const AgentsPage = lazy(async () => ({
  default: (await import('./agents-with-panel.tsx')).AgentsWithPanel,
}))
const TunnelsPage = lazy(async () => ({
  default: (await import('../features/tunnels/tunnels-page.tsx')).TunnelsPage,
}))
const WorkspacePorts = lazy(async () => ({
  default: (await import('../features/tunnels/workspace-ports.tsx')).WorkspacePorts,
}))
const SettingsPage = lazy(async () => ({
  default: (await import('./settings-page.tsx')).SettingsPage,
}))
const DiagnosticsPage = lazy(async () => ({
  default: (await import('../features/diagnostics/diagnostics-page.tsx')).DiagnosticsPage,
}))
const WorkspaceTerminals = lazy(async () => ({
  default: (await import('../features/terminal/workspace-terminals.tsx')).WorkspaceTerminals,
}))

const FilesPage = lazy(async () => ({
  default: (await import('../features/files/files-page.tsx')).FilesPage,
}))

const waiting = <SkeletonRows rows={6} label="Loading the page" />

/** Makes a deployment the shown one and answers it; where it is gone, the window goes elsewhere. */
function useShownDeployment(
  deploymentId: string,
  elsewhere: '/workspaces' | '/agents',
): Deployment | undefined {
  const navigate = useNavigate()
  const { client } = useApi()
  const { deployments } = useDeployments()
  useEffect(() => {
    client.call('deployments.setActive', { deploymentId }).catch(() => {
      // A remembered page may name a deployment that was removed.
      void navigate({ to: elsewhere, replace: true })
    })
  }, [client, navigate, deploymentId, elsewhere])
  return deployments.find(({ id }) => id === deploymentId)
}

/** A page of the shown deployment; it starts anew when the user switches to another one. */
function WithActive({ children }: { readonly children: (deployment: Deployment) => ReactNode }) {
  const { active } = useDeployments()
  if (!active) return waiting
  return (
    <Suspense key={active.id} fallback={waiting}>
      {children(active)}
    </Suspense>
  )
}

export function WorkspacesRoute() {
  return <WithActive>{(deployment) => <WorkspacesPage deployment={deployment} />}</WithActive>
}

export function TemplatesRoute() {
  return <WithActive>{(deployment) => <TemplatesPage deployment={deployment} />}</WithActive>
}

export function TemplateRoute({ templateId }: { readonly templateId: string }) {
  return (
    <WithActive>
      {(deployment) => <TemplatePage key={templateId} deployment={deployment} templateId={templateId} />}
    </WithActive>
  )
}

export function CreateWorkspaceRoute({ templateId }: { readonly templateId: string }) {
  return (
    <WithActive>
      {(deployment) => (
        <CreateWorkspacePage key={templateId} deployment={deployment} templateId={templateId} />
      )}
    </WithActive>
  )
}

export function AgentsRoute() {
  return <WithActive>{(deployment) => <AgentsPage deployment={deployment} chatId={undefined} />}</WithActive>
}

export interface ChatRouteProps {
  readonly deploymentId: string
  readonly chatId: string
}

/** A chat of any deployment: opening it (from a notification, say) makes its deployment the shown one. */
export function ChatRoute({ deploymentId, chatId }: ChatRouteProps) {
  const deployment = useShownDeployment(deploymentId, '/agents')
  if (!deployment) return waiting
  return (
    <Suspense key={deployment.id} fallback={waiting}>
      <AgentsPage deployment={deployment} chatId={chatId} />
    </Suspense>
  )
}

export function TunnelsRoute() {
  return <WithActive>{(deployment) => <TunnelsPage deployment={deployment} />}</WithActive>
}

export function DiagnosticsRoute() {
  return <WithActive>{(deployment) => <DiagnosticsPage deployment={deployment} />}</WithActive>
}

export function SettingsRoute({ section }: { readonly section: SettingsSection }) {
  return (
    <Suspense fallback={waiting}>
      <SettingsPage section={section} />
    </Suspense>
  )
}

export interface WorkspaceRouteProps {
  readonly deploymentId: string
  readonly workspaceId: string
  readonly tab: WorkspaceTab
}

/** A workspace of any deployment: opening it (from the tray, say) makes its deployment the shown one. */
export function WorkspaceRoute({ deploymentId, workspaceId, tab }: WorkspaceRouteProps) {
  const navigate = useNavigate()
  const deployment = useShownDeployment(deploymentId, '/workspaces')
  if (!deployment) return waiting
  return (
    <WorkspacePage
      key={workspaceId}
      deployment={deployment}
      workspaceId={workspaceId}
      tab={tab}
      onTab={(next) =>
        void navigate({
          to: '/workspaces/$deploymentId/$workspaceId',
          params: { deploymentId, workspaceId },
          search: { tab: next },
          replace: true,
        })
      }
      ports={(workspace) => (
        <Suspense fallback={waiting}>
          <WorkspacePorts deploymentId={deploymentId} workspace={workspace} />
        </Suspense>
      )}
      terminal={(workspace) => (
        <Suspense fallback={waiting}>
          <WorkspaceTerminals deploymentId={deploymentId} workspace={workspace} />
        </Suspense>
      )}
      files={(workspace) => (
        <Suspense fallback={waiting}>
          <FilesPage deployment={deployment} workspace={workspace} />
        </Suspense>
      )}
    />
  )
}
