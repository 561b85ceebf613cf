/** Navigation policy: pages never leave the app's entry, and no page opens a window. */
import { appEntryUrl } from './origin.ts'

/**
 * Whether a frame may load `url`. Only the entry itself, in the main frame: a reload after a crash. In-page routes are
 * hash changes, which never come here. Comparing whole URLs avoids origin checks, where every `file:` equals `null`.
 */
export function mayNavigate(url: string, isMainFrame: boolean): boolean {
  return isMainFrame && url.split('#', 1)[0] === appEntryUrl
}

/** The answer to every `window.open`, whatever is asked. Popups have repeatedly escaped sandbox rules. */
export function windowOpenAnswer(): { action: 'deny' } {
  return { action: 'deny' }
}
