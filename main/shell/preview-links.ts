/** What becomes of addresses that a preview was kept from: who followed them, and where they lead, decides. */
import type { WebContents } from 'electron'
import { isInScope, isOfDeployment, mayPreviewNavigate, type PreviewScope } from '../security/app-preview.ts'
import { setContentsPolicy } from './contents-policies.ts'

/** Chromium's own time for what a click may still do. */
const activationMs = 5000

const touches: ReadonlySet<string> = new Set(['mouseDown', 'mouseUp', 'rawKeyDown', 'gestureTap'])

export interface PreviewLinksInput {
  readonly scope: PreviewScope
  /** Epoch milliseconds. */
  readonly now: () => number
  /** The user followed it. */
  readonly onLink: (url: string) => void
  /** A redirect led there. */
  readonly onLedAway: (url: string) => void
}

/** Holds the contents to their app, from before anything is loaded. */
export function holdLinks(contents: WebContents, { scope, now, onLink, onLedAway }: PreviewLinksInput): void {
  let touchedAt = Number.NEGATIVE_INFINITY
  contents.on('input-event', (_event, { type }) => {
    if (touches.has(type)) touchedAt = now()
  })
  /** Whether somebody's hand was on the page right before; it counts once. */
  const takeTouch = (): boolean => {
    const isTouched = now() - touchedAt <= activationMs
    touchedAt = Number.NEGATIVE_INFINITY
    return isTouched
  }
  setContentsPolicy(contents, {
    mayNavigate: (url, isMainFrame) => mayPreviewNavigate(scope, url, isMainFrame),
    onRefused(url, how) {
      // The deployment wants a sign-in: nobody is asked about that.
      if (how === 'redirect' && isOfDeployment(scope, url)) onLedAway(url)
      else if (!takeTouch()) {
        // What a page does by itself is not asked about either.
        if (how === 'redirect') onLedAway(url)
      } else if (how === 'window' && isInScope(scope, url)) {
        // There are no other windows; its failure is told by the contents' own events.
        contents.loadURL(url).catch(() => undefined)
      } else onLink(url)
    },
  })
}
