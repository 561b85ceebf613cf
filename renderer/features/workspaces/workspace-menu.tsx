import type { Workspace } from '#bridge/contract/workspaces'
import { PlayIcon, SquareIcon, StarIcon, TerminalIcon, Trash2Icon } from '../../ui/icons.tsx'
import type { MenuItem } from '../../ui/menu-item.ts'
import { defaultAgent, isUsable, workspaceActions } from './workspace-state.ts'

export interface WorkspaceMenuDeps {
  readonly userId: string | undefined
  readonly openTerminal: (workspace: Workspace) => void
  readonly start: (workspaces: readonly Workspace[]) => void
  readonly stop: (workspaces: readonly Workspace[]) => void
  readonly askDelete: (workspaces: readonly Workspace[]) => void
  readonly setFavorite: (workspace: Workspace, favorite: boolean) => void
}

/** What can be done with one workspace or with several selected ones, for rows and context menus. */
export function workspaceMenu(rows: readonly Workspace[], deps: WorkspaceMenuDeps): readonly MenuItem[] {
  const [only] = rows
  if (only === undefined) return []
  return rows.length === 1 ? menuOfOne(only, deps) : menuOfSeveral(rows, deps)
}

function menuOfOne(workspace: Workspace, deps: WorkspaceMenuDeps): readonly MenuItem[] {
  const { canStart, canStop, canDelete } = workspaceActions(workspace)
  const agent = defaultAgent(workspace)
  const startOrStop: MenuItem = canStart
    ? { label: 'Start', icon: <PlayIcon />, inline: true, onSelect: () => deps.start([workspace]) }
    : {
        label: 'Stop',
        icon: <SquareIcon />,
        inline: true,
        disabled: !canStop,
        onSelect: () => deps.stop([workspace]),
      }
  return [
    {
      label: 'Open terminal',
      icon: <TerminalIcon />,
      inline: true,
      disabled: agent === undefined || !isUsable(agent),
      onSelect: () => deps.openTerminal(workspace),
    },
    startOrStop,
    ...(workspace.owner_id === deps.userId
      ? [
          {
            label: workspace.favorite ? 'Remove from favourites' : 'Add to favourites',
            icon: <StarIcon />,
            onSelect: () => deps.setFavorite(workspace, !workspace.favorite),
          },
        ]
      : []),
    { kind: 'separator' },
    {
      label: 'Delete…',
      icon: <Trash2Icon />,
      danger: true,
      disabled: !canDelete,
      onSelect: () => deps.askDelete([workspace]),
    },
  ]
}

function menuOfSeveral(rows: readonly Workspace[], deps: WorkspaceMenuDeps): readonly MenuItem[] {
  const { starts, stops, deletes } = splitByAction(rows)
  return [
    { kind: 'heading', label: `${rows.length} selected` },
    {
      label: `Start ${starts.length}`,
      icon: <PlayIcon />,
      disabled: starts.length === 0,
      onSelect: () => deps.start(starts),
    },
    {
      label: `Stop ${stops.length}`,
      icon: <SquareIcon />,
      disabled: stops.length === 0,
      onSelect: () => deps.stop(stops),
    },
    { kind: 'separator' },
    {
      label: `Delete ${deletes.length}…`,
      icon: <Trash2Icon />,
      danger: true,
      disabled: deletes.length === 0,
      onSelect: () => deps.askDelete(deletes),
    },
  ]
}

/** Which of the selected workspaces each action applies to. */
export function splitByAction(rows: readonly Workspace[]): {
  readonly starts: readonly Workspace[]
  readonly stops: readonly Workspace[]
  readonly deletes: readonly Workspace[]
} {
  return {
    starts: rows.filter((row) => workspaceActions(row).canStart && row.latest_build.status === 'stopped'),
    stops: rows.filter((row) => workspaceActions(row).canStop && row.latest_build.status === 'running'),
    deletes: rows.filter((row) => workspaceActions(row).canDelete),
  }
}
