import type { WindowBridge } from '#ipc/bridge-api'

declare global {
  interface Window {
    /** Put there by the preload script; absent in a plain browser. */
    readonly bridge?: WindowBridge
  }
}

/** The preload's duplex. Without it there is no app to speak with. */
export function windowBridge(): WindowBridge {
  if (!window.bridge) throw new Error('This page runs inside Outpost only: its preload script is missing')
  return window.bridge
}
