import { useRef, useState, type ReactNode } from 'react'
import type { Chat } from '#bridge/contract/chats'
import type { Deployment } from '#ipc/deployments'
import { hasCode } from '../../api/bridge-error.ts'
import { useSubscription } from '../../api/use-subscription.ts'
import { useElementWidth } from '../../lib/element-size.ts'
import { Button } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { SparkleIcon } from '../../ui/icons.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { Failure } from '../ai-models/index.ts'
import { useWindowActions } from '../window/index.ts'
import { ChatHeader } from './chat-header.tsx'
import { isOfSomebodyElse, waitsForCapacity } from './chat-state.ts'
import { ChatTranscriptView, useChatTranscript } from './chat-transcript.tsx'
import { beginEdit, ChatComposer } from './composer/chat-composer.tsx'
import { editPlace, type ComposerMode } from './composer/composer-mode.ts'
import { draftPlace, drafts } from './composer/draft-store.ts'
import { draftOf } from './composer/draft.ts'
import type { PanelContext, PanelSlots } from './panel/panel-slots.ts'
import { usePanelView } from './panel/panel-state.ts'
import { showChange } from './panel/shown-change.ts'
import { shownTabs, SidePanel } from './panel/side-panel.tsx'
import { useDesktopsOfAgents, type WatchDesktop } from './use-desktops-of-agents.ts'
import { ReadOnlyNotice } from './read-only-notice.tsx'
import { useChatSupport } from './use-chats.ts'
import { useTranscriptActions } from './use-transcript-actions.ts'

export interface ChatViewProps {
  readonly deployment: Deployment
  readonly chatId: string
  readonly panel: PanelSlots
  readonly onOpenChat: (chatId: string) => void
  readonly watchDesktop?: WatchDesktop | undefined
}

/** One chat: what was said, what is written, and what the agent works on. */
export function ChatView({ deployment, chatId, panel, onOpenChat, watchDesktop }: ChatViewProps) {
  const live = useSubscription('chats.watchChat', { deploymentId: deployment.id, chatId })
  if (live.data) {
    return (
      <OpenChat
        deployment={deployment}
        chat={live.data}
        panel={panel}
        onOpenChat={onOpenChat}
        watchDesktop={watchDesktop}
      />
    )
  }
  if (live.error) return <ChatFailure error={live.error} onRetry={live.retry} />
  return (
    <Frame>
      <div role="status" aria-label="Loading the chat" className="flex flex-col gap-6 px-5 pt-5">
        <Skeleton className="h-3.5 w-56" />
        <Skeleton className="ml-auto h-9 w-2/5 rounded-lg" />
        <Skeleton className="w-3/4" />
        <Skeleton className="w-2/3" />
        <Skeleton className="w-1/2" />
      </div>
    </Frame>
  )
}

interface FrameProps {
  /** The panel lies over it: nothing in it may have the focus, or what is typed would go where nobody sees it. */
  readonly isCovered?: boolean
  readonly children: ReactNode
}

function Frame({ isCovered = false, children }: FrameProps) {
  return (
    <section inert={isCovered} className="flex min-h-0 min-w-0 flex-1 flex-col">
      {children}
    </section>
  )
}

function ChatFailure({ error, onRetry }: { readonly error: Error; readonly onRetry: () => void }) {
  const actions = useWindowActions()
  if (hasCode(error, 'not_found') || hasCode(error, 'forbidden')) {
    return (
      <Frame>
        <EmptyState
          icon={<SparkleIcon />}
          tone="warn"
          title="This chat is not there"
          actions={
            <Button variant="primary" onClick={actions.goToAgents}>
              New agent
            </Button>
          }
        >
          It was removed, or it is not shared with you any more.
        </EmptyState>
      </Frame>
    )
  }
  return (
    <Frame>
      <div className="p-5">
        <Failure title="The chat cannot be shown" error={error} onRetry={onRetry} />
      </div>
    </Frame>
  )
}

/** Narrower, a conversation cannot be read. */
const leastConversation = 380

interface OpenChatProps extends Omit<ChatViewProps, 'chatId'> {
  readonly chat: Chat
}

/** What the panel beside a conversation shows, and whether it lies over it, since `area` has no room for both. */
function useSidePanel(deployment: Deployment, chat: Chat, isMine: boolean, slots: PanelSlots) {
  const [view, changeView] = usePanelView(chat.id)
  const area = useRef<HTMLDivElement>(null)
  const width = useElementWidth(area)
  const hasDesktop = useChatSupport(deployment.id).data?.desktop ?? false
  const tabs = shownTabs(slots, { chat, isMine, hasDesktop })
  const isOver = tabs.length > 0 && view.isOpen && width > 0 && width - view.width < leastConversation
  return { area, view, changeView, tabs, hasDesktop, isOver }
}

function OpenChat({ deployment, chat, panel, onOpenChat, watchDesktop }: OpenChatProps) {
  const transcript = useChatTranscript(deployment.id, chat.id)
  const [mode, setMode] = useState<ComposerMode>({ kind: 'write' })
  const [said, setSaid] = useState(0)
  const onSaid = (): void => setSaid((times) => times + 1)
  const writing = useRef<HTMLDivElement>(null)
  const isMine = !isOfSomebodyElse(chat, deployment.user?.id)
  const canWrite = isMine && !chat.archived
  const main = draftPlace(deployment.id, chat.id)
  const { area, view, changeView, tabs, hasDesktop, isOver } = useSidePanel(deployment, chat, isMine, panel)
  const hasPanel = tabs.length > 0
  const { actions, sendText } = useTranscriptActions({
    deployment,
    chat,
    canWrite,
    isStopping: transcript.status === 'interrupting',
    onOpenChat,
    onEdit: (message) => {
      const later = transcript.messages.filter(({ id }) => id > message.id).length
      const next = { kind: 'edit' as const, messageId: message.id, later }
      beginEdit(editPlace(main, next), draftOf(message.content ?? []))
      setMode(next)
    },
    onSaid,
    ...useDesktopsOfAgents(
      { deployment, chat, mayWatch: isMine && hasDesktop, watchDesktop },
      transcript.messages,
    ),
    onWrite: () => writing.current?.querySelector('textarea')?.focus(),
    onOpenDiff: tabs.includes('changes')
      ? (path) => {
          changeView({ isOpen: true, tab: 'changes' })
          showChange({ chatId: chat.id, path })
        }
      : undefined,
  })
  const context: PanelContext = {
    deployment,
    chat,
    isMine,
    hasDesktop,
    send: sendText,
    addReference: (reference, remark) =>
      drafts.change(main, (draft) => ({
        ...draft,
        references: [...draft.references, reference],
        text: draft.text.trim() === '' ? remark : `${draft.text}\n${remark}`,
      })),
  }
  // What the row says may be from before it was taken away.
  if (!isMine && transcript.failure && hasCode(transcript.failure, 'not_found'))
    return <ChatFailure error={transcript.failure} onRetry={transcript.live.retry} />
  return (
    <div ref={area} className="relative flex min-h-0 min-w-0 flex-1">
      <Frame isCovered={isOver}>
        <ChatHeader
          deployment={deployment}
          chat={chat}
          isMine={isMine}
          transcript={transcript}
          onOpenChat={onOpenChat}
          panel={
            hasPanel
              ? {
                  isOpen: view.isOpen,
                  onToggle: () => changeView({ isOpen: !view.isOpen }),
                  onShowPorts: tabs.includes('apps')
                    ? () => changeView({ isOpen: true, tab: 'apps' })
                    : undefined,
                }
              : undefined
          }
        />
        <ChatTranscriptView
          key={main}
          place={main}
          transcript={transcript}
          said={said}
          isQueued={waitsForCapacity(chat)}
          actions={actions}
        />
        <div ref={writing} className="mx-auto w-full max-w-[960px] flex-none px-5 pt-1 pb-3.5">
          {canWrite ? (
            <ChatComposer
              deployment={deployment}
              chat={chat}
              transcript={transcript}
              mode={mode}
              onMode={setMode}
              onSaid={onSaid}
            />
          ) : (
            <ReadOnlyNotice deployment={deployment} chat={chat} isMine={isMine} />
          )}
        </div>
      </Frame>
      {hasPanel && view.isOpen ? <SidePanel slots={panel} context={context} isOver={isOver} /> : null}
    </div>
  )
}
