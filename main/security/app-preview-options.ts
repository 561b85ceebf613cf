/** The options of every preview. This function is the only producer, so a test can pin the exact object. */
import type { WebPreferences } from 'electron'
import { pagePreferences } from './page-preferences.ts'

/** @param partition in memory: it begins with no `persist:`. */
export function previewPreferences(partition: string): WebPreferences {
  return {
    partition,
    ...pagePreferences,
    devTools: false,
    // A hostile page would hold the whole window by them.
    disableDialogs: true,
    autoplayPolicy: 'document-user-activation-required',
  }
}
