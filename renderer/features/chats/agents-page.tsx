import type { ReactNode } from 'react'
import type { Deployment } from '#ipc/deployments'
import { errorWords } from '../../api/error-words.ts'
import { useKept } from '../../lib/kept-state.ts'
import { useKeys } from '../../lib/keyboard/key-map.ts'
import { Button } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { SparkleIcon } from '../../ui/icons.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { DeploymentAway, isAway } from '../deployments/index.ts'
import { useWindowActions } from '../window/index.ts'
import { ChatDialogs } from './chat-dialogs.tsx'
import { ChatView } from './chat-view.tsx'
import type { PanelSlots } from './panel/panel-slots.ts'
import { ChatSidebar } from './sidebar/chat-sidebar.tsx'
import { sidebarShown } from './sidebar/sidebar-state.ts'
import { StartPage } from './start-page.tsx'
import { useChatSupport } from './use-chats.ts'
import type { WatchDesktop } from './use-desktops-of-agents.ts'

export interface AgentsPageProps {
  readonly deployment: Deployment
  /** Undefined: a new one is begun. */
  readonly chatId: string | undefined
  readonly panel?: PanelSlots
  /** Left out: desktops of sub-agents are not shown. */
  readonly watchDesktop?: WatchDesktop | undefined
}

const noSlots: PanelSlots = {}

/** The chats with agents: the list, and one of them or a new one. */
export function AgentsPage({ deployment, chatId, panel = noSlots, watchDesktop }: AgentsPageProps) {
  const support = useChatSupport(deployment.id)
  if (support.data?.chats === 'ready') {
    return <Chats deployment={deployment} chatId={chatId} panel={panel} watchDesktop={watchDesktop} />
  }
  return (
    <>
      <PageHeader title="Agents" />
      {support.data !== undefined ? (
        <NoAgents
          deployment={deployment}
          reason={support.data.chats}
          onRetry={() => void support.refetch()}
        />
      ) : support.error ? (
        <div className="p-5">
          <ErrorState
            title={`It is not known whether ${deployment.name} has agents`}
            details={errorWords(support.error).detail}
            actions={<Button onClick={() => void support.refetch()}>Try again</Button>}
          >
            {errorWords(support.error).message}
          </ErrorState>
        </div>
      ) : isAway(deployment) ? (
        <DeploymentAway deployment={deployment} />
      ) : (
        <SkeletonRows rows={6} label="Loading agents" />
      )}
    </>
  )
}

function Chats({
  deployment,
  chatId,
  panel,
  watchDesktop,
}: AgentsPageProps & Required<Pick<AgentsPageProps, 'panel'>>) {
  const actions = useWindowActions()
  const isShown = useKept(sidebarShown)
  useKeys([{ keys: 'Mod+Shift+B', run: () => sidebarShown.set(!sidebarShown.get()) }])
  const open = (id: string): void => actions.goToChat(deployment.id, id)
  return (
    <div className="flex min-h-0 flex-1">
      {isShown ? (
        <ChatSidebar
          deployment={deployment}
          shownId={chatId}
          onOpen={({ id }) => open(id)}
          onNew={actions.goToAgents}
        />
      ) : null}
      {chatId === undefined ? (
        <StartPage deployment={deployment} />
      ) : (
        <ChatView
          key={chatId}
          deployment={deployment}
          chatId={chatId}
          panel={panel}
          onOpenChat={open}
          watchDesktop={watchDesktop}
        />
      )}
      <ChatDialogs deployment={deployment} />
    </div>
  )
}

interface NoAgentsProps {
  readonly deployment: Deployment
  readonly reason: 'none' | 'forbidden' | 'gateway_off'
  readonly onRetry: () => void
}

function NoAgents({ deployment, reason, onRetry }: NoAgentsProps) {
  const { name } = deployment
  const words: Readonly<
    Record<NoAgentsProps['reason'], { readonly title: string; readonly text: ReactNode }>
  > = {
    none: {
      title: `${name} has no agents`,
      text: 'Its version of Coder does not offer them, or they are switched off there. Ask an administrator, or switch to another deployment.',
    },
    forbidden: {
      title: `You may not use agents on ${name}`,
      text: 'An administrator can give you the role for it.',
    },
    gateway_off: {
      title: `The AI gateway of ${name} is off`,
      text: 'Agents reach their models through it. An administrator can switch it on.',
    },
  }
  return (
    <EmptyState
      icon={<SparkleIcon />}
      tone="warn"
      title={words[reason].title}
      actions={<Button onClick={onRetry}>Look again</Button>}
    >
      {words[reason].text}
    </EmptyState>
  )
}
