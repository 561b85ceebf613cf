import type { WorkspaceAgent } from '#bridge/contract/workspace-agents'
import type { Workspace } from '#bridge/contract/workspaces'
import type { Deployment } from '#ipc/deployments'
import { useApi } from '../../api/api-context.tsx'
import { errorWords } from '../../api/error-words.ts'
import {
  AppWindowIcon,
  BoxIcon,
  CodeXmlIcon,
  CopyIcon,
  FolderIcon,
  PlayIcon,
  PlugIcon,
  SquareIcon,
  TerminalIcon,
  UnplugIcon,
} from '../../ui/icons.tsx'
import type { MenuItem } from '../../ui/menu-item.ts'
import { toast } from '../../ui/toast-store.ts'
import { useEditorItems } from '../files/index.ts'
import { useWindowActions } from '../window/index.ts'
import {
  AppIcon,
  defaultAgent,
  isUsable,
  shownApps,
  useOpenApp,
  useWorkspaceCommands,
  workspaceActions,
  workspaceState,
} from '../workspaces/index.ts'

export interface WorkspaceItemsInput {
  readonly deployment: Deployment
  readonly onShowPorts: (() => void) | undefined
  readonly onDetach: (() => void) | undefined
}

/** What the menu of a chat's workspace offers: its state, and every way into it. */
export function useWorkspaceItems({ deployment, onShowPorts, onDetach }: WorkspaceItemsInput) {
  const actions = useWindowActions()
  const editorItems = useEditorItems()
  const { startItems, stopItems } = useStateItems(deployment.id)
  const appItems = useAppItems(deployment.id)
  const copySsh = useCopySsh(deployment.id)
  return (workspace: Workspace): readonly MenuItem[] => {
    const agent = defaultAgent(workspace)
    const hasShell = agent !== undefined && isUsable(agent)
    return [
      { kind: 'heading', label: workspaceState(workspace).label },
      ...startItems(workspace),
      {
        label: 'Open the workspace',
        icon: <BoxIcon />,
        onSelect: () => actions.goToWorkspace(deployment.id, workspace.id),
      },
      {
        label: 'Open a terminal',
        icon: <TerminalIcon />,
        disabled: !hasShell,
        onSelect: () => actions.openTerminal(deployment.id, workspace),
      },
      {
        label: 'Show its files',
        icon: <FolderIcon />,
        disabled: !hasShell,
        onSelect: () => actions.goToWorkspace(deployment.id, workspace.id, 'files'),
      },
      ...appItems(workspace),
      ...(onShowPorts === undefined
        ? []
        : [{ label: 'Apps and ports', icon: <PlugIcon />, onSelect: onShowPorts }]),
      ...(agent === undefined
        ? []
        : ([
            {
              kind: 'submenu',
              label: 'Open in',
              icon: <CodeXmlIcon />,
              disabled: !hasShell,
              items: editorItems({
                workspace,
                deploymentId: deployment.id,
                agentName: agent.name,
                folder: folderOf(agent),
              }),
            },
            {
              label: 'Copy the SSH command',
              icon: <CopyIcon />,
              onSelect: () => copySsh(workspace, agent),
            },
          ] as const)),
      ...stopItems(workspace),
      ...(onDetach === undefined
        ? []
        : ([
            { kind: 'separator' },
            { label: 'Detach from the chat', icon: <UnplugIcon />, onSelect: onDetach },
          ] as const)),
    ]
  }
}

/** Where an agent's shells begin, where that is known in full. */
function folderOf({ expanded_directory: folder = '' }: WorkspaceAgent): string | null {
  return folder.startsWith('/') ? folder : null
}

function useStateItems(deploymentId: string) {
  const commands = useWorkspaceCommands(deploymentId)
  return {
    startItems: (workspace: Workspace): readonly MenuItem[] =>
      workspaceActions(workspace).canStart
        ? [
            { label: 'Start', icon: <PlayIcon />, onSelect: () => void commands.start(workspace) },
            { kind: 'separator' },
          ]
        : [],
    /** At the end: the first line of a menu is what an Enter too many takes. */
    stopItems: (workspace: Workspace): readonly MenuItem[] =>
      workspaceActions(workspace).canStop
        ? [
            { kind: 'separator' },
            { label: 'Stop', icon: <SquareIcon />, onSelect: () => void commands.stop(workspace) },
          ]
        : [],
  }
}

/** More would not fit a menu; the tab of apps has all. */
const maxItems = 12

function useAppItems(deploymentId: string) {
  const openApp = useOpenApp(deploymentId)
  return (workspace: Workspace): readonly MenuItem[] => {
    const apps = shownApps(workspace).slice(0, maxItems)
    if (apps.length === 0) return []
    const items = apps.map((shown) => ({
      label: shown.name,
      icon: <AppIcon app={shown.app} />,
      disabled: shown.opens !== 'elsewhere' && !isUsable(shown.agent),
      onSelect: () => openApp.open(workspace, shown),
    }))
    return [{ kind: 'submenu', label: 'Open an app', icon: <AppWindowIcon />, items }]
  }
}

function useCopySsh(deploymentId: string) {
  const { client } = useApi()
  return (workspace: Workspace, agent: WorkspaceAgent): void => {
    const copy = async (): Promise<void> => {
      const { command } = await client.call('workspaces.sshCommand', {
        deploymentId,
        workspaceId: workspace.id,
        agentId: agent.id,
      })
      await client.call('app.copyText', { text: command })
      toast({ tone: 'ok', title: 'The SSH command is copied', detail: command })
    }
    copy().catch((error: unknown) =>
      toast({ tone: 'bad', title: 'The SSH command is not copied', detail: errorWords(error).message }),
    )
  }
}
