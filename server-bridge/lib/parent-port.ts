import type { ParentPort } from './process-host.ts'

/** The part of Electron's `process.parentPort` we use; `server-bridge` never imports Electron. */
interface UtilityParentPort {
  postMessage(message: unknown): void
  on(event: 'message', listener: (event: UtilityMessage) => void): void
  off(event: 'message', listener: (event: UtilityMessage) => void): void
}
interface UtilityMessage {
  readonly data: unknown
  readonly ports: readonly unknown[]
}

/**
 * The channel to whoever started this process: Electron's utility-process port, or the one of `child_process.fork`.
 * `undefined` when nobody did, as with a program started by hand.
 */
export function openParentPort(host: NodeJS.Process = process): ParentPort | undefined {
  const utilityPort = (host as { parentPort?: UtilityParentPort | null }).parentPort
  if (utilityPort !== undefined && utilityPort !== null) return createUtilityPort(utilityPort)
  if (host.send !== undefined) return createForkPort(host)
  return undefined
}

function createUtilityPort(port: UtilityParentPort): ParentPort {
  return {
    post(message) {
      port.postMessage(message)
    },
    onMessage(listener) {
      const forward = (event: UtilityMessage): void => {
        listener(event.data, event.ports)
      }
      port.on('message', forward)
      return () => {
        port.off('message', forward)
      }
    },
    // Electron ends a utility process together with the app; there is no event to wait for.
    onClose: () => () => undefined,
  }
}

function createForkPort(host: NodeJS.Process): ParentPort {
  return {
    post(message) {
      // A parent that is gone is reported by `onClose`; there is nobody else to tell.
      if (host.connected) host.send?.(message, undefined, undefined, () => undefined)
    },
    onMessage(listener) {
      const forward = (message: unknown): void => {
        listener(message, [])
      }
      host.on('message', forward)
      return () => {
        host.off('message', forward)
      }
    },
    onClose(listener) {
      if (!host.connected) queueMicrotask(listener)
      host.once('disconnect', listener)
      return () => {
        host.off('disconnect', listener)
      }
    },
  }
}
