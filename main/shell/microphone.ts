/** The Microphone port on Electron. */
import { Menu, systemPreferences } from 'electron'
import type { Microphone } from '../ports/microphone.ts'
import type { MicrophoneGate } from '../security/microphone-gate.ts'

export function createMicrophone(platform: NodeJS.Platform, gate: MicrophoneGate): Microphone {
  return {
    hasSystemDictation: platform === 'darwin',
    async allow(windowId) {
      if (!(await isAllowedBySystem(platform))) return false
      gate.open(windowId)
      return true
    },
    startSystemDictation() {
      Menu.sendActionToFirstResponder('startDictation:')
    },
  }
}

/** Linux has no such switch: there the microphone opens or fails. */
async function isAllowedBySystem(platform: NodeJS.Platform): Promise<boolean> {
  if (platform === 'darwin') return systemPreferences.askForMediaAccess('microphone')
  if (platform !== 'win32') return true
  return !['denied', 'restricted'].includes(systemPreferences.getMediaAccessStatus('microphone'))
}
