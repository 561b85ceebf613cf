import type { BridgeToMain } from '../contract/bridge-port.ts'
import type { ParentPort } from '../lib/process-host.ts'

/** The end of main's port, in the process of a test: what the bridge tells, and a way to say something to it. */
export function createBridgeParent(onTold: (message: BridgeToMain) => void): {
  readonly port: ParentPort
  readonly say: (message: unknown, ports?: readonly unknown[]) => void
} {
  const listeners = new Set<(message: unknown, ports: readonly unknown[]) => void>()
  return {
    port: {
      post: (message) => {
        onTold(message as BridgeToMain)
      },
      onMessage: (listener) => {
        listeners.add(listener)
        return () => listeners.delete(listener)
      },
      onClose: () => () => undefined,
    },
    say: (message, ports = []) => {
      for (const listener of listeners) listener(message, ports)
    },
  }
}
