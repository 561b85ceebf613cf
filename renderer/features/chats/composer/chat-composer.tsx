import { useState } from 'react'
import type { Chat } from '#bridge/contract/chats'
import type { Deployment } from '#ipc/deployments'
import { useApi } from '../../../api/api-context.tsx'
import { errorWords } from '../../../api/error-words.ts'
import { IconButton } from '../../../ui/icon-button.tsx'
import { BoxIcon, SquareIcon } from '../../../ui/icons.tsx'
import { toast } from '../../../ui/toast-store.ts'
import { useWindowActions } from '../../window/index.ts'
import { askChatDialog } from '../chat-dialogs-store.ts'
import { isAtWork } from '../chat-state.ts'
import type { ChatTranscript } from '../chat-transcript.tsx'
import { NoModelNotice } from '../no-model.tsx'
import { useChatActions } from '../use-chat-actions.ts'
import { chosenModel, rememberModel } from './chat-model.ts'
import { editPlace, type ComposerMode } from './composer-mode.ts'
import { Composer } from './composer.tsx'
import { draftPlace, drafts } from './draft-store.ts'
import { draftOf, hasContent, partsOf, type Draft } from './draft.ts'
import { EditBanner } from './edit-banner.tsx'
import { giveBackQueued } from './give-back-queued.ts'
import { sameServers } from './mcp-choice.ts'
import { QueueList } from './queue-list.tsx'
import { skillCommands } from './skill-commands.ts'
import type { ComposerChoices } from './use-composer-choices.ts'
import { useMentionPlace } from './use-mention-place.ts'
import { useShownPlace } from './use-shown-place.ts'
import { WorkspacePicker } from './workspace-picker.tsx'

export interface ChatComposerProps {
  readonly deployment: Deployment
  readonly chat: Chat
  readonly transcript: ChatTranscript
  readonly mode: ComposerMode
  readonly onMode: (mode: ComposerMode) => void
  /** Something is on its way to the agent. */
  readonly onSaid: () => void
}

/** Where the owner of a chat writes: the next message, one of the queue, or one of before anew. */
export function ChatComposer(props: ChatComposerProps) {
  const { deployment, chat, transcript, mode, onMode, onSaid } = props
  const { client } = useApi()
  const window = useWindowActions()
  const actions = useChatActions(deployment.id)
  const ids = { deploymentId: deployment.id, chatId: chat.id }
  const main = draftPlace(deployment.id, chat.id)
  const place = mode.kind === 'write' ? main : editPlace(main, mode)
  const isShown = useShownPlace(place)
  const status = transcript.status ?? chat.status
  const isRunning = isAtWork({ status }) || status === 'requires_action'
  const [isPicking, setPicking] = useState(false)
  const files = useMentionPlace(deployment.id, chat.workspace_id)
  const send = useSend(deployment, chat, transcript)
  const canAttach = chat.workspace_id === undefined && chat.parent_chat_id === undefined
  const attachWorkspace = (workspaceId: string | undefined): void => {
    if (workspaceId === undefined) return
    actions
      .update(chat, { workspaceId })
      .catch((error: unknown) =>
        toast({ tone: 'bad', title: 'The workspace is not attached', detail: errorWords(error).message }),
      )
  }
  return (
    <>
      <NoModelNotice deployment={deployment} />
      <Composer
        key={chat.id}
        deployment={deployment}
        place={place}
        chat={chat}
        placeholder={placeholderOf(status, mode)}
        files={files}
        commands={[
          { name: 'new', description: 'A new agent', run: window.goToAgents },
          {
            name: 'rename',
            description: 'Rename this chat',
            run: () => askChatDialog({ kind: 'rename', chat }),
          },
          { name: 'archive', description: 'Archive this chat', run: () => void actions.archive(chat) },
          ...(isRunning
            ? [{ name: 'stop', description: 'Stop the agent', run: () => void actions.interrupt(chat) }]
            : [
                {
                  name: 'compact',
                  description: 'Sum up what was said, to make room',
                  run: () => void actions.compact(chat),
                },
              ]),
          ...(canAttach
            ? [{ name: 'workspace', description: 'Attach a workspace', run: () => setPicking(true) }]
            : []),
          ...skillCommands(chat),
        ]}
        plusItems={
          canAttach
            ? [{ label: 'Attach a workspace…', icon: <BoxIcon />, onSelect: () => setPicking(true) }]
            : []
        }
        tools={
          canAttach ? (
            <WorkspacePicker
              deployment={deployment}
              value={undefined}
              within={chat.organization_id}
              onChange={attachWorkspace}
              open={isPicking}
              onOpenChange={setPicking}
            />
          ) : undefined
        }
        above={
          <>
            <QueueList
              {...ids}
              queue={transcript.queue}
              editedId={mode.kind === 'queued' ? mode.queuedId : undefined}
              onEdit={({ id, content }) => {
                const next: ComposerMode = { kind: 'queued', queuedId: id }
                beginEdit(editPlace(main, next), draftOf(content))
                onMode(next)
              }}
            />
            {mode.kind === 'edit' ? (
              <EditBanner
                later={mode.later}
                queued={transcript.queue.length}
                onCancel={() => onMode({ kind: 'write' })}
              />
            ) : null}
          </>
        }
        end={
          isRunning ? (
            <StopButton isStopping={status === 'interrupting'} onStop={() => void actions.interrupt(chat)} />
          ) : undefined
        }
        readHistory={async () =>
          (await client.call('chats.prompts', ids))
            .map(({ text }) => text)
            .filter((text) => text.trim() !== '')
        }
        onEscape={() => {
          if (mode.kind !== 'write') onMode({ kind: 'write' })
          else if (isRunning && status !== 'interrupting') void actions.interrupt(chat)
        }}
        onSend={async (draft, choices) => {
          onSaid()
          await send(draft, choices, mode)
          // Something else may be written anew by now.
          if (mode.kind !== 'write' && isShown(place)) onMode({ kind: 'write' })
        }}
      />
    </>
  )
}

interface StopButtonProps {
  readonly isStopping: boolean
  readonly onStop: () => void
}

function StopButton({ isStopping, onStop }: StopButtonProps) {
  return (
    <IconButton
      label={isStopping ? 'Stopping' : 'Stop the agent'}
      keys="Escape"
      size="sm"
      variant="secondary"
      tooltipSide="top"
      icon={<SquareIcon />}
      loading={isStopping}
      onClick={onStop}
    />
  )
}

/** What is written anew starts as it was, unless it was begun before. */
export function beginEdit(place: string, before: Draft): void {
  drafts.change(place, (draft) => (hasContent(draft) ? draft : before))
}

function useSend(deployment: Deployment, chat: Chat, transcript: ChatTranscript) {
  const { client } = useApi()
  const ids = { deploymentId: deployment.id, chatId: chat.id }
  return async (draft: Draft, choices: ComposerChoices, mode: ComposerMode): Promise<void> => {
    const model = chosenModel(choices)
    const content = partsOf(draft)
    if (mode.kind === 'edit') {
      const { messageId, warnings } = await client.call('chats.edit', {
        ...ids,
        messageId: mode.messageId,
        content,
        ...model,
      })
      transcript.forgetReplaced(mode.messageId, messageId)
      giveBackQueued(draftPlace(deployment.id, chat.id), transcript.queue)
      tell(warnings)
      return
    }
    const { mcpServerIds } = choices
    const hasServers = mcpServerIds === undefined || sameServers(mcpServerIds, chat.mcp_server_ids)
    const isPlanned = chat.plan_mode === 'plan'
    const { warnings } = await client.call('chats.send', {
      ...ids,
      content,
      ...model,
      ...(hasServers ? {} : { mcpServerIds: [...mcpServerIds] }),
      ...(choices.planMode === isPlanned
        ? {}
        : { planMode: choices.planMode ? ('plan' as const) : ('' as const) }),
      interrupts: false,
    })
    tell(warnings)
    rememberModel(deployment.id, choices)
    // The old one goes once the new one is safe.
    if (mode.kind === 'queued') {
      await client.call('chats.deleteQueued', { ...ids, queuedId: mode.queuedId }).catch((error: unknown) =>
        toast({
          tone: 'bad',
          title: 'The old message stays in the queue',
          detail: errorWords(error).message,
        }),
      )
    }
  }
}

function tell(warnings: readonly string[]): void {
  if (warnings.length > 0)
    toast({ tone: 'warn', title: 'Sent, but not as a whole', detail: warnings.join(' ') })
}

function placeholderOf(status: string, mode: ComposerMode): string {
  if (mode.kind === 'edit') return 'Write the message anew'
  if (mode.kind === 'queued') return 'Write the queued message anew'
  if (status === 'requires_action') return 'Answer above, or write a message'
  return isAtWork({ status }) ? 'Write what comes next' : 'Write a message'
}
