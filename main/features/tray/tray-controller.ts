/** Keeps the tray showing what is, and does what is clicked in it. */
import type { Chat } from '#bridge/contract/chats'
import type { Logger } from '#bridge/lib/logger'
import { toError } from '#bridge/lib/to-error'
import type { AppCommand } from '#ipc/app'
import type { LiveValue } from '../../lib/live-value.ts'
import { ProcedureError } from '../../lib/procedure-error.ts'
import type { Desktop } from '../../ports/desktop.ts'
import type { Tray, TrayModel } from '../../ports/tray.ts'
import type { Windows } from '../../ports/windows.ts'
import type { Deployments } from '../deployments/deployments.ts'
import type { Keychain } from '../keychain/keychain.ts'
import type { Tunnels } from '../tunnels/tunnels.ts'
import type { WorkspaceChanges } from '../workspaces/workspace-changes.ts'
import type { OpenList, WorkspaceLists } from '../workspaces/workspace-lists.ts'
import { parseTrayAction, type TrayAction } from './tray-action.ts'
import { trayModel, type TrayDeployment } from './tray-model.ts'

export interface TrayControllerDeps {
  readonly tray: Tray
  readonly windows: Pick<Windows, 'show'>
  readonly desktop: Pick<Desktop, 'notify' | 'quit'>
  readonly deployments: Deployments
  readonly keychain: Pick<Keychain, 'state'>
  readonly lists: WorkspaceLists
  readonly changes: WorkspaceChanges
  readonly tunnels: Pick<Tunnels, 'views' | 'setEnabled'>
  /** At work or waiting for the user, by deployment. */
  readonly chats: LiveValue<ReadonlyMap<string, readonly Chat[]>>
  readonly command: (command: AppCommand) => void
  readonly logger: Logger
}

/** The user's own workspaces: an admin of a big deployment would see hundreds otherwise. */
const MINE = 'owner:me'

interface Followed {
  readonly list: OpenList
  readonly stop: () => void
}

/** Starts to draw the tray; the returned function ends it. */
export function startTray(deps: TrayControllerDeps): () => void {
  const { deployments, keychain, lists, tray } = deps
  const followed = new Map<string, Followed>()
  let drawn: string | undefined
  let scheduled = false
  let closed = false

  const workspacesOf = (deploymentId: string): TrayDeployment['workspaces'] => {
    const state = followed.get(deploymentId)?.list.state.get()
    return state?.kind === 'loaded' ? state.answer.workspaces : undefined
  }
  const model = (): TrayModel => {
    const view = deployments.view.get()
    return trayModel({
      activeId: view.activeId,
      keychain: keychain.state.get(),
      tunnels: deps.tunnels.views.get(),
      chats: [...deps.chats.get()].flatMap(([deploymentId, chats]) =>
        chats.map((chat) => ({ deploymentId, chat })),
      ),
      deployments: view.deployments.map((deployment) => ({
        deployment,
        workspaces: workspacesOf(deployment.id),
      })),
    })
  }
  const draw = (): void => {
    scheduled = false
    if (closed) return
    const next = model()
    const text = JSON.stringify(next)
    if (text === drawn) return
    drawn = text
    tray.update(next)
  }
  // Several values change in one turn; Linux flickers when its menu is replaced more often than needed.
  const schedule = (): void => {
    if (scheduled || closed) return
    scheduled = true
    queueMicrotask(draw)
  }
  const follow = (): void => {
    const ids = new Set(deployments.view.get().deployments.map(({ id }) => id))
    for (const [id, { list, stop }] of followed) {
      if (ids.has(id)) continue
      stop()
      list.release()
      followed.delete(id)
    }
    for (const id of ids) {
      if (followed.has(id)) continue
      const list = lists.open(id, deployments.connection(id), MINE)
      followed.set(id, { list, stop: list.state.onChange(schedule) })
    }
    schedule()
  }

  const stops = [
    onEach([deployments.view], follow),
    onEach([keychain.state, deps.tunnels.views, deps.chats], schedule),
    tray.onSelect((id) => void select(deps, parseTrayAction(id))),
  ]
  follow()
  return () => {
    closed = true
    for (const stop of stops) stop()
    for (const { list, stop } of followed.values()) {
      stop()
      list.release()
    }
    followed.clear()
  }
}

function onEach(values: readonly LiveValue<unknown>[], listener: () => void): () => void {
  const stops = values.map((value) => value.onChange(listener))
  return () => {
    for (const stop of stops) stop()
  }
}

async function select(deps: TrayControllerDeps, action: TrayAction): Promise<void> {
  const { changes, command, desktop, deployments, logger, windows } = deps
  switch (action.kind) {
    case 'open':
      windows.show()
      return
    case 'quit':
      desktop.quit()
      return
    case 'more':
      await deployments.setActive(action.deploymentId).catch((error: unknown) => {
        logger.warn('The active deployment could not be saved', { err: toError(error) })
      })
      command({ kind: 'go', page: 'workspaces' })
      return
    case 'show':
      command({ kind: 'open-workspace', deploymentId: action.deploymentId, workspaceId: action.workspaceId })
      return
    case 'terminal':
      command({ kind: 'open-terminal', deploymentId: action.deploymentId, workspaceId: action.workspaceId })
      return
    case 'chat':
      command({ kind: 'open-chat', deploymentId: action.deploymentId, chatId: action.chatId })
      return
    case 'tunnel':
      try {
        await deps.tunnels.setEnabled(action.tunnelId, action.enabled)
      } catch (thrown) {
        if (!(thrown instanceof ProcedureError)) throw thrown
        logger.warn('A tunnel could not be switched from the tray', { err: thrown })
        command({ kind: 'go', page: 'tunnels' })
      }
      return
    case 'start':
    case 'stop':
      try {
        await changes.build(action, action.kind)
      } catch (thrown) {
        notifyFailure(deps, action, thrown)
      }
  }
}

function notifyFailure(
  { desktop, logger, command }: TrayControllerDeps,
  action: TrayAction & { readonly kind: 'start' | 'stop' },
  thrown: unknown,
): void {
  const { deploymentId, workspaceId } = action
  const expected = thrown instanceof ProcedureError
  if (!expected) logger.error('A click in the tray failed', { err: toError(thrown) })
  desktop.notify({
    title: action.kind === 'start' ? 'The workspace was not started' : 'The workspace was not stopped',
    body: expected ? thrown.message : 'Something went wrong inside Outpost. The log has the details.',
    onClick: () => command({ kind: 'open-workspace', deploymentId, workspaceId }),
  })
}
