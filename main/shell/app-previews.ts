/** The AppPreviews port on Electron: pages of apps over the app's window, which end with it. */
import type { BrowserWindow } from 'electron'
import type { Logger } from '#bridge/lib/logger'
import type { AppPreviews, PreviewPage } from '../ports/app-previews.ts'
import { previewScope } from '../security/app-preview.ts'
import { openPreviewPage } from './preview-page.ts'
import { createPreviewSessions } from './preview-sessions.ts'

export interface AppPreviewsInput {
  readonly windowOf: (windowId: number) => BrowserWindow | undefined
  /** Epoch milliseconds. */
  readonly now: () => number
  readonly logger: Logger
}

export function createAppPreviews({ windowOf, now, logger }: AppPreviewsInput): AppPreviews {
  const sessionOf = createPreviewSessions((error) => {
    logger.warn('What a preview stored was not cleared', { error })
  })
  /** By window, so that one listener ends them all. */
  const pages = new Map<BrowserWindow, Set<PreviewPage>>()
  const pagesOf = (window: BrowserWindow): Set<PreviewPage> => {
    const known = pages.get(window)
    if (known) return known
    const own = new Set<PreviewPage>()
    pages.set(window, own)
    window.once('closed', () => {
      pages.delete(window)
      for (const page of own) page.close()
    })
    return own
  }
  return {
    open(input) {
      const window = windowOf(input.windowId)
      const scope = previewScope(input.url, input.deploymentUrl)
      if (window === undefined || window.isDestroyed() || scope === undefined) return undefined
      const own = pagesOf(window)
      const page = openPreviewPage({
        ...{ ...input, window, scope, now },
        session: sessionOf(input.key, scope),
        onClosed: () => own.delete(page),
      })
      own.add(page)
      return page
    },
  }
}
