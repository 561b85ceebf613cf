import { Suspense, useEffect, useRef } from 'react'
import type { Workspace } from '#bridge/contract/workspaces'
import { Button } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import { PlusIcon, TerminalIcon, XIcon } from '../../ui/icons.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { TabTitle } from '../../ui/tab-title.tsx'
import { classNames } from '../../lib/class-names.ts'
import { defaultAgent, isUsable, workspaceState } from '../workspaces/index.ts'
import { placeOf } from './terminal-place.ts'
import { tabLabels, type TerminalTab } from './terminal-tabs-store.ts'
import { TerminalView } from './terminal-view.tsx'
import { useTerminalNews, useTerminals, useTerminalTabs } from './terminals-context.tsx'

export interface WorkspaceTerminalsProps {
  readonly deploymentId: string
  readonly workspace: Workspace
}

/** The terminals of one workspace over the whole page. They are the drawer's own; it hides meanwhile. */
export function WorkspaceTerminals({ deploymentId, workspace }: WorkspaceTerminalsProps) {
  const terminals = useTerminals()
  const { tabs, activeKey } = useTerminalTabs()
  const own = tabs.filter((tab) => tab.deploymentId === deploymentId && tab.workspaceId === workspace.id)
  const active = own.find(({ key }) => key === activeKey) ?? own[0]
  const agent = defaultAgent(workspace)
  const labels = tabLabels(tabs)
  useFirstTerminal(deploymentId, workspace)
  const openNew = (): void => {
    if (agent) terminals.open(placeOf(deploymentId, workspace, agent), false)
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
          <Button variant="primary" icon={<TerminalIcon />} disabled={!usable} onClick={openNew}>
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
        {own.map((tab) => (
          <PageTab key={tab.key} tab={tab} title={labels.get(tab.key) ?? ''} isActive={tab === active} />
        ))}
        <IconButton size="sm" label="New terminal" icon={<PlusIcon />} onClick={openNew} />
      </div>
      <div className="min-h-0 flex-1">
        <Suspense fallback={<SkeletonRows rows={4} label="Loading the terminal" />}>
          <TerminalView key={active.key} tab={active} />
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

interface PageTabProps {
  readonly tab: TerminalTab
  readonly title: string
  readonly isActive: boolean
}

function PageTab({ tab, title, isActive }: PageTabProps) {
  const terminals = useTerminals()
  const news = useTerminalNews()
  return (
    <span
      className={classNames(
        'flex h-[26px] items-center rounded-md pr-1 pl-2',
        isActive ? 'bg-active text-fg' : 'text-fg-2 hover:bg-hover',
      )}
    >
      <button
        type="button"
        aria-pressed={isActive}
        className="flex max-w-60 min-w-0 items-center gap-2 rounded-sm pr-1"
        onClick={() => terminals.activate(tab.key)}
      >
        <TerminalIcon className="size-3.5 text-fg-3" />
        <TabTitle title={title} hasNews={news.get(tab.key)?.hasOutput} />
      </button>
      <IconButton
        size="sm"
        label={`Close ${title}`}
        icon={<XIcon className="size-3" />}
        onClick={() => terminals.close(tab.key)}
      />
    </span>
  )
}
