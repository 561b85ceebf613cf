/** What the tray menu shows, as a pure function of what the app knows. The shell only draws it. */
import type { Chat } from '#bridge/contract/chats'
import type { WorkspaceStatus } from '#bridge/contract/workspace-builds'
import type { Workspace } from '#bridge/contract/workspaces'
import type { Deployment, DeploymentState } from '#ipc/deployments'
import type { KeychainState } from '#ipc/keychain'
import type { TunnelView } from '#ipc/tunnels'
import type { TrayIconState, TrayItem, TrayModel } from '../../ports/tray.ts'
import { menuText } from './menu-text.ts'
import { trayAction } from './tray-action.ts'

export interface TrayState {
  readonly deployments: readonly TrayDeployment[]
  readonly activeId: string
  readonly keychain: KeychainState
  readonly tunnels: readonly TrayTunnel[]
  /** At work or waiting for the user. */
  readonly chats: readonly TrayChat[]
}

export interface TrayChat {
  readonly deploymentId: string
  readonly chat: Pick<Chat, 'id' | 'title' | 'status' | 'queued_for_capacity'>
}

export type TrayTunnel = Pick<TunnelView, 'id' | 'workspaceName' | 'title' | 'enabled' | 'connection'>

export interface TrayDeployment {
  readonly deployment: Deployment
  /** `undefined` until the first answer. */
  readonly workspaces: readonly Workspace[] | undefined
}

/** More would make a menu that does not fit the screen; the window has the rest. */
const MAX_WORKSPACES = 12
const MAX_TUNNELS = 20
const MAX_CHATS = 10

/** The menu for a state. The active deployment comes first. */
export function trayModel(state: TrayState): TrayModel {
  const ordered = [...state.deployments].sort(
    (a, b) => Number(b.deployment.id === state.activeId) - Number(a.deployment.id === state.activeId),
  )
  const items: TrayItem[] = ordered.flatMap((entry) => [
    ...deploymentItems(entry),
    { kind: 'separator' as const },
  ])
  if (state.chats.length > 0) items.push(...chatItems(state.chats), { kind: 'separator' })
  if (state.tunnels.length > 0) items.push(tunnelsItem(state.tunnels), { kind: 'separator' })
  if (state.keychain.kind === 'locked') {
    items.push({ kind: 'heading', label: 'The keychain is locked' }, { kind: 'separator' })
  }
  items.push(
    { kind: 'action', id: trayAction({ kind: 'open' }), label: 'Open Outpost', enabled: true },
    { kind: 'action', id: trayAction({ kind: 'quit' }), label: 'Quit', enabled: true },
  )
  return { icon: iconFor(state), tooltip: tooltipFor(state), items }
}

function deploymentItems({ deployment, workspaces }: TrayDeployment): TrayItem[] {
  const name = menuText(deployment.name)
  const heading: TrayItem = { kind: 'heading', label: `${name}: ${stateWords(deployment.state)}` }
  if (
    deployment.state.kind === 'signed_out' ||
    deployment.state.kind === 'locked' ||
    deployment.state.kind === 'failed'
  ) {
    return [heading]
  }
  if (workspaces === undefined) return [heading]
  if (workspaces.length === 0) return [heading, { kind: 'heading', label: 'No workspaces yet' }]
  const live = deployment.state.kind === 'connected'
  const shown = workspaces.slice(0, MAX_WORKSPACES)
  const items = [heading, ...shown.map((workspace) => workspaceItem(deployment.id, workspace, live))]
  if (workspaces.length > shown.length) {
    const more = workspaces.length - shown.length
    const id = trayAction({ kind: 'more', deploymentId: deployment.id })
    items.push({ kind: 'action', id, label: `${more} more`, enabled: true })
  }
  const terminals = shown.filter((workspace) => live && hasTerminal(workspace))
  if (terminals.length > 0) {
    items.push({
      kind: 'submenu',
      label: 'Open terminal',
      items: terminals.map((workspace) => ({
        kind: 'action',
        id: trayAction({ kind: 'terminal', deploymentId: deployment.id, workspaceId: workspace.id }),
        label: menuText(workspace.name),
        enabled: true,
      })),
    })
  }
  return items
}

/** Those that wait for the user first. */
function chatItems(chats: readonly TrayChat[]): TrayItem[] {
  const waiting = chats.filter(({ chat }) => chat.status === 'requires_action')
  const working = chats.filter(({ chat }) => chat.status !== 'requires_action')
  return [...waiting, ...working].slice(0, MAX_CHATS).map(({ deploymentId, chat }) => ({
    kind: 'action',
    id: trayAction({ kind: 'chat', deploymentId, chatId: chat.id }),
    label: `${menuText(chat.title)}: ${chatWords(chat)}`,
    enabled: true,
  }))
}

function chatWords({ status, queued_for_capacity: isQueued }: TrayChat['chat']): string {
  if (status === 'requires_action') return 'waits for you'
  return isQueued === true && status === 'running' ? 'waits for capacity' : 'at work'
}

function tunnelsItem(tunnels: readonly TrayTunnel[]): TrayItem {
  const shown = tunnels.slice(0, MAX_TUNNELS)
  return {
    kind: 'submenu',
    label: 'Tunnels',
    items: shown.map(({ id, title, workspaceName, enabled, connection }) => ({
      kind: 'toggle',
      id: trayAction({ kind: 'tunnel', tunnelId: id, enabled: !enabled }),
      label: menuText(`${workspaceName}, ${title}: ${tunnelWords[connection.kind]}`),
      checked: enabled,
      enabled: true,
    })),
  }
}

const tunnelWords: Record<TunnelView['connection']['kind'], string> = {
  off: 'off',
  connecting: 'connecting',
  waiting: 'waiting',
  open: 'open',
  failed: 'not open',
}

function workspaceItem(deploymentId: string, workspace: Workspace, live: boolean): TrayItem {
  const { status } = workspace.latest_build
  const transition = possibleTransition(status)
  return {
    kind: 'toggle',
    id: trayAction({
      kind: transition ?? 'show',
      deploymentId,
      workspaceId: workspace.id,
    }),
    label: `${menuText(workspace.name)}: ${statusWords(status)}`,
    checked:
      status === 'running' ||
      status === 'starting' ||
      (status === 'pending' && workspace.latest_build.transition === 'start'),
    enabled: live && transition !== undefined,
  }
}

function possibleTransition(status: WorkspaceStatus): 'start' | 'stop' | undefined {
  switch (status) {
    case 'running':
      return 'stop'
    case 'stopped':
    case 'failed':
    case 'canceled':
      return 'start'
    default:
      return undefined
  }
}

function hasTerminal(workspace: Workspace): boolean {
  return workspace.latest_build.resources
    .flatMap((resource) => resource.agents ?? [])
    .some((agent) => agent.status === 'connected')
}

function statusWords(status: WorkspaceStatus): string {
  switch (status) {
    case 'pending':
      return 'waiting to start'
    case 'failed':
      return 'build failed'
    case 'canceling':
      return 'cancelling'
    case 'canceled':
      return 'build cancelled'
    default:
      return menuText(status)
  }
}

function stateWords(state: DeploymentState): string {
  switch (state.kind) {
    case 'connecting':
      return 'connecting'
    case 'connected':
      return 'connected'
    case 'unreachable':
      return 'not reachable'
    case 'signed_out':
      return 'signed out'
    case 'locked':
      return 'the keychain is locked'
    case 'failed':
      return 'not running'
  }
}

function iconFor({ deployments, chats }: TrayState): TrayIconState {
  const states = deployments.map(({ deployment }) => deployment.state.kind)
  const isAsked = chats.some(({ chat }) => chat.status === 'requires_action')
  if (isAsked || states.includes('signed_out') || states.includes('locked')) return 'attention'
  if (!states.includes('connected')) return 'offline'
  const running = deployments.some(
    ({ deployment, workspaces = [] }) => deployment.state.kind === 'connected' && workspaces.some(isOn),
  )
  return running ? 'active' : 'idle'
}

function isOn(workspace: Workspace): boolean {
  return workspace.latest_build.status === 'running' || workspace.latest_build.status === 'starting'
}

function tooltipFor({ deployments }: TrayState): string {
  const running = deployments
    .flatMap(({ workspaces = [] }) => workspaces)
    .filter((one) => one.latest_build.status === 'running')
  if (running.length === 0) return 'Outpost'
  return running.length === 1
    ? 'Outpost: 1 workspace is running'
    : `Outpost: ${running.length} workspaces are running`
}
