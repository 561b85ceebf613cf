/** The Windows port on Electron: the main window, those of desktops, and each one's RPC port and bridge port. */
import {
  ipcMain,
  MessageChannelMain,
  nativeImage,
  nativeTheme,
  type BrowserWindow,
  type IpcMainEvent,
  type WebFrameMain,
} from 'electron'
import type { Logger } from '#bridge/lib/logger'
import type { RpcPeer, TransferablePort, WindowPage, Windows } from '../ports/windows.ts'
import { refuseRpcSender } from '../security/rpc-sender.ts'
import { titleBarOverlay } from '../security/window-options.ts'
import { parseDrop } from './dropped-files.ts'
import { createOpenWindows, type OpenWindow, type WindowsInput } from './open-windows.ts'
import { createRpcPeer } from './rpc-peer.ts'
import { createVisibility } from './visibility.ts'
import { currentLook } from './window-look.ts'

/** A frame without a parent; which window it belongs to is known by the event's sender. */
function isMainFrame(frame: WebFrameMain | null): boolean {
  return frame !== null && frame.parent === null
}

export interface ShellWindows extends Windows {
  setTheme(theme: 'system' | 'light' | 'dark' | 'high-contrast'): void
  /** Decides what closing the main window means; true hides it instead. */
  onCloseRequest(hide: () => boolean): void
  /** From now on windows close for good. */
  allowClose(): void
  focus(): void
  /** The app's window by its id; none of a desktop. */
  ofApp(windowId: number): BrowserWindow | undefined
}

export function createWindows(input: WindowsInput): ShellWindows {
  const peerListeners = new Set<(peer: RpcPeer) => void>()
  const portListeners = new Set<(windowId: number, page: WindowPage) => void>()
  const dropListeners = new Set<(windowId: number, dropId: string, paths: readonly string[]) => void>()
  const visibility = createVisibility()
  let { theme } = input
  const open = createOpenWindows({ ...input, visibility, theme: () => theme })

  listenToPages(open.ofContents, input.logger, {
    peer: (peer) => peerListeners.forEach((listener) => listener(peer)),
    portRequest: ({ window: { id }, page }) => portListeners.forEach((listener) => listener(id, page)),
    drop: ({ window }, { dropId, paths }) =>
      dropListeners.forEach((listener) => listener(window.id, dropId, paths)),
  })

  const show = () => open.show({ kind: 'app' })
  const paint = () => {
    const look = currentLook(theme)
    for (const { window } of open.all()) {
      window.setBackgroundColor(look.background)
      if (input.facts().customTitleBar && process.platform !== 'darwin')
        window.setTitleBarOverlay(titleBarOverlay(look))
    }
  }
  nativeTheme.on('updated', paint)

  return {
    show,
    focus: show,
    ofApp: (windowId) => {
      const entry = open.byId(windowId)
      return entry?.page.kind === 'app' ? entry.window : undefined
    },
    isVisible: () => visibility.any(),
    showDesktop: (page) => open.show(page),
    closeDesktop: (page) => open.of(page)?.window.close(),
    desktops: () => open.all().flatMap(({ page }) => (page.kind === 'desktop' ? [page] : [])),
    onDesktopsChange: (listener) => added(open.listeners, listener),
    askAttention: () => {
      const window = open.of({ kind: 'app' })?.window
      if (window === undefined || window.isFocused()) return
      window.flashFrame(true)
      window.once('focus', () => {
        window.flashFrame(false)
      })
    },
    onVisibilityChange: (listener) => visibility.onChange(listener),
    onPeer: (listener) => added(peerListeners, listener),
    onBridgePortRequest: (listener) => added(portListeners, listener),
    onFilesDropped: (listener) => added(dropListeners, listener),
    startDrag: (windowId, paths) => {
      const [file] = paths
      const window = open.byId(windowId)?.window
      if (file === undefined || window === undefined) return
      // Electron's types want an icon; macOS refuses an empty one.
      const icon = nativeImage.createFromPath(input.dragIcon)
      window.webContents.startDrag({ file, files: [...paths], icon })
    },
    giveBridgePort: (windowId): TransferablePort | undefined => {
      const entry = open.byId(windowId)
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
    onCloseRequest: (hide) => open.onCloseRequest(hide),
    allowClose: () => open.allowClose(),
  }
}

function added<T>(set: Set<T>, listener: T): () => void {
  set.add(listener)
  return () => void set.delete(listener)
}

/** What pages say before they have a port: each time who says it is looked at. */
function listenToPages(
  ofContents: (contents: unknown) => OpenWindow | undefined,
  logger: Logger,
  tell: {
    peer(peer: RpcPeer): void
    portRequest(entry: OpenWindow): void
    drop(entry: OpenWindow, drop: NonNullable<ReturnType<typeof parseDrop>>): void
  },
): void {
  /** Only a page that has the RPC port may ask for more: the checks were made for it. */
  const connected = (event: IpcMainEvent): OpenWindow | undefined => {
    const entry = ofContents(event.sender)
    return entry?.peer !== undefined && isMainFrame(event.senderFrame) ? entry : undefined
  }

  ipcMain.on('outpost:rpc', (event) => {
    const entry = ofContents(event.sender)
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
    const peer = createRpcPeer(entry.window.id, entry.page, port)
    entry.peer = peer
    tell.peer(peer)
  })

  ipcMain.on('outpost:bridge-port', (event, nonce: unknown) => {
    const entry = connected(event)
    if (entry === undefined || typeof nonce !== 'string' || !/^[\w-]{16,64}$/.test(nonce)) return
    entry.portNonce = nonce
    tell.portRequest(entry)
  })

  ipcMain.on('outpost:dropped-files', (event, ...args: unknown[]) => {
    const entry = connected(event)
    const drop = parseDrop(args)
    // Files are for the pages of the app; a desktop takes none.
    if (entry?.page.kind === 'app' && drop !== undefined) tell.drop(entry, drop)
  })
}
