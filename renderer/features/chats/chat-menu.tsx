import {
  ArchiveIcon,
  ArchiveRestoreIcon,
  PencilIcon,
  PinIcon,
  PinOffIcon,
  SquareIcon,
  Trash2Icon,
} from '../../ui/icons.tsx'
import type { MenuItem } from '../../ui/menu-item.ts'
import { askChatDialog } from './chat-dialogs-store.ts'
import { isAtWork, type ChatRow } from './chat-state.ts'
import type { ChatActions } from './use-chat-actions.ts'

/** What a row, its context menu and the chat's header offer. Only its owner may change a chat. */
export function chatMenuItems(chat: ChatRow, actions: ChatActions, isMine: boolean): readonly MenuItem[] {
  if (!isMine) return []
  const isRoot = chat.parent_chat_id === undefined
  const rename: MenuItem = {
    label: 'Rename…',
    icon: <PencilIcon />,
    keys: 'F2',
    onSelect: () => askChatDialog({ kind: 'rename', chat }),
  }
  const stop: readonly MenuItem[] = isAtWork(chat)
    ? [
        {
          label: 'Stop the agent',
          icon: <SquareIcon />,
          disabled: chat.status === 'interrupting',
          onSelect: () => void actions.interrupt(chat),
        },
      ]
    : []
  if (!isRoot) return [...stop, rename]
  if (chat.archived) {
    return [
      {
        label: 'Take out of the archive',
        icon: <ArchiveRestoreIcon />,
        onSelect: () => void actions.unarchive(chat),
      },
      rename,
    ]
  }
  return [
    ...stop,
    chat.pin_order > 0
      ? { label: 'Unpin', icon: <PinOffIcon />, onSelect: () => void actions.pin(chat, 0) }
      : { label: 'Pin', icon: <PinIcon />, onSelect: () => void actions.pin(chat, 1) },
    rename,
    { kind: 'separator' },
    { label: 'Archive', icon: <ArchiveIcon />, onSelect: () => void actions.archive(chat) },
    ...(chat.workspace_id === undefined
      ? []
      : [
          {
            label: 'Archive and delete the workspace…',
            icon: <Trash2Icon />,
            danger: true,
            onSelect: () => askChatDialog({ kind: 'archive-and-delete', chat }),
          },
        ]),
  ]
}
