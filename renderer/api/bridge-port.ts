import { bridgePortMessageType, type WindowBridge } from '#ipc/bridge-api'
import type { BridgeToWindow, WindowToBridge } from '#bridge/contract/bridge-port'
import type { DesktopsToWindow, WindowToDesktops } from '#bridge/contract/desktop-port'
import type { TransfersToWindow, WindowToTransfers } from '#bridge/contract/file-transfers'
import type { FilesToWindow, WindowToFiles } from '#bridge/contract/remote-files'

/** What a window says to the bridge: terminals, desktops, files, transfers. */
export type ToBridge = WindowToBridge | WindowToDesktops | WindowToFiles | WindowToTransfers
/** What it hears. */
export type FromBridge = BridgeToWindow | DesktopsToWindow | FilesToWindow | TransfersToWindow

/** The window's byte port to the bridge process. It outlives the bridge: a new port takes the old one's place. */
export interface BridgePort {
  /** False while there is no port; whoever sends opens again on `onConnect`. */
  send(message: ToBridge): boolean
  onMessage(listener: (message: FromBridge) => void): () => void
  /** A port arrived: the first one, or the one of a restarted bridge that knows nothing of before. */
  onConnect(listener: () => void): () => void
  /** The bridge is gone; a new port comes by itself. */
  onDisconnect(listener: () => void): () => void
  isConnected(): boolean
}

export interface BridgePortDeps {
  readonly bridge: Pick<WindowBridge, 'requestBridgePort'>
  readonly window: Window
  /** Unguessable, so that no other sender can hand us a port. */
  readonly nonce: string
}

/** Asks for the byte port and keeps it. Only the preload of this very window knows the nonce. */
export function createBridgePort({ bridge, window: self, nonce }: BridgePortDeps): BridgePort {
  const messageListeners = new Set<(message: FromBridge) => void>()
  const connectListeners = new Set<() => void>()
  const disconnectListeners = new Set<() => void>()
  let current: MessagePort | undefined

  const drop = (port: MessagePort): void => {
    if (current !== port) return
    current = undefined
    for (const listener of disconnectListeners) listener()
  }

  self.addEventListener('message', (event: MessageEvent<unknown>) => {
    const [port] = event.ports
    if (event.source !== self || event.origin !== self.location.origin || !port) return
    if (!isPortMessage(event.data, nonce)) return
    current?.close()
    current = port
    port.onmessage = ({ data }: MessageEvent<FromBridge>) => {
      // Messages of a port that was replaced belong to a bridge that is gone.
      if (current === port) for (const listener of messageListeners) listener(data)
    }
    port.addEventListener('close', () => drop(port))
    for (const listener of connectListeners) listener()
  })
  bridge.requestBridgePort(nonce)

  const on = <T>(set: Set<T>, listener: T): (() => void) => {
    set.add(listener)
    return () => void set.delete(listener)
  }
  return {
    send: (message) => {
      current?.postMessage(message)
      return current !== undefined
    },
    onMessage: (listener) => on(messageListeners, listener),
    onConnect: (listener) => on(connectListeners, listener),
    onDisconnect: (listener) => on(disconnectListeners, listener),
    isConnected: () => current !== undefined,
  }
}

function isPortMessage(data: unknown, nonce: string): boolean {
  return (
    typeof data === 'object' &&
    data !== null &&
    'type' in data &&
    'nonce' in data &&
    data.type === bridgePortMessageType &&
    data.nonce === nonce
  )
}
