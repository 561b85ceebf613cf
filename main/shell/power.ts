/** Sleep and wake of the machine, and the lock of its screen. */
import { powerMonitor } from 'electron'
import type { AppPorts } from '../ports/app-ports.ts'

export function createPower(): AppPorts['power'] {
  return {
    onResume: (listener) => {
      powerMonitor.on('resume', listener)
      return () => powerMonitor.off('resume', listener)
    },
    // macOS and Windows alone have the event.
    onLock: (listener) => {
      powerMonitor.on('lock-screen', listener)
      return () => powerMonitor.off('lock-screen', listener)
    },
    onSuspend: (listener) => {
      powerMonitor.on('suspend', listener)
      return () => powerMonitor.off('suspend', listener)
    },
  }
}
