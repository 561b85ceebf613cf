/** One page's line to main, whatever carries it: a MessagePort in Electron, memory in tests. */
import type { MainToRenderer } from '#ipc/envelope'

export interface RpcTransport {
  readonly windowId: number
  send(message: MainToRenderer): void
  /** `message` is untrusted; `bytes` is its serialised size. */
  onMessage(listener: (message: unknown, bytes: number) => void): () => void
  onClose(listener: () => void): () => void
}
