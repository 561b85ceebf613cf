import { useState, type ReactNode } from 'react'
import type { Deployment } from '#ipc/deployments'
import type { Workspace } from '#bridge/contract/workspaces'
import { useKept } from '../../lib/kept-state.ts'
import { toast } from '../../ui/toast-store.ts'
import { Table } from '../../ui/table/table.tsx'
import type { TableSort } from '../../ui/table/column.ts'
import { noSelection } from '../../ui/table/table-selection.ts'
import { tableWidths } from '../../ui/table/table-widths.ts'
import { useWindowActions } from '../window/index.ts'
import { DeleteWorkspacesDialog } from './delete-workspaces-dialog.tsx'
import { SelectionBar } from './selection-bar.tsx'
import { useWorkspaceCommands } from './use-workspace-commands.ts'
import { workspaceColumns } from './workspace-columns.tsx'
import { workspaceMenu } from './workspace-menu.tsx'

const widthsStore = tableWidths('workspaces')
const favourites = 'Favourites'
const mine = 'Mine'
const shared = 'Shared with me'
const groupOrder = [favourites, mine, shared]

export interface WorkspaceTableProps {
  readonly deployment: Deployment
  readonly workspaces: readonly Workspace[]
  readonly empty: ReactNode
}

/** The table of workspaces with everything one can do from it. */
export function WorkspaceTable({ deployment, workspaces, empty }: WorkspaceTableProps) {
  const actions = useWindowActions()
  const commands = useWorkspaceCommands(deployment.id)
  const widths = useKept(widthsStore)
  const [sort, setSort] = useState<TableSort | null>(null)
  const [selection, setSelection] = useState(noSelection)
  const [toDelete, setToDelete] = useState<readonly Workspace[]>([])
  const userId = deployment.user?.id
  const selected = workspaces.filter(({ id }) => selection.keys.has(id))

  const runAll = (doing: (workspace: Workspace) => Promise<boolean>, done: string) => {
    return (rows: readonly Workspace[]): void => {
      void Promise.all(rows.map(doing)).then((results) => {
        const worked = results.filter(Boolean).length
        // Each failure has its own message already; this is the other half.
        if (rows.length > 1) {
          toast({
            tone: worked === rows.length ? 'ok' : 'warn',
            title: `${worked} of ${rows.length} ${done}`,
          })
        }
      })
    }
  }
  const start = runAll(commands.start, 'are starting')
  const stop = runAll(commands.stop, 'are stopping')
  const setFavorite = (workspace: Workspace, favorite: boolean): void => {
    void commands.setFavorite(workspace, favorite)
  }
  const menuDeps = {
    userId,
    start,
    stop,
    setFavorite,
    askDelete: setToDelete,
    openTerminal: (workspace: Workspace) => actions.openTerminal(deployment.id, workspace),
  }
  return (
    <div className="relative flex min-h-0 flex-1 flex-col">
      <Table
        label="Workspaces"
        rows={workspaces}
        rowKey={({ id }) => id}
        columns={workspaceColumns({ userId, onFavorite: setFavorite })}
        sort={sort}
        onSortChange={setSort}
        widths={widths}
        onWidthsChange={widthsStore.set}
        groupOf={(workspace) => {
          if (workspace.favorite) return favourites
          return workspace.owner_id === userId ? mine : shared
        }}
        groupOrder={groupOrder}
        selection={selection}
        onSelectionChange={setSelection}
        onOpen={(workspace) => actions.goToWorkspace(deployment.id, workspace.id)}
        actions={(rows) => workspaceMenu(rows, menuDeps)}
        footerSpace={72}
        empty={empty}
      />
      {selected.length > 0 ? (
        <SelectionBar
          selected={selected}
          onStart={start}
          onStop={stop}
          onDelete={setToDelete}
          onClear={() => setSelection(noSelection)}
        />
      ) : null}
      <DeleteWorkspacesDialog
        deploymentId={deployment.id}
        workspaces={toDelete}
        onClose={() => setToDelete([])}
        onDeleted={() => setSelection(noSelection)}
      />
    </div>
  )
}
