import { useEffect, useState } from 'react'
import type { Chat } from '#bridge/contract/chats'
import type { Deployment } from '#ipc/deployments'
import { useApi } from '../../api/api-context.tsx'
import { errorWords } from '../../api/error-words.ts'
import { useKeys } from '../../lib/keyboard/key-map.ts'
import { IconButton } from '../../ui/icon-button.tsx'
import { CopyIcon, DownloadIcon, EllipsisIcon, PanelRightIcon } from '../../ui/icons.tsx'
import { TextButton } from '../../ui/button.tsx'
import { Menu } from '../../ui/menu.tsx'
import type { MenuItem } from '../../ui/menu-item.ts'
import { toast } from '../../ui/toast-store.ts'
import { allMessages } from './all-messages.ts'
import { transcriptMarkdown } from './transcript/transcript-markdown.ts'
import { ChatCost } from './chat-cost.tsx'
import { chatMenuItems } from './chat-menu.tsx'
import { chatTitle } from './chat-state.ts'
import type { ChatTranscript } from './chat-transcript.tsx'
import { ContextRing, contextUse } from './context-ring.tsx'
import { ForgeLink } from './forge-link.tsx'
import { forgePage } from './pull-request.ts'
import { SharePopover } from './share-popover.tsx'
import { SidebarToggle } from './sidebar/sidebar-toggle.tsx'
import { TitleField } from './title-field.tsx'
import { useChatActions } from './use-chat-actions.ts'
import { WorkspaceChip } from './workspace-chip.tsx'

export interface ChatHeaderProps {
  readonly deployment: Deployment
  readonly chat: Chat
  readonly isMine: boolean
  readonly transcript: ChatTranscript
  /** Undefined: nothing to show there. */
  readonly panel:
    | {
        readonly isOpen: boolean
        readonly onToggle: () => void
        /** Undefined: it has no such tab. */
        readonly onShowPorts: (() => void) | undefined
      }
    | undefined
  readonly onOpenChat: (chatId: string) => void
}

/** What a chat is, where it works, how full its mind is, and what to do with it. */
export function ChatHeader({ deployment, chat, isMine, transcript, panel, onOpenChat }: ChatHeaderProps) {
  const actions = useChatActions(deployment.id)
  const title = chatTitle(chat)
  const [isRenaming, setRenaming] = useState(false)
  useEffect(() => {
    document.title = `${title} · Outpost`
  }, [title])
  useKeys([
    {
      keys: 'F2',
      run: () => {
        if (isMine) setRenaming(true)
      },
    },
  ])
  const use = contextUse(transcript.messages)
  const page = forgePage(chat)
  const exports = useExports(deployment.id, chat, transcript)
  return (
    <header className="@container flex h-(--h-pagehead) min-w-0 flex-none items-center gap-2 border-b border-line pr-2 pl-3">
      <SidebarToggle />
      {chat.parent_chat_id === undefined ? null : (
        <TextButton className="flex-none" onClick={() => onOpenChat(chat.parent_chat_id ?? '')}>
          Parent
        </TextButton>
      )}
      <TitleField
        title={title}
        isEditing={isRenaming}
        onEditing={isMine ? setRenaming : undefined}
        onSave={(next) => actions.update(chat, { title: next })}
      />
      {chat.workspace_id === undefined ? null : (
        <WorkspaceChip
          deployment={deployment}
          workspaceId={chat.workspace_id}
          isMine={isMine}
          onShowPorts={panel?.onShowPorts}
          onDetach={
            isMine && chat.parent_chat_id === undefined
              ? () =>
                  void actions
                    .update(chat, { workspaceId: null })
                    .catch((error: unknown) =>
                      toast({ tone: 'bad', title: 'The workspace stays', detail: errorWords(error).message }),
                    )
              : undefined
          }
        />
      )}
      <span className="ml-auto flex flex-none items-center gap-0.5">
        {page === undefined ? null : <ForgeLink page={page} />}
        <ChatCost deploymentId={deployment.id} chat={chat} />
        <ContextRing
          use={use}
          context={chat.context}
          onRefresh={isMine && !chat.archived ? () => actions.refreshContext(chat) : undefined}
        />
        {isMine ? <SharePopover deploymentId={deployment.id} chat={chat} /> : null}
        <Menu
          align="end"
          items={[
            ...chatMenuItems(chat, actions, isMine),
            ...(isMine ? [{ kind: 'separator' as const }] : []),
            ...exports,
          ]}
          trigger={<IconButton label="More actions" icon={<EllipsisIcon />} />}
        />
        {panel === undefined ? null : (
          <IconButton
            label={panel.isOpen ? 'Close the panel' : 'Open the panel'}
            icon={<PanelRightIcon />}
            pressed={panel.isOpen}
            onClick={panel.onToggle}
          />
        )}
      </span>
    </header>
  )
}

/** The contract takes no longer text. */
const longestExport = 900_000

function useExports(deploymentId: string, chat: Chat, transcript: ChatTranscript): readonly MenuItem[] {
  const { client } = useApi()
  const text = async (): Promise<string> =>
    transcriptMarkdown(
      chatTitle(chat),
      await allMessages(client, { deploymentId, chatId: chat.id }, transcript),
    )
  const attempt = (title: string, run: () => Promise<void>): void => {
    run().catch((error: unknown) => toast({ tone: 'bad', title, detail: errorWords(error).message }))
  }
  return [
    {
      label: 'Copy as Markdown',
      icon: <CopyIcon />,
      onSelect: () =>
        attempt('The chat is not copied', async () => {
          await client.call('app.copyText', { text: await text() })
          toast({ tone: 'ok', title: 'The chat is copied' })
        }),
    },
    {
      label: 'Export…',
      icon: <DownloadIcon />,
      onSelect: () =>
        attempt('The chat is not exported', async () => {
          const whole = await text()
          const { saved } = await client.call('app.saveText', {
            suggestedName: `${fileName(chatTitle(chat))}.md`,
            text: whole.slice(0, longestExport),
          })
          if (!saved) return
          if (whole.length <= longestExport) toast({ tone: 'ok', title: 'The chat is exported' })
          else
            toast({
              tone: 'warn',
              title: 'The chat is exported in part',
              detail: 'It is longer than a file may be: the file has its beginning.',
            })
        }),
    },
  ]
}

/** A title as a name of a file that every system takes. */
function fileName(title: string): string {
  return (
    title
      .replaceAll(/[^\p{L}\p{N} ._-]/gu, ' ')
      .replaceAll(/\s+/g, ' ')
      .replaceAll(/^[. -]+|[. ]+$/g, '')
      .slice(0, 80) || 'chat'
  )
}
