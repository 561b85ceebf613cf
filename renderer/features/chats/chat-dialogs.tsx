import type { Deployment } from '#ipc/deployments'
import { errorWords } from '../../api/error-words.ts'
import { useSubscription } from '../../api/use-subscription.ts'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { useWorkspaceCommands } from '../workspaces/index.ts'
import { askChatDialog, useChatQuestion } from './chat-dialogs-store.ts'
import { chatTitle, isAtWork, type ChatRow } from './chat-state.ts'
import { RenameDialog } from './rename-dialog.tsx'
import { useChatActions } from './use-chat-actions.ts'

const close = (): void => askChatDialog(undefined)

/** The questions about chats, wherever they were asked from. */
export function ChatDialogs({ deployment }: { readonly deployment: Deployment }) {
  const { asked } = useChatQuestion()
  const { stopAndArchive } = useChatActions(deployment.id)
  if (asked === undefined) return null
  const { kind, chat } = asked
  switch (kind) {
    case 'rename':
      return <RenameDialog key={chat.id} deploymentId={deployment.id} chat={chat} onClose={close} />
    case 'stop-and-archive':
      return (
        <ConfirmDialog
          open
          onOpenChange={close}
          title={`Stop the agent of ${chatTitle(chat)}?`}
          description="It is at work. A chat can be archived once nothing runs in it."
          confirmLabel="Stop and archive"
          onConfirm={() => stopAndArchive(chat).catch(inWords)}
        />
      )
    case 'archive-and-delete':
      return <ArchiveAndDelete deploymentId={deployment.id} chat={chat} />
  }
}

function ArchiveAndDelete({ deploymentId, chat }: { readonly deploymentId: string; readonly chat: ChatRow }) {
  const actions = useChatActions(deploymentId)
  const { remove } = useWorkspaceCommands(deploymentId)
  const { data: workspace } = useSubscription(
    'workspaces.watch',
    chat.workspace_id === undefined ? undefined : { deploymentId, workspaceId: chat.workspace_id },
  )
  if (!workspace) return null
  return (
    <ConfirmDialog
      open
      onOpenChange={close}
      title={`Delete ${workspace.name}?`}
      description={`${chatTitle(chat)} goes to the archive. The files of its workspace go too, and nothing brings them back: push what you want to keep first.`}
      typedName={workspace.name}
      confirmLabel="Archive and delete"
      danger
      onConfirm={async () => {
        // The archive first: a chat can come back from there, a workspace cannot.
        await (
          isAtWork(chat) ? actions.stopAndArchive(chat) : actions.update(chat, { archived: true })
        ).catch(inWords)
        await remove(workspace).catch(inWords)
      }}
    />
  )
}

/** The dialog shows the message of what it catches. */
function inWords(error: unknown): never {
  throw new Error(errorWords(error).message)
}
