import { useRead } from '../api/use-call.ts'
import { useSubscription } from '../api/use-subscription.ts'
import { chatGroup, chatMark, chatTitle, useLatestChats } from '../features/chats/index.ts'
import { useDeployments } from '../features/deployments/index.ts'
import { useTunnels } from '../features/tunnels/index.ts'
import { useWindowActions } from '../features/window/index.ts'
import { StopsIn, stopPlan, workspaceState } from '../features/workspaces/index.ts'
import { BoxIcon, LayersIcon, PlugIcon, SlidersHorizontalIcon, SparkleIcon } from '../ui/icons.tsx'
import type { RailItem, RailSection } from './frame/rail.tsx'

export interface ShellRail {
  readonly items: readonly RailItem[]
  readonly sections: readonly RailSection[]
  readonly foot: readonly RailItem[]
}

/** Chats at work or waiting, in the rail. The list has all of them. */
const shownChats = 6

/** The rail with counts, and the favourite workspaces of the shown deployment pinned below. */
export function useRail(pathname: string): ShellRail {
  const actions = useWindowActions()
  const { active } = useDeployments()
  const asked = active ? { deploymentId: active.id } : undefined
  const { data: list } = useSubscription('workspaces.watchList', asked ? { ...asked, q: '' } : undefined)
  const { data: templates } = useRead('templates.list', asked)
  const { data: tunnels } = useTunnels()
  const { data: latest } = useLatestChats(active?.id)
  const chats = (latest?.chats ?? []).filter((chat) => ['waiting', 'working'].includes(chatGroup(chat)))
  const waiting = chats.filter((chat) => chatGroup(chat) === 'waiting')
  const running = [...waiting, ...chats.filter((chat) => chatGroup(chat) === 'working')].slice(0, shownChats)
  const pinned = (list?.workspaces ?? []).filter(({ favorite }) => favorite)
  return {
    items: [
      {
        id: 'workspaces',
        label: 'Workspaces',
        icon: <BoxIcon />,
        detail: list?.count,
        active: pathname === '/workspaces' || isUnpinned(pathname, pinned),
        href: '#/workspaces',
        onSelect: actions.goToWorkspaces,
      },
      {
        id: 'agents',
        label: 'Agents',
        icon: <SparkleIcon />,
        attention: waiting.length,
        active: pathname.startsWith('/agents'),
        href: '#/agents',
        onSelect: actions.goToAgents,
      },
      {
        id: 'templates',
        label: 'Templates',
        icon: <LayersIcon />,
        detail: templates?.length,
        active: pathname.startsWith('/templates'),
        href: '#/templates',
        onSelect: actions.goToTemplates,
      },
      {
        id: 'tunnels',
        label: 'Tunnels',
        icon: <PlugIcon />,
        detail: tunnels?.tunnels.length === 0 ? undefined : tunnels?.tunnels.length,
        active: pathname === '/tunnels',
        href: '#/tunnels',
        onSelect: actions.goToTunnels,
      },
    ],
    sections: [
      {
        title: 'Pinned',
        items: pinned.map((workspace) => {
          const plan = stopPlan(workspace)
          const path = `/workspaces/${active?.id ?? ''}/${workspace.id}`
          return {
            id: workspace.id,
            label: workspace.name,
            status: workspaceState(workspace).status,
            detail: plan.kind === 'stops' ? <StopsIn at={plan.at} /> : undefined,
            active: pathname === path,
            href: `#${path}`,
            onSelect: () => actions.goToWorkspace(active?.id ?? '', workspace.id),
          }
        }),
      },
      {
        title: 'Chats',
        items: running.map((chat) => {
          const path = `/agents/${active?.id ?? ''}/${chat.id}`
          return {
            id: chat.id,
            label: chatTitle(chat),
            status: chatMark(chat).status,
            active: pathname === path,
            href: `#${path}`,
            onSelect: () => actions.goToChat(active?.id ?? '', chat.id),
          }
        }),
      },
    ],
    foot: [
      {
        id: 'settings',
        label: 'Settings',
        icon: <SlidersHorizontalIcon />,
        active: pathname.startsWith('/settings'),
        href: '#/settings/general',
        onSelect: () => actions.goToSettings('general'),
      },
    ],
  }
}

/** A workspace page that no pinned entry stands for belongs to the list. */
function isUnpinned(pathname: string, pinned: readonly { readonly id: string }[]): boolean {
  return pathname.startsWith('/workspaces/') && !pinned.some(({ id }) => pathname.endsWith(`/${id}`))
}
