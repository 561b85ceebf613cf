import { useState } from 'react'
import type { Workspace } from '#bridge/contract/workspaces'
import { hasCode } from '../../api/bridge-error.ts'
import { errorWords } from '../../api/error-words.ts'
import { useSubscription } from '../../api/use-subscription.ts'
import { Button } from '../../ui/button.tsx'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { toast } from '../../ui/toast-store.ts'
import { useWorkspaceCommands } from '../workspaces/index.ts'
import { chatTitle, isAtWork, type ChatRow } from './chat-state.ts'
import { inWords } from './in-words.ts'
import { useChatActions, type ChatActions } from './use-chat-actions.ts'

export interface ArchiveAndDeleteProps {
  readonly deploymentId: string
  readonly chat: ChatRow
  readonly onClose: () => void
}

/** Asks before a chat goes to the archive and its workspace is deleted. */
export function ArchiveAndDelete({ deploymentId, chat, onClose }: ArchiveAndDeleteProps) {
  const actions = useChatActions(deploymentId)
  const { remove } = useWorkspaceCommands(deploymentId)
  const [isArchived, setArchived] = useState(chat.archived)
  const { data, status, error, retry } = useSubscription(
    'workspaces.watch',
    chat.workspace_id === undefined ? undefined : { deploymentId, workspaceId: chat.workspace_id },
  )
  const isGone =
    status === 'done' || hasCode(error, 'not_found') || hasCode<'workspaces.watch'>(error, 'deleted')
  const workspace = isGone ? undefined : data
  if (workspace === undefined && !isGone) {
    return <WorkspaceLookup error={error} onRetry={retry} onClose={onClose} />
  }
  const deleteWorkspace = async (gone: Workspace): Promise<void> => {
    try {
      await remove(gone)
    } catch (failure) {
      if (!hasCode(failure, 'not_found')) throw failure
      toast({ title: `${gone.name} was gone already` })
    }
  }
  return (
    <ConfirmDialog
      open
      onOpenChange={onClose}
      {...wordsOf(chat, workspace, isArchived)}
      onConfirm={async () => {
        // The archive first: a chat can come back from there, a workspace cannot.
        if (!isArchived) await archiveStopped(actions, chat).catch(inWords)
        // Only the workspace is left to do when it refuses to go and that is tried again.
        setArchived(true)
        if (workspace) await deleteWorkspace(workspace).catch(inWords)
      }}
    />
  )
}

/** A chat may begin to work after the question was asked; who deletes its workspace wants it stopped. */
async function archiveStopped(actions: ChatActions, chat: ChatRow): Promise<void> {
  if (isAtWork(chat)) return actions.stopAndArchive(chat)
  try {
    await actions.update(chat, { archived: true })
  } catch (error) {
    if (!hasCode<'chats.update'>(error, 'busy')) throw error
    await actions.stopAndArchive(chat)
  }
}

function wordsOf(chat: ChatRow, workspace: Workspace | undefined, isArchived: boolean) {
  const title = chatTitle(chat)
  if (workspace === undefined) {
    return isArchived
      ? {
          title: `${title} is archived`,
          description: 'Its workspace is gone already.',
          confirmLabel: 'Close',
        }
      : {
          title: `Archive ${title}?`,
          description: 'Its workspace is gone already. The chat goes to the archive.',
          confirmLabel: 'Archive',
        }
  }
  const loss = 'nothing brings them back: push what you want to keep first.'
  return {
    title: `Delete ${workspace.name}?`,
    description: isArchived
      ? `${title} is in the archive. The files of its workspace go, and ${loss}`
      : `${title} goes to the archive. The files of its workspace go too, and ${loss}`,
    typedName: workspace.name,
    confirmLabel: isArchived ? 'Delete the workspace' : 'Archive and delete',
    danger: true,
  }
}

interface WorkspaceLookupProps {
  readonly error: Error | undefined
  readonly onRetry: () => void
  readonly onClose: () => void
}

/** Until it is known what would be deleted there is nothing to confirm. */
function WorkspaceLookup({ error, onRetry, onClose }: WorkspaceLookupProps) {
  return (
    <Dialog open onOpenChange={onClose} size="sm" title="Archive and delete the workspace">
      {error === undefined ? (
        <div role="status" aria-label="Loading the workspace" className="flex flex-col gap-3">
          <Skeleton className="w-3/4" />
          <Skeleton className="w-1/2" />
        </div>
      ) : (
        <Notice
          tone="bad"
          title="The workspace cannot be looked up"
          actions={
            <Button size="sm" onClick={onRetry}>
              Try again
            </Button>
          }
        >
          {errorWords(error).message}
        </Notice>
      )}
    </Dialog>
  )
}
