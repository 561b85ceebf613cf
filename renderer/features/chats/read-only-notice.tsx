import type { Chat } from '#bridge/contract/chats'
import type { Deployment } from '#ipc/deployments'
import { plainText } from '../../lib/plain-text.ts'
import { Button } from '../../ui/button.tsx'
import { ArchiveIcon, UsersIcon } from '../../ui/icons.tsx'
import { Notice } from '../../ui/notice.tsx'
import { useChatActions } from './use-chat-actions.ts'

export interface ReadOnlyNoticeProps {
  readonly deployment: Deployment
  readonly chat: Chat
  readonly isMine: boolean
}

/** In place of the composer of a chat that nobody, or only somebody else, can write in. */
export function ReadOnlyNotice({ deployment, chat, isMine }: ReadOnlyNoticeProps) {
  const actions = useChatActions(deployment.id)
  if (!isMine) {
    const owner = plainText(chat.owner_name || (chat.owner_username ?? ''), 60) || 'somebody else'
    return (
      <Notice icon={<UsersIcon />}>
        This chat belongs to {owner}, who shares it with you. You can read along; only they can write.
      </Notice>
    )
  }
  return (
    <Notice
      icon={<ArchiveIcon />}
      actions={
        chat.parent_chat_id === undefined ? (
          <Button size="sm" onClick={() => void actions.unarchive(chat)}>
            Take out of the archive
          </Button>
        ) : undefined
      }
    >
      This chat is archived. Take it out to go on.
    </Notice>
  )
}
