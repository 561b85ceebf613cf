import { useNavigate } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useApi } from '../api/api-context.tsx'
import { placeOf, useTerminals, type TerminalPlace, type Terminals } from '../features/terminal/index.ts'
import { agentsOf, defaultAgent } from '../features/workspaces/index.ts'
import type { WindowActions } from '../features/window/index.ts'
import { openLink } from './open-link.ts'
import { askAddDeployment, askNetwork, askSignIn } from './window-dialogs-store.ts'

/** The window's actions over router, dialogs, terminals and main. */
export function useActions(): WindowActions {
  const navigate = useNavigate()
  const terminals = useTerminals()
  const { client } = useApi()
  return useMemo(
    (): WindowActions => ({
      goToWorkspaces: () => void navigate({ to: '/workspaces' }),
      goToWorkspace: (deploymentId, workspaceId, tab = 'overview') =>
        void navigate({
          to: '/workspaces/$deploymentId/$workspaceId',
          params: { deploymentId, workspaceId },
          search: { tab },
        }),
      goToAgents: () => void navigate({ to: '/agents' }),
      goToChat: (deploymentId, chatId) =>
        void navigate({ to: '/agents/$deploymentId/$chatId', params: { deploymentId, chatId } }),
      goToModels: () => void navigate({ to: '/settings/$section', params: { section: 'models' } }),
      goToTemplates: () => void navigate({ to: '/templates' }),
      goToTemplate: (templateId) => void navigate({ to: '/templates/$templateId', params: { templateId } }),
      goToCreate: (templateId) => void navigate({ to: '/templates/$templateId/new', params: { templateId } }),
      goToTunnels: () => void navigate({ to: '/tunnels' }),
      goToDiagnostics: () => void navigate({ to: '/diagnostics' }),
      goToSettings: (section) => void navigate({ to: '/settings/$section', params: { section } }),
      openTerminal: (deploymentId, workspace, agentId, run) => {
        const agents = agentsOf(workspace.latest_build)
        const agent = agents.find(({ id }) => id === agentId) ?? defaultAgent(workspace)
        if (!agent) return
        const place = placeOf(deploymentId, workspace, agent)
        if (run) terminals.open(place, true, run)
        else showTerminal(terminals, place)
      },
      askSignIn,
      askNetwork,
      askAddDeployment,
      openLink: (url, source) => openLink(client, url, source),
    }),
    [navigate, terminals, client],
  )
}

/** Brings an open terminal of that agent to the front; a new one when there is none, or when it is in front already. */
function showTerminal(terminals: Terminals, place: TerminalPlace): void {
  const { tabs, activeKey, drawerOpen } = terminals.store.getState()
  const own = tabs.filter(
    ({ agentId, deploymentId }) => agentId === place.agentId && deploymentId === place.deploymentId,
  )
  const [first] = own
  const isInFront = drawerOpen && own.some(({ key }) => key === activeKey)
  if (!first || isInFront) {
    terminals.open(place, true)
    return
  }
  terminals.activate(own.some(({ key }) => key === activeKey) ? (activeKey ?? first.key) : first.key)
  terminals.setDrawerOpen(true)
}
