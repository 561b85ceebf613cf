/** All desktops that windows look at. They end with their windows: a window that comes back connects anew. */
import type { CoderClient } from '../../client/coder-client.ts'
import { followConnection, silentConnectionLog } from '../../client/connection-log.ts'
import type { ConnectionLog } from '../../contract/connection-events.ts'
import type { DesktopsToWindow, WindowToDesktops } from '../../contract/desktop-port.ts'
import type { Clock } from '../../lib/clock.ts'
import { createDesktop, type Desktop } from './desktop.ts'

export type DesktopViewer = (message: DesktopsToWindow) => void
type OpenRequest = Extract<WindowToDesktops, { type: 'desktop-open' }>

/** Of one window; whoever asks for more is broken. */
const maxDesktops = 8

export interface Desktops {
  /** Shows a desktop there, anew where it was shown already. False: there are too many. */
  open(request: OpenRequest, viewer: DesktopViewer): boolean
  /** The desktop that this viewer shows. */
  shownBy(desktopId: string, viewer: DesktopViewer): Desktop | undefined
  end(desktopId: string, viewer: DesktopViewer): void
  /** The viewer is gone, with all it showed. */
  leave(viewer: DesktopViewer): void
  deploymentChanged(deploymentId: string): void
  deploymentRenewed(deploymentId: string): void
  /** A connection of the timeline is tried now, by the chat whose desktop it shows. */
  retryConnection(chatId: string): void
  wake(): void
  close(): void
}

interface Entry {
  readonly desktop: Desktop
  readonly deploymentId: string
  readonly chatId: string
}

export function createDesktops({
  clientOf,
  clock,
  onSignedOut,
  log = silentConnectionLog,
}: {
  readonly clientOf: (deploymentId: string) => CoderClient | undefined
  readonly clock: Clock
  readonly onSignedOut: (deploymentId: string) => void
  /** Hears what the connections do. */
  readonly log?: ConnectionLog
}): Desktops {
  const windows = new Map<DesktopViewer, Map<string, Entry>>()
  const entries = (): Entry[] => [...windows.values()].flatMap((shown) => [...shown.values()])
  const end: Desktops['end'] = (desktopId, viewer) => {
    windows.get(viewer)?.get(desktopId)?.desktop.close()
    windows.get(viewer)?.delete(desktopId)
  }
  const leave = (viewer: DesktopViewer): void => {
    for (const { desktop } of windows.get(viewer)?.values() ?? []) desktop.close()
    windows.delete(viewer)
  }
  return {
    open({ desktopId, deploymentId, chatId, workspaceId = null }, viewer) {
      end(desktopId, viewer)
      const shown = windows.get(viewer) ?? new Map<string, Entry>()
      if (shown.size >= maxDesktops) return false
      windows.set(viewer, shown)
      const desktop = createDesktop({
        ...{ desktopId, chatId, clock, tell: viewer },
        client: clientOf(deploymentId),
        onSignedOut: () => onSignedOut(deploymentId),
        onConnection: followConnection(log, clock, {
          // By the chat: whoever looks again, or from another window, goes on with the same lines.
          ...{ what: 'desktop', connectionId: chatId, deploymentId, workspaceId, agentId: null },
          // Several chats can look at one workspace; the titles of chats are nobody's in a support bundle.
          name: `chat ${chatId.slice(0, 8)}`,
        }),
      })
      shown.set(desktopId, { desktop, deploymentId, chatId })
      return true
    },
    shownBy: (desktopId, viewer) => windows.get(viewer)?.get(desktopId)?.desktop,
    end,
    leave,
    deploymentChanged(deploymentId) {
      for (const entry of entries())
        if (entry.deploymentId === deploymentId) entry.desktop.setClient(clientOf(deploymentId))
    },
    deploymentRenewed(deploymentId) {
      for (const entry of entries()) if (entry.deploymentId === deploymentId) entry.desktop.clientRenewed()
    },
    retryConnection(id) {
      for (const { desktop, chatId } of entries()) if (chatId === id) desktop.retry()
    },
    wake() {
      for (const { desktop } of entries()) desktop.wake()
    },
    close() {
      for (const viewer of windows.keys()) leave(viewer)
    },
  }
}
