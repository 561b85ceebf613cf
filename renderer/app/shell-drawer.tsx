import { useRouterState } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import {
  groupOf,
  NewTerminalButton,
  SessionPicker,
  TerminalTabBar,
  useTerminalNews,
  useTerminals,
  useTerminalTabs,
} from '../features/terminal/index.ts'
import { useWindowActions } from '../features/window/index.ts'
import { Button } from '../ui/button.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { IconButton } from '../ui/icon-button.tsx'
import { SearchIcon, TerminalIcon } from '../ui/icons.tsx'
import { SkeletonRows } from '../ui/skeleton.tsx'
import { RelativeTime } from '../ui/time.tsx'
import { TerminalDrawer } from './frame/terminal-drawer.tsx'
import { useRunningWorkspaces } from './use-running-workspaces.ts'

const TerminalGroupView = lazy(async () => ({
  default: (await import('../features/terminal/terminal-group-view.tsx')).TerminalGroupView,
}))

const offeredAtMost = 4

/** The terminals at the bottom of every page. A hidden drawer keeps its sessions: they live outside of it. */
export function ShellDrawer() {
  const terminals = useTerminals()
  const state = useTerminalTabs()
  const { tabs, groups, activeKey, drawerOpen } = state
  // The page's own Terminal tab shows the same screens, and a screen can be in one place only.
  const isOnPage = useRouterState({
    select: ({ location }) =>
      location.pathname.startsWith('/workspaces/') &&
      'tab' in location.search &&
      location.search.tab === 'terminal',
  })
  const active = tabs.find(({ key }) => key === activeKey)
  const open = drawerOpen && !isOnPage
  const group = groupOf(state, activeKey)
  const news = useTerminalNews()
  const rejoinedAt = active ? news.get(active.key)?.rejoinedAt : undefined
  return (
    <TerminalDrawer
      open={open}
      onOpenChange={terminals.setDrawerOpen}
      bar={
        <>
          <TerminalTabBar groups={groups} />
          {active ? (
            <>
              <NewTerminalButton onOpen={(profile) => terminals.open(active, true, profile)} />
              <SessionPicker place={active} />
            </>
          ) : null}
        </>
      }
      status={
        rejoinedAt === undefined ? undefined : (
          <>
            Re-joined <RelativeTime value={rejoinedAt} />, scrollback kept
          </>
        )
      }
      actions={
        active ? (
          <IconButton
            size="sm"
            label="Find in the terminal"
            keys="Ctrl+Shift+F"
            icon={<SearchIcon />}
            onClick={() => terminals.find(active.key)}
          />
        ) : null
      }
    >
      {!open ? null : group ? (
        <Suspense fallback={<SkeletonRows rows={4} label="Loading the terminal" />}>
          <TerminalGroupView key={group.id} group={group} />
        </Suspense>
      ) : (
        <NoTerminals />
      )}
    </TerminalDrawer>
  )
}

/** An open drawer without a terminal offers the workspaces that could have one. */
function NoTerminals() {
  const actions = useWindowActions()
  const running = useRunningWorkspaces().slice(0, offeredAtMost)
  return (
    <EmptyState
      icon={<TerminalIcon />}
      title="No terminal is open"
      actions={
        running.length === 0 ? (
          <Button onClick={actions.goToWorkspaces}>Show workspaces</Button>
        ) : (
          running.map(({ deploymentId, workspace }) => (
            <Button
              key={workspace.id}
              icon={<TerminalIcon />}
              onClick={() => actions.openTerminal(deploymentId, workspace)}
            >
              {workspace.name}
            </Button>
          ))
        )
      }
    >
      {running.length === 0 ? 'Start a workspace to open one.' : 'Open one on a running workspace.'}
    </EmptyState>
  )
}
