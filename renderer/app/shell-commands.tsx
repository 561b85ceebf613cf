import type { Settings } from '#ipc/settings'
import type { Deployment } from '#ipc/deployments'
import type { Workspace } from '#bridge/contract/workspaces'
import { useRead } from '../api/use-call.ts'
import { useSubscription } from '../api/use-subscription.ts'
import { chatMark, chatTitle, useLatestChats } from '../features/chats/index.ts'
import { deploymentState, useDeployments } from '../features/deployments/index.ts'
import { useUpdateSettings } from '../features/settings/index.ts'
import { useWindowActions, type WindowActions } from '../features/window/index.ts'
import {
  defaultAgent,
  isUsable,
  useWorkspaceCommands,
  workspaceActions,
  workspaceState,
  type WorkspaceCommands,
} from '../features/workspaces/index.ts'
import {
  ActivityIcon,
  BoxIcon,
  LayersIcon,
  MoonIcon,
  PlayIcon,
  PlugIcon,
  PlusIcon,
  ServerIcon,
  SlidersHorizontalIcon,
  SparkleIcon,
  SquareIcon,
  TerminalIcon,
} from '../ui/icons.tsx'
import { StatusMark } from '../ui/status-mark.tsx'
import { useCommands, type Command } from '../lib/commands/command-store.ts'
import { useSwitchDeployment } from './shell-switcher.tsx'
import { useTerminalCommands } from './terminal-commands.tsx'

/** Everything the palette knows about this window; renders nothing. */
export function ShellCommands() {
  useCommands(usePageCommands())
  useCommands(useTerminalCommands())
  useCommands(useDeploymentCommands())
  const { active } = useDeployments()
  return active ? <DeploymentCommands deployment={active} /> : null
}

function usePageCommands(): readonly Command[] {
  const actions = useWindowActions()
  const update = useUpdateSettings()
  const theme = (value: Settings['theme'], word: string): Command => ({
    id: `theme.${value}`,
    title: `Theme: ${word}`,
    group: 'View',
    icon: <MoonIcon />,
    keywords: 'appearance colours dark light contrast',
    run: () => update({ theme: value }),
  })
  return [
    {
      id: 'go.workspaces',
      title: 'Workspaces',
      group: 'Go to',
      icon: <BoxIcon />,
      run: actions.goToWorkspaces,
    },
    {
      id: 'go.agents',
      title: 'Agents',
      group: 'Go to',
      icon: <SparkleIcon />,
      keywords: 'chats models ai',
      run: actions.goToAgents,
    },
    {
      id: 'go.templates',
      title: 'Templates',
      group: 'Go to',
      icon: <LayersIcon />,
      run: actions.goToTemplates,
    },
    {
      id: 'go.tunnels',
      title: 'Tunnels',
      group: 'Go to',
      icon: <PlugIcon />,
      keywords: 'port forward socks proxy',
      run: actions.goToTunnels,
    },
    {
      id: 'go.settings',
      title: 'Settings',
      group: 'Go to',
      icon: <SlidersHorizontalIcon />,
      keys: 'Mod+,',
      run: () => actions.goToSettings('general'),
    },
    {
      id: 'go.about',
      title: 'About Outpost and its logs',
      group: 'Go to',
      icon: <SlidersHorizontalIcon />,
      run: () => actions.goToSettings('about'),
    },
    {
      id: 'go.diagnostics',
      title: 'Diagnostics',
      group: 'Go to',
      icon: <ActivityIcon />,
      keywords: 'connection latency ping speed checks netcheck timeline support bundle',
      run: actions.goToDiagnostics,
    },
    {
      id: 'chat.new',
      title: 'New agent',
      group: 'Actions',
      icon: <PlusIcon />,
      keywords: 'chat task model ai',
      keys: 'Mod+N',
      run: actions.goToAgents,
    },
    {
      id: 'workspace.new',
      title: 'New workspace',
      group: 'Actions',
      icon: <PlusIcon />,
      keywords: 'create template',
      run: actions.goToTemplates,
    },
    theme('system', 'as the system'),
    theme('light', 'light'),
    theme('dark', 'dark'),
    theme('high-contrast', 'high contrast'),
  ]
}

function useDeploymentCommands(): readonly Command[] {
  const { deployments, active } = useDeployments()
  const actions = useWindowActions()
  const switchTo = useSwitchDeployment()
  return [
    {
      id: 'deployment.add',
      title: 'Add deployment…',
      group: 'Deployments',
      icon: <PlusIcon />,
      run: actions.askAddDeployment,
    },
    ...deployments
      .filter(({ id }) => id !== active?.id)
      .map((deployment) => ({
        id: `deployment.switch:${deployment.id}`,
        title: `Switch to ${deployment.name}`,
        group: 'Deployments',
        icon: <ServerIcon />,
        detail: deploymentState(deployment.state).label,
        run: () => switchTo(deployment.id),
      })),
  ]
}

/** What can be done on the shown deployment: its workspaces and its templates. */
function DeploymentCommands({ deployment }: { readonly deployment: Deployment }) {
  const actions = useWindowActions()
  const commands = useWorkspaceCommands(deployment.id)
  const { data: list } = useSubscription('workspaces.watchList', { deploymentId: deployment.id, q: '' })
  const { data: templates } = useRead('templates.list', { deploymentId: deployment.id })
  const { data: chats } = useLatestChats(deployment.id)
  useCommands([
    ...(chats?.chats ?? []).map((chat) => ({
      id: `chat.open:${chat.id}`,
      title: chatTitle(chat),
      group: 'Agents',
      icon: (
        <span className="grid size-4 place-items-center">
          <StatusMark {...chatMark(chat)} hideLabel />
        </span>
      ),
      detail: chatMark(chat).label,
      run: () => actions.goToChat(deployment.id, chat.id),
    })),
    ...(list?.workspaces ?? []).flatMap((workspace) =>
      commandsOf({ deploymentId: deployment.id, workspace, actions, commands }),
    ),
    ...(templates ?? []).map((template) => ({
      id: `template.create:${template.id}`,
      title: `New workspace from ${template.display_name || template.name}`,
      group: 'Templates',
      icon: <LayersIcon />,
      run: () => actions.goToCreate(template.id),
    })),
  ])
  return null
}

interface CommandsOfDeps {
  readonly deploymentId: string
  readonly workspace: Workspace
  readonly actions: WindowActions
  readonly commands: WorkspaceCommands
}

function commandsOf({ deploymentId, workspace, actions, commands }: CommandsOfDeps): readonly Command[] {
  const { id, name } = workspace
  const state = workspaceState(workspace)
  const { canStart, canStop } = workspaceActions(workspace)
  const agent = defaultAgent(workspace)
  const open: Command = {
    id: `workspace.open:${id}`,
    title: name,
    group: 'Workspaces',
    icon: (
      <span className="grid size-4 place-items-center">
        <StatusMark {...state} hideLabel />
      </span>
    ),
    detail: `${workspace.template_display_name || workspace.template_name}, ${state.label.toLowerCase()}`,
    run: () => actions.goToWorkspace(deploymentId, id),
  }
  const shared = { group: 'Actions' }
  return [
    open,
    ...(agent && isUsable(agent)
      ? [
          {
            ...shared,
            id: `workspace.terminal:${id}`,
            title: `Open a terminal on ${name}`,
            icon: <TerminalIcon />,
            run: () => actions.openTerminal(deploymentId, workspace),
          },
        ]
      : []),
    ...(canStart
      ? [
          {
            ...shared,
            id: `workspace.start:${id}`,
            title: `Start ${name}`,
            icon: <PlayIcon />,
            run: () => void commands.start(workspace),
          },
        ]
      : []),
    ...(canStop
      ? [
          {
            ...shared,
            id: `workspace.stop:${id}`,
            title: `Stop ${name}`,
            icon: <SquareIcon />,
            run: () => void commands.stop(workspace),
          },
        ]
      : []),
  ]
}
