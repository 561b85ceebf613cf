import { createContext, useContext, type ReactNode } from 'react'
import type { Workspace } from '#bridge/contract/workspaces'

export type SettingsSection =
  'general' | 'deployments' | 'models' | 'agents' | 'mcp-servers' | 'dictation' | 'keychain' | 'about'
export type WorkspaceTab = 'overview' | 'terminal' | 'files' | 'logs'

/** What a page can ask of the window around it: other pages, dialogs, the terminal drawer, links. */
export interface WindowActions {
  readonly goToWorkspaces: () => void
  readonly goToWorkspace: (deploymentId: string, workspaceId: string, tab?: WorkspaceTab) => void
  /** A new chat with an agent, and the list of chats. */
  readonly goToAgents: () => void
  readonly goToChat: (deploymentId: string, chatId: string) => void
  /** Where an administrator sets up models for agents. */
  readonly goToModels: () => void
  readonly goToTemplates: () => void
  readonly goToTemplate: (templateId: string) => void
  readonly goToCreate: (templateId: string) => void
  readonly goToTunnels: () => void
  readonly goToDiagnostics: () => void
  readonly goToSettings: (section: SettingsSection) => void
  /** Opens a new terminal in the drawer, on the given agent or the workspace's first usable one. */
  /** With `run` a new one that runs it, called by that name. */
  readonly openTerminal: (
    deploymentId: string,
    workspace: Workspace,
    agentId?: string,
    run?: { readonly name: string; readonly command: string },
  ) => void
  readonly askSignIn: (deploymentId: string) => void
  /** Shows how a deployment is reached, to be changed. */
  readonly askNetwork: (deploymentId: string) => void
  readonly askAddDeployment: () => void
  /** Through the app's one gate. `content`: the link was written by somebody else. */
  readonly openLink: (url: string, source: 'app' | 'content') => void
}

const WindowActionsContext = createContext<WindowActions | undefined>(undefined)

export function WindowActionsProvider(props: {
  readonly actions: WindowActions
  readonly children: ReactNode
}) {
  return <WindowActionsContext value={props.actions}>{props.children}</WindowActionsContext>
}

/** The window's own actions. */
export function useWindowActions(): WindowActions {
  const actions = useContext(WindowActionsContext)
  if (!actions) throw new Error('useWindowActions needs a WindowActionsProvider above it')
  return actions
}
