import { Suspense, useEffect, useRef } from 'react'
import type { TerminalProfile } from '#ipc/settings'
import type { Workspace } from '#bridge/contract/workspaces'
import { Button } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { TerminalIcon } from '../../ui/icons.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { defaultAgent, isUsable, workspaceState } from '../workspaces/index.ts'
import { NewTerminalButton } from './new-terminal-button.tsx'
import { SessionPicker } from './session-picker.tsx'
import { placeOf } from './terminal-place.ts'
import { groupOf, type TerminalTab } from './terminal-groups.ts'
import { TerminalGroupView } from './terminal-group-view.tsx'
import { TerminalTabBar } from './terminal-tab-bar.tsx'
import { useTerminals, useTerminalTabs } from './terminals-context.tsx'

export interface WorkspaceTerminalsProps {
  readonly deploymentId: string
  readonly workspace: Workspace
}

/** The terminals of one workspace over the whole page. They are the drawer's own; it hides meanwhile. */
export function WorkspaceTerminals({ deploymentId, workspace }: WorkspaceTerminalsProps) {
  const terminals = useTerminals()
  const state = useTerminalTabs()
  const own = state.groups.filter(({ focusKey }) =>
    state.tabs.some(
      (tab) => tab.key === focusKey && tab.deploymentId === deploymentId && tab.workspaceId === workspace.id,
    ),
  )
  const active = own.find(({ id }) => id === groupOf(state, state.activeKey)?.id) ?? own[0]
  const agent = defaultAgent(workspace)
  useFirstTerminal(deploymentId, workspace)
  const openNew = (profile?: TerminalProfile): void => {
    if (agent) terminals.open(placeOf(deploymentId, workspace, agent), false, profile)
  }
  if (!active) {
    const usable = agent !== undefined && isUsable(agent)
    return (
      <EmptyState
        icon={<TerminalIcon />}
        title={
          usable
            ? 'No terminal is open'
            : `${workspace.name}: ${workspaceState(workspace).label.toLowerCase()}`
        }
        actions={
          <Button variant="primary" icon={<TerminalIcon />} disabled={!usable} onClick={() => openNew()}>
            Open terminal
          </Button>
        }
      >
        {usable
          ? 'Its shell goes on when you close the window.'
          : 'A terminal opens once the agent is connected.'}
      </EmptyState>
    )
  }
  return (
    <div className="flex h-full min-h-0 flex-col bg-term">
      <div className="flex h-9 flex-none items-center gap-0.5 px-3">
        <TerminalTabBar groups={own} />
        <NewTerminalButton onOpen={openNew} />
        {agent ? <SessionPicker place={placeOf(deploymentId, workspace, agent)} /> : null}
      </div>
      <div className="min-h-0 flex-1">
        <Suspense fallback={<SkeletonRows rows={4} label="Loading the terminal" />}>
          <TerminalGroupView key={active.id} group={active} />
        </Suspense>
      </div>
    </div>
  )
}

/** Who comes to this page wants a terminal: opens the first one, once, and leaves it to the user after that. */
function useFirstTerminal(deploymentId: string, workspace: Workspace): void {
  const terminals = useTerminals()
  const isDone = useRef(false)
  const agent = defaultAgent(workspace)
  const usable = agent && isUsable(agent) ? agent : undefined
  useEffect(() => {
    if (isDone.current || !usable) return
    isDone.current = true
    const isOwn = (tab: TerminalTab): boolean =>
      tab.deploymentId === deploymentId && tab.workspaceId === workspace.id
    if (!terminals.store.getState().tabs.some(isOwn)) {
      terminals.open(placeOf(deploymentId, workspace, usable), false)
    }
  }, [terminals, deploymentId, workspace, usable])
}
