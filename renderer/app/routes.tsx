import {
  createRootRoute,
  createRoute,
  createRouter,
  Navigate,
  redirect,
  type RouterHistory,
} from '@tanstack/react-router'
import type { SettingsSection, WorkspaceTab } from '../features/window/index.ts'
import {
  AgentsRoute,
  ChatRoute,
  CreateWorkspaceRoute,
  DiagnosticsRoute,
  SettingsRoute,
  TemplateRoute,
  TemplatesRoute,
  TunnelsRoute,
  WorkspaceRoute,
  WorkspacesRoute,
} from './pages.tsx'
import { Shell } from './shell.tsx'

const rootRoute = createRootRoute({
  component: Shell,
  notFoundComponent: () => <Navigate to="/workspaces" replace />,
})

const indexRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/',
  beforeLoad: () => {
    // eslint-disable-next-line @typescript-eslint/only-throw-error -- the router's way to redirect
    throw redirect({ to: '/workspaces' })
  },
})

const workspacesRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/workspaces',
  component: WorkspacesRoute,
})

const tabs: readonly string[] = ['overview', 'terminal', 'files', 'logs'] satisfies WorkspaceTab[]

const workspaceRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/workspaces/$deploymentId/$workspaceId',
  validateSearch: (search): { tab: WorkspaceTab } => ({
    tab: tabs.includes(String(search['tab'])) ? (search['tab'] as WorkspaceTab) : 'overview',
  }),
  component: function Page() {
    const { deploymentId, workspaceId } = workspaceRoute.useParams()
    const { tab } = workspaceRoute.useSearch()
    return <WorkspaceRoute deploymentId={deploymentId} workspaceId={workspaceId} tab={tab} />
  },
})

const agentsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/agents',
  component: AgentsRoute,
})

const chatRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/agents/$deploymentId/$chatId',
  component: function Page() {
    return <ChatRoute {...chatRoute.useParams()} />
  },
})

const templatesRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/templates',
  component: TemplatesRoute,
})

const templateRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/templates/$templateId',
  component: function Page() {
    return <TemplateRoute templateId={templateRoute.useParams().templateId} />
  },
})

const createWorkspaceRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/templates/$templateId/new',
  component: function Page() {
    return <CreateWorkspaceRoute templateId={createWorkspaceRoute.useParams().templateId} />
  },
})

const tunnelsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/tunnels',
  component: TunnelsRoute,
})

const sections: readonly string[] = [
  'general',
  'deployments',
  'models',
  'agents',
  'mcp-servers',
  'dictation',
  'keychain',
  'about',
] satisfies SettingsSection[]

const settingsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/settings/$section',
  component: function Page() {
    const { section } = settingsRoute.useParams()
    return sections.includes(section) ? (
      <SettingsRoute section={section as SettingsSection} />
    ) : (
      <Navigate to="/settings/$section" params={{ section: 'general' }} replace />
    )
  },
})

const diagnosticsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/diagnostics',
  component: DiagnosticsRoute,
})

const routeTree = rootRoute.addChildren([
  indexRoute,
  workspacesRoute,
  workspaceRoute,
  agentsRoute,
  chatRoute,
  templatesRoute,
  templateRoute,
  createWorkspaceRoute,
  tunnelsRoute,
  settingsRoute,
  diagnosticsRoute,
])

/** The pages of the window by address. */
export function createOutpostRouter(history: RouterHistory) {
  // Unknown addresses (an old remembered one) go to the root's own not-found, which leads to the list.
  return createRouter({ routeTree, history, defaultPreload: false, notFoundMode: 'root' })
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createOutpostRouter>
  }
}
