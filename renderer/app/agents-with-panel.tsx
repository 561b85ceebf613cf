import { AgentsPage, type AgentsPageProps } from '../features/chats/agents-page.tsx'
import { chatPanelSlots } from './chat-panel-slots.tsx'

/** The page of agents with all that lies beside a chat. */
export function AgentsWithPanel(props: Omit<AgentsPageProps, 'panel'>) {
  return <AgentsPage {...props} panel={chatPanelSlots} />
}
