/** Sleep and wake of the machine. */
import { powerMonitor } from 'electron'
import type { AppPorts } from '../ports/app-ports.ts'

export function createPower(): AppPorts['power'] {
  return {
    onResume: (listener) => {
      powerMonitor.on('resume', listener)
      return () => powerMonitor.off('resume', listener)
    },
    onSuspend: (listener) => {
      powerMonitor.on('suspend', listener)
      return () => powerMonitor.off('suspend', listener)
    },
  }
}
