/** One preview: a view without a preload over the app's window, and what is told of it. */
import type { BrowserWindow, WebContents } from 'electron'
import type { AppPreviewState } from '#ipc/app-preview'
import type { OpenPreview, PreviewAction, PreviewPage } from '../ports/app-previews.ts'
import { isOfDeployment, mayPreviewNavigate, type PreviewScope } from '../security/app-preview.ts'
import { setContentsPolicy } from './contents-policies.ts'
import { followPreview } from './preview-facts.ts'
import { handleKeys } from './preview-keys.ts'
import type { PreviewSession } from './preview-sessions.ts'
import { makePreviewView } from './window.ts'

/** Chromium's own time for what a click may still do. */
const activationMs = 5000

export interface PreviewPageInput extends OpenPreview {
  readonly window: BrowserWindow
  readonly scope: PreviewScope
  readonly session: PreviewSession
  /** Epoch milliseconds. */
  readonly now: () => number
  readonly onClosed: () => void
}

/** Makes the view and begins to load. */
export function openPreviewPage(input: PreviewPageInput): PreviewPage {
  const { window, scope, listener, session } = input
  const view = makePreviewView(session.partition)
  const contents = view.webContents
  window.contentView.addChildView(view)

  let isClosed = false
  let isPlaced = false
  let state: AppPreviewState | undefined
  const draw = (): void => {
    if (!isClosed) view.setVisible(isPlaced && state?.isReady === true && state.failure === null)
  }
  const facts = followPreview(contents, scope, (next) => {
    state = next
    draw()
    if (!isClosed) listener.onChange(next)
  })
  const hand = createLinkHand(contents, input.now, (url) => listener.onLink(url))
  setContentsPolicy(contents, {
    mayNavigate: (url, isMainFrame) => mayPreviewNavigate(scope, url, isMainFrame),
    onRefused: (url, how) => {
      // A deployment that wants a sign-in, or a page that led away without a hand on it: nobody is asked about those.
      if (how === 'redirect' && (isOfDeployment(scope, url) || !hand(url))) facts.ledAway(url)
      else if (how !== 'redirect') hand(url)
    },
  })
  handleKeys(contents, window, (key) => {
    if (key === 'leave' || key === 'close') listener.onKey(key)
    else act(key)
  })
  const close = (): void => {
    if (isClosed) return
    isClosed = true
    if (!window.isDestroyed()) window.contentView.removeChildView(view)
    if (!contents.isDestroyed()) contents.close({ waitForBeforeUnload: false })
    session.clear()
    input.onClosed()
  }
  const act = (action: PreviewAction): void => {
    if (!isClosed && !contents.isDestroyed()) actions[action](contents, facts.forget)
  }

  void session.ready.then(() => {
    // A load that fails is told by the contents' own events; its error would quote the address.
    if (!isClosed) contents.loadURL(input.url).catch(() => undefined)
  })
  return {
    place(bounds) {
      if (isClosed || window.isDestroyed()) return
      isPlaced = bounds !== null
      if (bounds !== null) {
        const zoom = window.webContents.getZoomFactor()
        const [left, top] = [Math.round(bounds.x * zoom), Math.round(bounds.y * zoom)]
        view.setBounds({
          x: left,
          y: top,
          // From edge to edge, so that rounding leaves no seam.
          width: Math.max(0, Math.round((bounds.x + bounds.width) * zoom) - left),
          height: Math.max(0, Math.round((bounds.y + bounds.height) * zoom) - top),
        })
      }
      draw()
    },
    act,
    async capture() {
      if (isClosed || contents.isDestroyed() || state?.isReady !== true || state.failure !== null) return null
      const picture = await contents.capturePage()
      return picture.isEmpty() ? null : `data:image/jpeg;base64,${picture.toJPEG(90).toString('base64')}`
    },
    close,
  }
}

const actions: Readonly<Record<PreviewAction, (contents: WebContents, forget: () => void) => void>> = {
  back: ({ navigationHistory }) => navigationHistory.goBack(),
  forward: ({ navigationHistory }) => navigationHistory.goForward(),
  reload: (contents, forget) => {
    forget()
    contents.reload()
  },
  stop: (contents) => contents.stop(),
  focus: (contents) => contents.focus(),
}

/** Hands a link on when somebody's hand was on the page right before, and one link for each time. */
function createLinkHand(
  contents: WebContents,
  now: () => number,
  onLink: (url: string) => void,
): (url: string) => boolean {
  let touchedAt = Number.NEGATIVE_INFINITY
  contents.on('input-event', (_event, { type }) => {
    if (type === 'mouseDown' || type === 'mouseUp' || type === 'rawKeyDown' || type === 'gestureTap')
      touchedAt = now()
  })
  return (url) => {
    if (now() - touchedAt > activationMs) return false
    touchedAt = Number.NEGATIVE_INFINITY
    onLink(url)
    return true
  }
}
