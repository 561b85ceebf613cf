import type { Deployment } from '#ipc/deployments'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { ArchiveAndDelete } from './archive-and-delete.tsx'
import { askChatDialog, useChatQuestion } from './chat-dialogs-store.ts'
import { chatTitle } from './chat-state.ts'
import { inWords } from './in-words.ts'
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
      return <ArchiveAndDelete key={chat.id} deploymentId={deployment.id} chat={chat} onClose={close} />
  }
}
