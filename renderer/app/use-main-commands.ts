import { useEffect } from 'react'
import type { AppCommand } from '#ipc/app'
import { useApi } from '../api/api-context.tsx'
import { errorWords } from '../api/error-words.ts'
import { useTerminals } from '../features/terminal/index.ts'
import { useWindowActions, type WindowActions } from '../features/window/index.ts'
import { toast } from '../ui/toast-store.ts'
import { setPaletteOpen } from '../lib/commands/command-store.ts'
import { firstWorkspace } from './first-workspace.ts'
import { reportError } from './report-errors.ts'

/** Carries out what the application menu, the tray and deep links ask of the window. */
export function useMainCommands(): void {
  const { client } = useApi()
  const actions = useWindowActions()
  const terminals = useTerminals()
  useEffect(() => {
    const run = (command: AppCommand): void => {
      switch (command.kind) {
        case 'open-workspace':
          actions.goToWorkspace(command.deploymentId, command.workspaceId)
          break
        case 'open-terminal':
          actions.goToWorkspace(command.deploymentId, command.workspaceId)
          firstWorkspace(client, command.deploymentId, command.workspaceId).then(
            (workspace) => actions.openTerminal(command.deploymentId, workspace),
            (error: unknown) => {
              toast({ tone: 'bad', title: 'The terminal is not opened', detail: errorWords(error).message })
            },
          )
          break
        case 'go':
          goTo(actions, command.page)
          break
        case 'toggle-terminal':
          terminals.setDrawerOpen(!terminals.store.getState().drawerOpen)
          break
        case 'command-palette':
          setPaletteOpen(true)
          break
        case 'add-deployment':
          actions.askAddDeployment()
      }
    }
    return client.subscribe(
      'app.watchCommands',
      {},
      {
        next: run,
        error: (error) => reportError(client, error, 'commands of the menu'),
        done: () => undefined,
      },
    )
  }, [client, actions, terminals])
}

function goTo(actions: WindowActions, page: (AppCommand & { kind: 'go' })['page']): void {
  if (page === 'settings') actions.goToSettings('general')
  else if (page === 'templates') actions.goToTemplates()
  else if (page === 'tunnels') actions.goToTunnels()
  else actions.goToWorkspaces()
}
