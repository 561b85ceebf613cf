import type { Workspace } from '#bridge/contract/workspaces'
import { errorWords } from '../../api/error-words.ts'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { useWorkspaceCommands } from './use-workspace-commands.ts'

export interface DeleteWorkspacesDialogProps {
  readonly deploymentId: string
  /** None: closed. */
  readonly workspaces: readonly Workspace[]
  readonly onClose: () => void
  readonly onDeleted?: () => void
}

/** Asks to type the name before a workspace goes for good; for several, how many they are. */
export function DeleteWorkspacesDialog({
  deploymentId,
  workspaces,
  onClose,
  onDeleted,
}: DeleteWorkspacesDialogProps) {
  const { remove } = useWorkspaceCommands(deploymentId)
  const [only] = workspaces
  const isOne = workspaces.length === 1
  const several = `${workspaces.length} workspaces`
  const removeAll = async (): Promise<void> => {
    const results = await Promise.allSettled(workspaces.map(remove))
    const failures = results.flatMap((result, index) =>
      result.status === 'rejected'
        ? [`${workspaces[index]?.name ?? ''}: ${errorWords(result.reason).message}`]
        : [],
    )
    if (failures.length > 0) throw new Error(failures.join('\n'))
    onDeleted?.()
  }
  return (
    <ConfirmDialog
      open={workspaces.length > 0}
      onOpenChange={(open) => {
        if (!open) onClose()
      }}
      title={`Delete ${isOne ? (only?.name ?? '') : several}?`}
      description={
        isOne ? (
          'Its files go too, and nothing brings them back. Push what you want to keep first.'
        ) : (
          <>
            Their files go too, and nothing brings them back:{' '}
            <span className="copyable">{workspaces.map(({ name }) => name).join(', ')}</span>.
          </>
        )
      }
      typedName={isOne ? only?.name : several}
      confirmLabel={isOne ? 'Delete workspace' : `Delete ${several}`}
      danger
      onConfirm={removeAll}
    />
  )
}
