import { lazy, Suspense } from 'react'
import { useDebugLogging } from '../features/chat-debug/index.ts'
import { AgentsPage, type AgentsPageProps } from '../features/chats/agents-page.tsx'
import type { WatchDesktop } from '../features/chats/use-desktops-of-agents.ts'
import { SkeletonRows } from '../ui/skeleton.tsx'
import { chatPanelSlots, panelSlotsWithDebug } from './chat-panel-slots.tsx'

const WatchedDesktop = lazy(async () => ({
  default: (await import('../features/desktop/watched-desktop.tsx')).WatchedDesktop,
}))

const watchDesktop: WatchDesktop = (agent) => (
  <Suspense fallback={<SkeletonRows rows={2} label="Loading the desktop" />}>
    <WatchedDesktop key={agent.chatId} {...agent} />
  </Suspense>
)

/** The page of agents with all that lies beside a chat. */
export function AgentsWithPanel(props: Omit<AgentsPageProps, 'panel'>) {
  const { deployment } = props
  const { data } = useDebugLogging(deployment.id)
  // Who may not have it is not shown that there is such a thing.
  const hasDebug = data?.debug_logging_enabled === true || data?.user_toggle_allowed === true
  const panel = hasDebug ? panelSlotsWithDebug : chatPanelSlots
  return <AgentsPage {...props} panel={panel} watchDesktop={watchDesktop} />
}
