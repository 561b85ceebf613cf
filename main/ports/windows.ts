/** The app's windows as `app.ts` sees them. Creation, navigation guards and ports are the shell's business. */
import type { MainToRenderer } from '#ipc/envelope'

/** The desktop of one chat in a window of its own. */
export interface DesktopPage {
  readonly kind: 'desktop'
  readonly deploymentId: string
  readonly chatId: string
}

/** What a window shows, which decides what it may ask for: everything, or what one desktop needs. */
export type WindowPage = { readonly kind: 'app' } | DesktopPage

/** One loaded page of one window: the capability to call main. Closed on navigation, crash and close. */
export interface RpcPeer {
  readonly windowId: number
  readonly page: WindowPage
  send(message: MainToRenderer): void
  /** `message` is untrusted and already bounded in size; `bytes` is its serialised size. */
  onMessage(listener: (message: unknown, bytes: number) => void): () => void
  onClose(listener: () => void): () => void
}

export interface Windows {
  /** Shows the main window, creating it when there is none. */
  show(): void
  isVisible(): boolean
  /** Shows the window of a chat's desktop, creating it when there is none. It belongs to the main window and ends with it. */
  showDesktop(page: DesktopPage): void
  /** Benign where there is none. */
  closeDesktop(page: DesktopPage): void
  /** Desktops that have windows now. */
  desktops(): readonly DesktopPage[]
  onDesktopsChange(listener: () => void): () => void
  /** Has the dock or the task bar point at the window until it has the focus. */
  askAttention(): void
  /** Any window visible or hidden since the last call; for slowing watches down. */
  onVisibilityChange(listener: (visible: boolean) => void): () => void
  /** A page connected its RPC port. */
  onPeer(listener: (peer: RpcPeer) => void): () => void
  /** A page asked for a byte port to the bridge; answer by `giveBridgePort`. */
  onBridgePortRequest(listener: (windowId: number, page: WindowPage) => void): () => void
  /** The user dropped files into a page. */
  onFilesDropped(listener: (windowId: number, dropId: string, paths: readonly string[]) => void): () => void
  /** Begins to drag files out of a window, as long as the user holds the button. */
  startDrag(windowId: number, paths: readonly string[]): void
  /**
   * Makes a channel, transfers one end into the page (with the nonce it asked with) and returns the other, to be
   * transferred to the bridge. `undefined` when the window is gone or never asked.
   */
  giveBridgePort(windowId: number): TransferablePort | undefined
}

/** An Electron `MessagePortMain`, opaque here. */
export type TransferablePort = object & { readonly __brand?: 'transferable-port' }
