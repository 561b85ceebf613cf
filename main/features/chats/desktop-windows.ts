/** Windows of chats' desktops: opened by the user, and closed with the session they look by. */
import { chatsRoutes } from '#bridge/contract/chats'
import { maxDesktopWindows } from '#ipc/desktop-windows'
import type { Contract } from '#ipc/contract'
import { createLiveValue, streamLatest } from '../../lib/live-value.ts'
import { ProcedureError } from '../../lib/procedure-error.ts'
import type { DesktopPage, Windows } from '../../ports/windows.ts'
import type { FeatureHandlers } from '../../rpc/procedure-handlers.ts'
import type { Deployments } from '../deployments/deployments.ts'

type Target = Omit<DesktopPage, 'kind'>

export interface DesktopWindowsDeps {
  readonly windows: Pick<Windows, 'showDesktop' | 'closeDesktop' | 'desktops' | 'onDesktopsChange'>
  readonly deployments: Pick<Deployments, 'view' | 'connection'>
  readonly startWorkspace: (target: {
    readonly deploymentId: string
    readonly workspaceId: string
  }) => Promise<unknown>
  readonly openChat: (deploymentId: string, chatId: string) => void
}

export interface DesktopWindows {
  readonly handlers: FeatureHandlers<Contract['desktopWindows']>
  /** For a link that was agreed to: the window, or the chat itself where nobody is signed in. */
  open(deploymentId: string, chatId: string): void
  /** From now on windows close with their sessions. */
  start(): () => void
}

export function createDesktopWindows(deps: DesktopWindowsDeps): DesktopWindows {
  const { windows, deployments } = deps
  const stateOf = (id: string) => deployments.view.get().deployments.find((one) => one.id === id)
  const show = ({ deploymentId, chatId }: Target): void => {
    const page = { kind: 'desktop', deploymentId, chatId } as const
    const isOpen = windows.desktops().some((open) => isSame(open, page))
    if (!isOpen && windows.desktops().length >= maxDesktopWindows)
      throw new ProcedureError('too_many', 'Too many desktops have windows of their own. Close one first.')
    windows.showDesktop(page)
  }
  return {
    handlers: {
      async *watch(_, { signal }) {
        const open = createLiveValue(windows.desktops())
        const stop = windows.onDesktopsChange(() => open.set(windows.desktops()))
        try {
          for await (const pages of streamLatest(open, signal))
            yield { open: pages.map(({ deploymentId, chatId }) => ({ deploymentId, chatId })) }
        } finally {
          stop()
        }
      },
      async show(target) {
        // Refused where it is in no list.
        deployments.connection(target.deploymentId)
        show(target)
        return null
      },
      async close(target) {
        windows.closeDesktop({ kind: 'desktop', ...target })
        return null
      },
      async *watchPlace({ deploymentId }, { signal }) {
        for await (const _ of streamLatest(deployments.view, signal)) {
          const found = stateOf(deploymentId)
          if (found !== undefined) yield { deploymentName: found.name, userId: found.user?.id ?? null }
        }
      },
      async startWorkspace({ deploymentId, chatId }, { signal }) {
        const { workspace_id: workspaceId } = await deployments
          .connection(deploymentId)
          .call((client) => client.call(chatsRoutes.get, { params: { chat: chatId } }, { signal }))
        if (workspaceId === undefined) throw new ProcedureError('no_workspace', 'This chat has no workspace.')
        await deps.startWorkspace({ deploymentId, workspaceId })
        return null
      },
      async showChat({ deploymentId, chatId }) {
        deps.openChat(deploymentId, chatId)
        return null
      },
    },
    open(deploymentId, chatId) {
      const isHere = stateOf(deploymentId)?.state.kind !== 'signed_out'
      if (isHere && windows.desktops().length < maxDesktopWindows) show({ deploymentId, chatId })
      else deps.openChat(deploymentId, chatId)
    },
    start() {
      /** Who looked, by deployment: a desktop is not for who signs in next. */
      const users = new Map<string, string>()
      const look = (): void => {
        for (const page of windows.desktops()) {
          const found = stateOf(page.deploymentId)
          if (found === undefined || found.state.kind === 'signed_out' || isOther(users, found))
            windows.closeDesktop(page)
        }
        for (const { id, user } of deployments.view.get().deployments)
          if (user !== null) users.set(id, user.id)
      }
      look()
      return deployments.view.onChange(look)
    },
  }
}

function isSame(a: Target, b: Target): boolean {
  return a.deploymentId === b.deploymentId && a.chatId === b.chatId
}

function isOther(
  users: ReadonlyMap<string, string>,
  { id, user }: { readonly id: string; readonly user: { readonly id: string } | null },
): boolean {
  const before = users.get(id)
  return before !== undefined && user !== null && user.id !== before
}
