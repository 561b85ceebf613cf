import type { Workspace } from '#bridge/contract/workspaces'
import { Badge } from '../../ui/badge.tsx'
import { StarIcon } from '../../ui/icons.tsx'
import { StatusMark } from '../../ui/status-mark.tsx'
import type { Column } from '../../ui/table/column.ts'
import { RelativeTime } from '../../ui/time.tsx'
import { StopPlanCell } from './stop-plan-cell.tsx'
import { workspaceState } from './workspace-state.ts'
import { isNever } from './workspace-times.ts'

export interface ColumnDeps {
  readonly userId: string | undefined
  readonly onFavorite: (workspace: Workspace, favorite: boolean) => void
}

/** The columns of the workspaces list. */
export function workspaceColumns({ userId, onFavorite }: ColumnDeps): readonly Column<Workspace>[] {
  return [
    {
      id: 'favorite',
      header: '',
      width: 24,
      cell: (workspace) =>
        // Coder lets only the owner favourite a workspace.
        workspace.owner_id === userId ? (
          <FavoriteButton workspace={workspace} onFavorite={onFavorite} />
        ) : null,
    },
    {
      id: 'name',
      header: 'Name',
      width: 160,
      grow: 3,
      compare: (a, b) => a.name.localeCompare(b.name),
      cell: (workspace) => (
        <span className="flex min-w-0" title={`${workspace.owner_name}/${workspace.name}`}>
          {workspace.owner_id === userId ? null : (
            // A long owner gives way before the name does: the name tells workspaces apart.
            <span className="flex min-w-0 shrink-[4] text-fg-3">
              <span className="cut">{workspace.owner_name}</span>/
            </span>
          )}
          <span className="cut font-medium">{workspace.name}</span>
        </span>
      ),
    },
    {
      id: 'state',
      header: 'State',
      width: 150,
      grow: 2,
      compare: (a, b) => workspaceState(a).label.localeCompare(workspaceState(b).label),
      cell: (workspace) => <StatusMark {...workspaceState(workspace)} />,
    },
    {
      id: 'template',
      header: 'Template',
      width: 130,
      grow: 2,
      compare: (a, b) => a.template_name.localeCompare(b.template_name),
      cell: (workspace) => (
        <>
          <span className="cut text-fg-2">{workspace.template_display_name || workspace.template_name}</span>
          {workspace.outdated ? (
            <Badge tone="accent" title="A newer version of the template is active">
              Update
            </Badge>
          ) : (
            <span className="num cut text-sm text-fg-3">{workspace.latest_build.template_version_name}</span>
          )}
        </>
      ),
    },
    {
      id: 'stops',
      header: 'Stops in',
      width: 110,
      hideBelow: 640,
      cell: (workspace) => <StopPlanCell workspace={workspace} />,
    },
    {
      id: 'used',
      header: 'Used',
      width: 90,
      hideBelow: 760,
      compare: (a, b) => b.last_used_at.localeCompare(a.last_used_at),
      cell: (workspace) =>
        isNever(workspace.last_used_at) ? null : (
          <RelativeTime value={workspace.last_used_at} className="text-sm text-fg-3" />
        ),
    },
  ]
}

interface FavoriteButtonProps {
  /** In the tab order. In a table the row's menu has the same action, so there it is for the pointer. */
  readonly focusable?: boolean
  readonly workspace: Workspace
  readonly onFavorite: (workspace: Workspace, favorite: boolean) => void
}

/** The star of a workspace, on or off. */
export function FavoriteButton({ workspace, onFavorite, focusable = false }: FavoriteButtonProps) {
  const { favorite, name } = workspace
  return (
    <button
      type="button"
      aria-pressed={favorite}
      aria-label={`Favourite ${name}`}
      tabIndex={focusable ? 0 : -1}
      // Hollow stars stay quiet: a list is full of them.
      className={`grid size-5 place-items-center rounded-sm no-drag ${favorite ? 'text-warn' : 'text-line-ui hover:text-fg'}`}
      onClick={(event) => {
        event.stopPropagation()
        onFavorite(workspace, !favorite)
      }}
    >
      <StarIcon className={favorite ? 'size-3.5 fill-current' : 'size-3.5'} />
    </button>
  )
}
