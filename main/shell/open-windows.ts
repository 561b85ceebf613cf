/** The windows that are open: one of the app and one a desktop, how each is made, crashes and ends. */
import { join } from 'node:path'
import { screen, type BrowserWindow } from 'electron'
import type { Logger } from '#bridge/lib/logger'
import type { BridgeFacts } from '#ipc/bridge-api'
import type { DesktopPage, WindowPage } from '../ports/windows.ts'
import { desktopPageUrl } from '../security/desktop-window.ts'
import { appEntryUrl } from '../security/origin.ts'
import type { WindowPlacement } from '../security/window-options.ts'
import { createCrashBudget } from './crash-budget.ts'
import type { createRpcPeer } from './rpc-peer.ts'
import type { createVisibility } from './visibility.ts'
import { currentLook } from './window-look.ts'
import { besideOthers, readPlacement, usablePlacement, writePlacement } from './window-placement.ts'
import { openWindow } from './window.ts'

export interface WindowsInput {
  readonly facts: () => BridgeFacts
  readonly preload: string
  readonly userDataDir: string
  /** Image beside the pointer while files are dragged out. */
  readonly dragIcon: string
  readonly theme: 'system' | 'light' | 'dark' | 'high-contrast'
  readonly logger: Logger
}

export interface OpenWindow {
  readonly window: BrowserWindow
  readonly page: WindowPage
  peer: ReturnType<typeof createRpcPeer> | undefined
  /** The nonce of the page's last request for a byte port. */
  portNonce: string | undefined
}

export interface OpenWindows {
  all(): readonly OpenWindow[]
  byId(windowId: number): OpenWindow | undefined
  of(page: WindowPage): OpenWindow | undefined
  ofContents(contents: unknown): OpenWindow | undefined
  /** Brings the page's window forward, making it when there is none. */
  show(page: WindowPage): void
  /** Called when a window of a desktop came or went. */
  readonly listeners: Set<() => void>
  onCloseRequest(hide: () => boolean): void
  allowClose(): void
}

/** Where windows of a kind were last. Those of desktops share a place: each of them is looked at for a while. */
const placementFiles = { app: 'window.json', desktop: 'desktop-window.json' } as const

export function createOpenWindows(
  input: Omit<WindowsInput, 'theme' | 'dragIcon'> & {
    readonly theme: () => WindowsInput['theme']
    readonly visibility: ReturnType<typeof createVisibility>
  },
): OpenWindows {
  const { logger, visibility } = input
  const open = new Map<number, OpenWindow>()
  const listeners = new Set<() => void>()
  let closing = false
  let hideInstead: () => boolean = () => false

  const all = () => [...open.values()]
  const of = (page: WindowPage) => all().find((entry) => isSame(entry.page, page))
  const fileOf = ({ kind }: WindowPage) => join(input.userDataDir, placementFiles[kind])
  const changed = ({ kind }: WindowPage) => {
    if (kind === 'desktop') for (const listener of listeners) listener()
  }
  const placementOf = (page: WindowPage): WindowPlacement => {
    const screens = screen.getAllDisplays().map((display) => display.workArea)
    const others = all().filter((entry) => entry.page.kind === page.kind)
    const remembered = usablePlacement(readPlacement(fileOf(page)), screens)
    const moved = besideOthers(
      remembered,
      others.map(({ window }) => window.getNormalBounds()),
    )
    // Once it would lie off the screen, where the system puts it.
    return usablePlacement(moved, screens)
  }
  const remember = ({ window, page }: OpenWindow) => {
    try {
      if (!window.isMinimized()) writePlacement(fileOf(page), window.getNormalBounds())
    } catch (error) {
      logger.warn('The window position was not saved', { error })
    }
  }

  const create = (page: WindowPage) => {
    const window = openWindow({
      facts: input.facts(),
      preload: input.preload,
      look: currentLook(input.theme()),
      placement: placementOf(page),
      url: page.kind === 'app' ? appEntryUrl : desktopPageUrl(page),
      onLoadFailed: (error) => {
        logger.error('The window could not load its page', { error })
      },
    })
    const entry: OpenWindow = { window, page, peer: undefined, portNonce: undefined }
    open.set(window.id, entry)
    const contents = window.webContents
    const crashes = createCrashBudget(() => Date.now())
    contents.on('did-start-navigation', (details) => {
      if (details.isMainFrame && !details.isSameDocument) dropPage(entry)
    })
    contents.on('render-process-gone', (_event, details) => {
      dropPage(entry)
      logger.error('The window crashed', { reason: details.reason, exitCode: details.exitCode })
      // A page that was ended on purpose stays ended; a crash is recovered by loading the page again.
      if (details.reason !== 'clean-exit' && !closing && !window.isDestroyed() && crashes.spend())
        window.reload()
    })
    window.on('close', (event) => {
      remember(entry)
      if (page.kind === 'app' && !closing && hideInstead()) {
        event.preventDefault()
        window.hide()
      }
    })
    const { id } = window
    window.on('closed', () => {
      dropPage(entry)
      open.delete(id)
      visibility.forget(id)
      changed(page)
      // Alone they could neither sign in nor go anywhere, and would keep the app from ending.
      if (page.kind === 'app') for (const { window: other } of all()) other.close()
    })
    visibility.follow(window)
    changed(page)
  }

  return {
    all,
    byId: (windowId) => open.get(windowId),
    of,
    ofContents: (contents) => all().find(({ window }) => window.webContents === contents),
    show: (page) => {
      const window = of(page)?.window
      if (window === undefined) {
        create(page)
        return
      }
      if (window.isMinimized()) window.restore()
      window.show()
      window.focus()
    },
    listeners,
    onCloseRequest: (hide) => {
      hideInstead = hide
    },
    allowClose: () => {
      closing = true
    },
  }
}

/** The page is gone: nothing of what it was given is good any more. */
function dropPage(entry: OpenWindow): void {
  entry.peer?.close()
  entry.peer = undefined
  entry.portNonce = undefined
}

function isSame(page: WindowPage, other: WindowPage): boolean {
  if (page.kind !== 'desktop' || other.kind !== 'desktop') return page.kind === other.kind
  return isOfChat(page, other)
}

function isOfChat(page: DesktopPage, other: DesktopPage): boolean {
  return page.deploymentId === other.deploymentId && page.chatId === other.chatId
}
