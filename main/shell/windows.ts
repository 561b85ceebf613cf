/** The Windows port on Electron: one main window, its RPC port and its bridge port. */
import { join } from 'node:path'
import {
  ipcMain,
  MessageChannelMain,
  nativeImage,
  nativeTheme,
  screen,
  type BrowserWindow,
  type IpcMainEvent,
  type WebFrameMain,
} from 'electron'
import type { Logger } from '#bridge/lib/logger'
import type { BridgeFacts } from '#ipc/bridge-api'
import type { RpcPeer, TransferablePort, Windows } from '../ports/windows.ts'
import { refuseRpcSender } from '../security/rpc-sender.ts'
import { titleBarOverlay } from '../security/window-options.ts'
import { createCrashBudget } from './crash-budget.ts'
import { parseDrop } from './dropped-files.ts'
import { createRpcPeer } from './rpc-peer.ts'
import { createVisibility } from './visibility.ts'
import { currentLook } from './window-look.ts'
import { readPlacement, usablePlacement, writePlacement } from './window-placement.ts'
import { openWindow } from './window.ts'

/** A frame without a parent; which window it belongs to is known by the event's sender. */
function isMainFrame(frame: WebFrameMain | null): boolean {
  return frame !== null && frame.parent === null
}

interface OpenWindow {
  readonly window: BrowserWindow
  peer: ReturnType<typeof createRpcPeer> | undefined
  /** The nonce of the page's last request for a byte port. */
  portNonce: string | undefined
}

export interface ShellWindows extends Windows {
  setTheme(theme: 'system' | 'light' | 'dark' | 'high-contrast'): void
  /** Decides what closing the window means; true hides it instead. */
  onCloseRequest(hide: () => boolean): void
  /** From now on windows close for good. */
  allowClose(): void
  focus(): void
}

export function createWindows(input: {
  readonly facts: () => BridgeFacts
  readonly preload: string
  readonly userDataDir: string
  /** Image beside the pointer while files are dragged out. */
  readonly dragIcon: string
  readonly theme: 'system' | 'light' | 'dark' | 'high-contrast'
  readonly logger: Logger
}): ShellWindows {
  const { logger } = input
  const placementFile = join(input.userDataDir, 'window.json')
  const open = new Map<number, OpenWindow>()
  const peerListeners = new Set<(peer: RpcPeer) => void>()
  const portListeners = new Set<(windowId: number) => void>()
  const dropListeners = new Set<(windowId: number, dropId: string, paths: readonly string[]) => void>()
  const visibility = createVisibility()
  const crashes = createCrashBudget(() => Date.now())
  let theme = input.theme
  let closing = false
  let hideInstead: () => boolean = () => false

  const byEvent = (event: IpcMainEvent) =>
    [...open.values()].find((entry) => entry.window.webContents === event.sender)

  ipcMain.on('outpost:rpc', (event) => {
    const entry = byEvent(event)
    const port = event.ports[0]
    const refusal = refuseRpcSender({
      isKnownWindow: entry !== undefined,
      isMainFrame: isMainFrame(event.senderFrame),
      url: event.senderFrame?.url ?? '',
      alreadyConnected: entry?.peer !== undefined,
    })
    if (refusal !== undefined || entry === undefined || port === undefined) {
      // A new window's empty document runs the preload too; its page follows.
      const expected = event.senderFrame?.url === ''
      logger[expected ? 'debug' : 'warn']('Refused the RPC port', { refusal: refusal ?? 'no_port' })
      port?.close()
      return
    }
    const peer = createRpcPeer(entry.window.id, port)
    entry.peer = peer
    for (const listener of peerListeners) listener(peer)
  })

  ipcMain.on('outpost:bridge-port', (event, nonce: unknown) => {
    const entry = byEvent(event)
    // Only a page that has the RPC port may ask: the same checks were made for it.
    if (entry?.peer === undefined || !isMainFrame(event.senderFrame)) return
    if (typeof nonce !== 'string' || !/^[\w-]{16,64}$/.test(nonce)) return
    entry.portNonce = nonce
    for (const listener of portListeners) listener(entry.window.id)
  })

  ipcMain.on('outpost:dropped-files', (event, ...args: unknown[]) => {
    const entry = byEvent(event)
    const drop = parseDrop(args)
    if (entry?.peer === undefined || !isMainFrame(event.senderFrame) || drop === undefined) return
    for (const listener of dropListeners) listener(entry.window.id, drop.dropId, drop.paths)
  })

  const dropPage = (entry: OpenWindow) => {
    entry.peer?.close()
    entry.peer = undefined
    entry.portNonce = undefined
  }

  const create = () => {
    const window = openWindow({
      facts: input.facts(),
      preload: input.preload,
      look: currentLook(theme),
      placement: usablePlacement(
        readPlacement(placementFile),
        screen.getAllDisplays().map((display) => display.workArea),
      ),
      onLoadFailed: (error) => {
        logger.error('The window could not load its page', { error })
      },
    })
    const entry: OpenWindow = { window, peer: undefined, portNonce: undefined }
    open.set(window.id, entry)
    const contents = window.webContents
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
      try {
        if (!window.isMinimized()) writePlacement(placementFile, window.getNormalBounds())
      } catch (error) {
        logger.warn('The window position was not saved', { error })
      }
      if (!closing && hideInstead()) {
        event.preventDefault()
        window.hide()
      }
    })
    const id = window.id
    window.on('closed', () => {
      dropPage(entry)
      open.delete(id)
      visibility.forget(id)
    })
    visibility.follow(window)
    return entry
  }

  const show = () => {
    const entry = [...open.values()][0]
    if (entry === undefined) {
      create()
      return
    }
    if (entry.window.isMinimized()) entry.window.restore()
    entry.window.show()
    entry.window.focus()
  }

  nativeTheme.on('updated', () => {
    paint()
  })
  const paint = () => {
    const look = currentLook(theme)
    for (const { window } of open.values()) {
      window.setBackgroundColor(look.background)
      if (input.facts().customTitleBar && process.platform !== 'darwin')
        window.setTitleBarOverlay(titleBarOverlay(look))
    }
  }

  return {
    show,
    focus: show,
    isVisible: () => visibility.any(),
    askAttention: () => {
      for (const { window } of open.values()) {
        if (window.isFocused()) continue
        window.flashFrame(true)
        window.once('focus', () => {
          window.flashFrame(false)
        })
      }
    },
    onVisibilityChange: (listener) => visibility.onChange(listener),
    onPeer: (listener) => {
      peerListeners.add(listener)
      return () => peerListeners.delete(listener)
    },
    onBridgePortRequest: (listener) => {
      portListeners.add(listener)
      return () => portListeners.delete(listener)
    },
    onFilesDropped: (listener) => {
      dropListeners.add(listener)
      return () => dropListeners.delete(listener)
    },
    startDrag: (windowId, paths) => {
      const [file] = paths
      const window = open.get(windowId)?.window
      if (file === undefined || window === undefined) return
      // Electron's types want an icon; macOS refuses an empty one.
      const icon = nativeImage.createFromPath(input.dragIcon)
      window.webContents.startDrag({ file, files: [...paths], icon })
    },
    giveBridgePort: (windowId): TransferablePort | undefined => {
      const entry = open.get(windowId)
      if (entry?.portNonce === undefined || entry.window.isDestroyed()) return undefined
      const channel = new MessageChannelMain()
      entry.window.webContents.mainFrame.postMessage('outpost:bridge-port', entry.portNonce, [channel.port1])
      return channel.port2
    },
    setTheme: (next) => {
      theme = next
      nativeTheme.themeSource = next === 'high-contrast' ? 'dark' : next
      paint()
    },
    onCloseRequest: (hide) => {
      hideInstead = hide
    },
    allowClose: () => {
      closing = true
    },
  }
}
