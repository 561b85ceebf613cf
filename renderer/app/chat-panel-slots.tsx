import { lazy, Suspense, type ReactNode } from 'react'
import type { Workspace } from '#bridge/contract/workspaces'
import { hasCode } from '../api/bridge-error.ts'
import { errorWords } from '../api/error-words.ts'
import { useSubscription } from '../api/use-subscription.ts'
import { DebugPanel } from '../features/chat-debug/index.ts'
import { ChangesPanel } from '../features/chats/panel/changes-panel.tsx'
import { CostPanel } from '../features/chats/panel/cost-panel.tsx'
import type { PanelContext, PanelSlots, PanelSubject } from '../features/chats/panel/panel-slots.ts'
import { planFileOf, PlanPanel } from '../features/chats/panel/plan-panel.tsx'
import { summaryOf, SummaryPanel } from '../features/chats/panel/summary-panel.tsx'
import { ChatAppPage } from './chat-app-page.tsx'
import { ChatAppsPanel } from './chat-apps-panel.tsx'
import { Button } from '../ui/button.tsx'
import { ErrorState } from '../ui/error-state.tsx'
import { SkeletonRows } from '../ui/skeleton.tsx'

const FilesPage = lazy(async () => ({
  default: (await import('../features/files/files-page.tsx')).FilesPage,
}))
const WorkspaceDesktop = lazy(async () => ({
  default: (await import('../features/desktop/workspace-desktop.tsx')).WorkspaceDesktop,
}))
const ChatDesktop = lazy(async () => ({
  default: (await import('../features/desktop/chat-desktop.tsx')).ChatDesktop,
}))
const WorkspaceTerminals = lazy(async () => ({
  default: (await import('../features/terminal/workspace-terminals.tsx')).WorkspaceTerminals,
}))

/** What lies beside a chat: parts of its own, and the files and terminals of its workspace. */
export const chatPanelSlots: PanelSlots = {
  changes: { isFor: hasWorkspace, render: (context) => <ChangesPanel {...context} /> },
  files: {
    isFor: hasWorkspace,
    render: (context) => (
      <OfWorkspace {...context}>
        {(workspace) => <FilesPage deployment={context.deployment} workspace={workspace} />}
      </OfWorkspace>
    ),
  },
  plan: {
    isFor: ({ chat }) => planFileOf(chat) !== undefined,
    render: (context) => <PlanPanel {...context} />,
  },
  summary: {
    isFor: ({ chat }) => summaryOf(chat) !== undefined,
    render: ({ chat }) => <SummaryPanel chat={chat} />,
  },
  terminal: {
    isFor: hasWorkspace,
    render: (context) => (
      <OfWorkspace {...context}>
        {(workspace) => <WorkspaceTerminals deploymentId={context.deployment.id} workspace={workspace} />}
      </OfWorkspace>
    ),
  },
  apps: {
    isFor: hasWorkspace,
    render: (context) => (
      <OfWorkspace {...context}>
        {(workspace) => (
          <ChatAppsPanel deploymentId={context.deployment.id} workspace={workspace} apps={context.apps} />
        )}
      </OfWorkspace>
    ),
  },
  app: {
    isFor: hasWorkspace,
    render: ({ apps, ...context }, app) =>
      apps === undefined ? null : (
        <OfWorkspace {...context}>
          {(workspace) => (
            <ChatAppPage deploymentId={context.deployment.id} workspace={workspace} app={app} apps={apps} />
          )}
        </OfWorkspace>
      ),
  },
  desktop: {
    // Whoever sees it can act there, so it is its owner's alone.
    isFor: (subject) =>
      subject.hasDesktop && subject.isMine && !subject.chat.archived && hasWorkspace(subject),
    render: (context) => (
      <Suspense fallback={<SkeletonRows rows={4} label="Loading" />}>
        <ChatDesktop key={context.chat.id} deploymentId={context.deployment.id} chatId={context.chat.id}>
          <OfWorkspace {...context}>
            {(workspace) => (
              <WorkspaceDesktop
                deploymentId={context.deployment.id}
                chatId={context.chat.id}
                workspace={workspace}
              />
            )}
          </OfWorkspace>
        </ChatDesktop>
      </Suspense>
    ),
  },
  cost: { render: (context) => <CostPanel {...context} /> },
}

/** The same with what models were asked: of the user's own chats, since who reads one along sees nothing of it. */
export const panelSlotsWithDebug: PanelSlots = {
  ...chatPanelSlots,
  debug: {
    isFor: ({ isMine }) => isMine,
    render: (context) => <DebugPanel key={context.chat.id} {...context} />,
  },
}

function hasWorkspace({ chat }: PanelSubject): boolean {
  return chat.workspace_id !== undefined
}

function OfWorkspace({
  deployment,
  chat,
  isMine,
  children,
}: PanelContext & { readonly children: (workspace: Workspace) => ReactNode }) {
  const { data, error, retry } = useSubscription(
    'workspaces.watch',
    chat.workspace_id === undefined
      ? undefined
      : { deploymentId: deployment.id, workspaceId: chat.workspace_id },
  )
  if (data) {
    return <Suspense fallback={<SkeletonRows rows={4} label="Loading" />}>{children(data)}</Suspense>
  }
  if (error) {
    return (
      <div className="p-3">
        <ErrorState title={failureTitle(error, isMine)} actions={<Button onClick={retry}>Try again</Button>}>
          {errorWords(error).message}
        </ErrorState>
      </div>
    )
  }
  return <SkeletonRows rows={4} label="Loading the workspace" />
}

/** A deployment hides what one may not see: of somebody else's workspace, not there and not shared are the same. */
function failureTitle(error: unknown, isMine: boolean): string {
  if (hasCode<'workspaces.watch'>(error, 'deleted')) return 'The workspace is not there'
  if (hasCode(error, 'not_found') || hasCode(error, 'forbidden')) {
    return isMine ? 'The workspace is not there' : 'The workspace is not shared with you'
  }
  return 'The workspace cannot be looked up'
}
