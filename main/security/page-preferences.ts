/** What holds for every page, our own and those of others: whoever shows one begins with these. */
import type { WebPreferences } from 'electron'

export const pagePreferences = {
  contextIsolation: true,
  sandbox: true,
  webSecurity: true,
  nodeIntegration: false,
  nodeIntegrationInWorker: false,
  nodeIntegrationInSubFrames: false,
  webviewTag: false,
  allowRunningInsecureContent: false,
  experimentalFeatures: false,
  plugins: false,
  navigateOnDragDrop: false,
  enableWebSQL: false,
  spellcheck: false,
  safeDialogs: true,
} as const satisfies WebPreferences
