/** Follows the chats of all deployments for the tray, and tells by the system's notifications when one needs its user. */
import type { Chat } from '#bridge/contract/chats'
import type { LiveValue } from '../../lib/live-value.ts'
import { createLiveValue } from '../../lib/live-value.ts'
import type { Desktop } from '../../ports/desktop.ts'
import type { Deployments } from '../deployments/deployments.ts'
import type { ChatLists, OpenChatList } from './chat-lists.ts'
import type { ShownChats } from './shown-chats.ts'

export interface ChatAlertsDeps {
  readonly deployments: Pick<Deployments, 'view' | 'connection' | 'onSession'>
  readonly lists: ChatLists
  readonly shown: ShownChats
  readonly visible: LiveValue<boolean>
  readonly desktop: Pick<Desktop, 'notify' | 'beep'>
  /** What the user wants to be told of. */
  readonly wanted: () => { readonly notify: boolean; readonly sound: boolean }
  readonly openChat: (deploymentId: string, chatId: string) => void
}

export interface ChatAlerts {
  /** Chats at work or waiting for their user, by deployment. */
  readonly busy: LiveValue<ReadonlyMap<string, readonly Chat[]>>
  close(): void
}

/** What can be at work at once is less. */
const FOLLOWED = 50

interface Followed {
  list: OpenChatList
  stop: () => void
  before: ReadonlyMap<string, Chat>
}

export function startChatAlerts(deps: ChatAlertsDeps): ChatAlerts {
  const { deployments, lists } = deps
  const followed = new Map<string, Followed>()
  const busy = createLiveValue<ReadonlyMap<string, readonly Chat[]>>(new Map())

  const look = (deploymentId: string): void => {
    const entry = followed.get(deploymentId)
    const state = entry?.list.state.get()
    if (entry === undefined || state?.kind !== 'loaded') return
    const { chats } = state.list
    const now = new Map(chats.map((chat) => [chat.id, chat]))
    for (const chat of chats) alert(deps, deploymentId, { before: entry.before.get(chat.id), now: chat })
    entry.before = now
    busy.set(new Map(busy.get()).set(deploymentId, chats.filter(isBusy)))
  }
  const open = (deploymentId: string): void => {
    const list = lists.open(deploymentId, deployments.connection(deploymentId), { q: '', limit: FOLLOWED })
    followed.set(deploymentId, {
      list,
      stop: list.state.onChange(() => look(deploymentId)),
      before: new Map(),
    })
    look(deploymentId)
  }
  const drop = (deploymentId: string): void => {
    const entry = followed.get(deploymentId)
    entry?.stop()
    entry?.list.release()
    followed.delete(deploymentId)
    const left = new Map(busy.get())
    if (left.delete(deploymentId)) busy.set(left)
  }
  const follow = (): void => {
    const ids = new Set(deployments.view.get().deployments.map(({ id }) => id))
    for (const id of [...followed.keys()]) if (!ids.has(id)) drop(id)
    for (const id of ids) if (!followed.has(id)) open(id)
  }

  const stops = [
    deployments.view.onChange(follow),
    // A server that had no chats may be a newer one since.
    deployments.onSession((deploymentId, session) => {
      const isRefused = followed.get(deploymentId)?.list.state.get().kind === 'refused'
      if (session === undefined || session.isRenewed === true || !isRefused) return
      drop(deploymentId)
      follow()
    }),
  ]
  follow()
  return {
    busy,
    close() {
      for (const stop of stops) stop()
      for (const id of [...followed.keys()]) drop(id)
    },
  }
}

/** Whether the tray has it: at work, or waiting for an answer. */
function isBusy({ status }: Chat): boolean {
  return status === 'running' || status === 'interrupting' || status === 'requires_action'
}

function alert(
  { desktop, wanted, shown, visible, openChat }: ChatAlertsDeps,
  deploymentId: string,
  { before, now }: { readonly before: Chat | undefined; readonly now: Chat },
): void {
  const body = before && newsOf(before, now)
  const isOver = before?.status !== now.status && (now.status === 'waiting' || now.status === 'error')
  // One may want to hear it also while one looks.
  if (body !== undefined && isOver && wanted().sound) desktop.beep()
  const isSeen = visible.get() && shown.has(now.id)
  if (body === undefined || isSeen || !wanted().notify) return
  desktop.notify({ title: now.title, body, onClick: () => openChat(deploymentId, now.id) })
}

const isAsking = ({ status }: Pick<Chat, 'status'>): boolean => status === 'requires_action'

/** What a change means to the user, in a sentence; `undefined` for nothing. */
export function newsOf(before: Chat, now: Chat): string | undefined {
  const waited = new Set(before.children.filter(isAsking).map(({ id }) => id))
  const waiting = now.children.find((child) => isAsking(child) && !waited.has(child.id))
  if (waiting) return `The sub-agent “${waiting.title}” waits for you.`
  if (before.status === now.status) return undefined
  switch (now.status) {
    case 'requires_action':
      return 'The agent waits for your permission.'
    case 'error':
      return now.last_error?.message ?? 'The agent stopped with an error.'
    case 'waiting':
      // Whoever stopped it knows.
      return before.status === 'interrupting' ? undefined : (now.last_turn_summary ?? 'The agent is done.')
    default:
      return undefined
  }
}
