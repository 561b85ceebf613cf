import { useEffect } from 'react'
import type { AppCommand } from '#ipc/app'
import { useApi } from '../api/api-context.tsx'
import { errorWords } from '../api/error-words.ts'
import { useTerminals } from '../features/terminal/index.ts'
import { useWindowActions } from '../features/window/index.ts'
import { toast } from '../ui/toast-store.ts'
import { setPaletteOpen } from '../lib/commands/command-store.ts'
import { firstWorkspace } from './first-workspace.ts'

/** Carries out what the application menu, the tray and deep links ask of the window. */
export function useMainCommands(): void {
  const { client } = useApi()
  const actions = useWindowActions()
  const terminals = useTerminals()
  useEffect(() => {
    const run = (command: AppCommand): void => {
      switch (command.kind) {
        case 'open-workspace':
          return actions.goToWorkspace(command.deploymentId, command.workspaceId)
        case 'open-terminal':
          actions.goToWorkspace(command.deploymentId, command.workspaceId)
          firstWorkspace(client, command.deploymentId, command.workspaceId).then(
            (workspace) => actions.openTerminal(command.deploymentId, workspace),
            (error: unknown) => {
              toast({ tone: 'bad', title: 'The terminal is not opened', detail: errorWords(error).message })
            },
          )
          return undefined
        case 'go':
          if (command.page === 'settings') return actions.goToSettings('general')
          return command.page === 'templates' ? actions.goToTemplates() : actions.goToWorkspaces()
        case 'toggle-terminal':
          return terminals.setDrawerOpen(!terminals.store.getState().drawerOpen)
        case 'command-palette':
          return setPaletteOpen(true)
        case 'add-deployment':
          return actions.askAddDeployment()
      }
    }
    return client.subscribe(
      'app.watchCommands',
      {},
      { next: run, error: () => undefined, done: () => undefined },
    )
  }, [client, actions, terminals])
}
