/** The page of agents over a deployment that has them. */
import { fireEvent, screen } from '@testing-library/react'
import { beforeEach, vi } from 'vitest'
import type { Chat } from '#bridge/contract/chats'
import { AgentsPage } from '../features/chats/agents-page.tsx'
import { askChatDialog } from '../features/chats/chat-dialogs-store.ts'
import { noFilter } from '../features/chats/chat-query.ts'
import type { PanelSlots } from '../features/chats/panel/panel-slots.ts'
import { setSidebarFilter, sidebarShown } from '../features/chats/sidebar/sidebar-state.ts'
import { setPaletteOpen } from '../lib/commands/command-store.ts'
import { ToastHost } from '../ui/toast-host.tsx'
import { useToasts } from '../ui/toast-store.ts'
import { sampleChat } from './chat-samples.ts'
import type { FakeBridge } from './fake-bridge.ts'
import { createQuietBridge, renderPage } from './render-app.tsx'
import { sampleDeployment, sampleId, sampleWorkspace } from './wire-samples.ts'

/** Before each test of the file: a window with a size, and nothing kept of the page. */
export function resetAgentsBeforeEach(): void {
  beforeEach(() => {
    // The virtualiser paints nothing in a window without a size.
    vi.spyOn(HTMLElement.prototype, 'offsetHeight', 'get').mockReturnValue(2000)
    vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(2000)
    vi.spyOn(HTMLElement.prototype, 'offsetWidth', 'get').mockReturnValue(1000)
    localStorage.clear()
    sidebarShown.set(true)
    setSidebarFilter('local', noFilter)
    useToasts.setState({ toasts: [] })
    setPaletteOpen(false)
    askChatDialog(undefined)
  })
}

export const sampleChatId = (index: number): string => sampleId(30, index)
/** One that asks, one at work and one that is done. */
export const sampleChats: readonly Chat[] = [
  sampleChat({ id: sampleChatId(1), title: 'Asks', status: 'requires_action' }),
  sampleChat({ id: sampleChatId(2), title: 'Runs', status: 'running' }),
  sampleChat({ id: sampleChatId(3), title: 'Done', workspace_id: sampleId(2) }),
]

/** A deployment with agents. */
export function agentsBridge(chats: readonly Chat[] = sampleChats): FakeBridge {
  const fake = createQuietBridge()
  fake.answer('chats.support', () => ({ chats: 'ready', approvals: true, desktop: false }))
  fake.feed('chats.watchList', ({ q }) => ({
    chats: q.includes('shared') ? [] : [...chats],
    hasMore: false,
  }))
  fake.feed('chats.watchChat', ({ chatId }) => chats.find((chat) => chat.id === chatId))
  fake.feed('chats.watchTranscript', () => ({ kind: 'opened', messages: [], hasMore: false, queue: [] }))
  fake.feed('workspaces.watch', () => sampleWorkspace())
  fake.answer('chats.update', () => null)
  return fake
}

export function showAgents(
  fake: FakeBridge,
  chatId?: string,
  panel: PanelSlots = {},
  deployment = sampleDeployment(),
) {
  return renderPage(
    <>
      <AgentsPage deployment={deployment} chatId={chatId} panel={panel} />
      <ToastHost />
    </>,
    fake,
  )
}

export const findRow = (name: string) => screen.findByRole('treeitem', { name: new RegExp(name) })

/** Chooses from the menu of a row. */
export const chooseForRow = async (name: string, item: string) => {
  fireEvent.contextMenu(await findRow(name))
  fireEvent.click(await screen.findByRole('menuitem', { name: new RegExp(`^${item}`) }))
}
