/** The options of every preview. This function is the only producer, so a test can pin the exact object. */
import type { WebPreferences } from 'electron'

/** @param partition in memory: it begins with no `persist:`. */
export function previewPreferences(partition: string): WebPreferences {
  return {
    partition,
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
    devTools: false,
    // A hostile page would hold the whole window by them.
    disableDialogs: true,
    safeDialogs: true,
    autoplayPolicy: 'document-user-activation-required',
  }
}
