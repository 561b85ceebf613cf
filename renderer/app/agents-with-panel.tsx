import { useDebugLogging } from '../features/chat-debug/index.ts'
import { AgentsPage, type AgentsPageProps } from '../features/chats/agents-page.tsx'
import { chatPanelSlots, panelSlotsWithDebug } from './chat-panel-slots.tsx'

/** The page of agents with all that lies beside a chat. */
export function AgentsWithPanel(props: Omit<AgentsPageProps, 'panel'>) {
  const { deployment } = props
  const { data } = useDebugLogging(deployment.id)
  // Who may not have it is not shown that there is such a thing.
  const hasDebug = data?.debug_logging_enabled === true || data?.user_toggle_allowed === true
  const panel = hasDebug ? panelSlotsWithDebug : chatPanelSlots
  return <AgentsPage {...props} panel={panel} />
}
