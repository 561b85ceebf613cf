/** What the contents of a preview tell of themselves, as the window may know it. */
import type { WebContents } from 'electron'
import type { AppPreviewFailure, AppPreviewState } from '#ipc/app-preview'
import { failureOfLoad, failureOfStatus } from '../security/app-preview-failure.ts'
import { isOfDeployment, previewPath, type PreviewScope } from '../security/app-preview.ts'

export interface PreviewFacts {
  /** A redirect that leads out of the app was not followed. */
  ledAway(url: string): void
  /** What failed is tried again. */
  forget(): void
}

/** Listens from before the first load until the contents end. */
export function followPreview(
  contents: WebContents,
  scope: PreviewScope,
  onChange: (state: AppPreviewState) => void,
): PreviewFacts {
  let isReady = false
  let failure: AppPreviewFailure | null = null
  const tell = (): void => {
    if (contents.isDestroyed()) return
    const { navigationHistory } = contents
    onChange({
      title: isReady ? contents.getTitle().slice(0, 200) : '',
      path: previewPath(scope, contents.getURL()),
      canGoBack: navigationHistory.canGoBack(),
      canGoForward: navigationHistory.canGoForward(),
      isLoading: contents.isLoading() && failure === null,
      isReady,
      failure,
    })
  }
  const fail = (next: AppPreviewFailure): void => {
    failure = next
    tell()
  }
  const renew = (): void => {
    // What stood in the page's place is not shown again while it is fetched.
    isReady &&= failure === null
    failure = null
    tell()
  }
  for (const event of ['did-start-loading', 'did-stop-loading', 'page-title-updated'] as const)
    contents.on(event as 'did-start-loading', tell)
  contents.on('did-start-navigation', ({ isMainFrame, isSameDocument }) => {
    if (isMainFrame && !isSameDocument) renew()
  })
  contents.on('did-navigate', (_event, _url, status) => {
    // The page of an error is told in words of ours.
    failure = failureOfStatus(status) ?? null
    isReady = true
    tell()
  })
  contents.on('did-navigate-in-page', (_event, _url, isMainFrame) => {
    if (isMainFrame) tell()
  })
  contents.on('did-fail-load', (...[, code, , , isMainFrame]) => {
    const next = isMainFrame && failure === null ? failureOfLoad(code) : undefined
    if (next !== undefined) fail(next)
  })
  contents.on('render-process-gone', (_event, { reason }) => {
    if (reason !== 'clean-exit') fail('crashed')
  })
  // A page that wants to hold its reader back is left all the same.
  contents.on('will-prevent-unload', (event) => {
    event.preventDefault()
  })
  return {
    ledAway(url) {
      // The deployment itself is where one signs in.
      fail(isOfDeployment(scope, url) ? 'ended' : 'led_away')
    },
    forget: renew,
  }
}
