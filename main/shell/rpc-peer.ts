/** One page's RPC port as main sees it. */
import type { MessagePortMain } from 'electron'
import type { RpcPeer, WindowPage } from '../ports/windows.ts'

export function createRpcPeer(
  windowId: number,
  page: WindowPage,
  port: MessagePortMain,
): RpcPeer & { close(): void } {
  const closeListeners = new Set<() => void>()
  let closed = false
  const close = () => {
    if (closed) return
    closed = true
    port.close()
    for (const listener of closeListeners) listener()
    closeListeners.clear()
  }
  port.on('close', close)
  return {
    windowId,
    page,
    send: (message) => {
      if (!closed) port.postMessage(message)
    },
    onMessage: (listener) => {
      const take = (event: Electron.MessageEvent) => {
        listener(event.data, roughBytes(event.data))
      }
      port.on('message', take)
      port.start()
      return () => {
        port.off('message', take)
      }
    },
    onClose: (listener) => {
      if (closed) {
        listener()
        return () => undefined
      }
      closeListeners.add(listener)
      return () => {
        closeListeners.delete(listener)
      }
    },
    close,
  }
}

/** Counting stops here: far above any limit, far below what would hold up main. */
const maxCountedBytes = 16 * 1024 * 1024
const maxCountedNodes = 200_000

/**
 * Size of a structured-cloned message, near enough for a limit: characters and binary lengths counted, everything else
 * a few bytes. A cloned value may contain itself, so nodes are bounded; past the bound it counts as infinitely big.
 */
export function roughBytes(message: unknown): number {
  const pending: unknown[] = [message]
  let bytes = 0
  for (let nodes = 0; pending.length > 0; nodes += 1) {
    if (nodes > maxCountedNodes || bytes > maxCountedBytes) return Number.POSITIVE_INFINITY
    const value = pending.pop()
    bytes += 8
    if (typeof value === 'string') bytes += value.length * 2
    else if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) bytes += value.byteLength
    else if (typeof value === 'object' && value !== null) {
      for (const [key, item] of Object.entries(value)) {
        bytes += key.length * 2
        pending.push(item)
      }
    }
  }
  return bytes
}
