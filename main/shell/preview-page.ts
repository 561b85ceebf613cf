/** One preview: a view without a preload over the app's window, and what is told of it. */
import type { BrowserWindow, WebContents } from 'electron'
import type { AppPreviewState } from '#ipc/app-preview'
import type { OpenPreview, PreviewAction, PreviewPage } from '../ports/app-previews.ts'
import type { PreviewScope } from '../security/app-preview.ts'
import { followPreview } from './preview-facts.ts'
import { handleKeys } from './preview-keys.ts'
import { holdLinks } from './preview-links.ts'
import type { PreviewSession } from './preview-sessions.ts'
import { makePreviewView } from './window.ts'

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
  const isSeen = (): boolean => !isClosed && isPlaced && state?.isReady === true && state.failure === null
  /** What is not seen must not have the keyboard. */
  const leave = (): void => {
    if (!window.isDestroyed() && !contents.isDestroyed() && contents.isFocused()) window.webContents.focus()
  }
  const draw = (): void => {
    if (isClosed) return
    if (!isSeen()) leave()
    view.setVisible(isSeen())
  }
  const facts = followPreview(contents, scope, (next) => {
    state = next
    draw()
    if (!isClosed) listener.onChange(next)
  })
  holdLinks(contents, {
    scope,
    now: input.now,
    onLink: (url) => listener.onLink(url),
    onLedAway: facts.ledAway,
  })
  handleKeys(contents, window, (key) => {
    if (key === 'leave' || key === 'close') listener.onKey(key)
    else act(key)
  })
  const close = (): void => {
    if (isClosed) return
    leave()
    isClosed = true
    if (!window.isDestroyed()) window.contentView.removeChildView(view)
    if (!contents.isDestroyed()) contents.close({ waitForBeforeUnload: false })
    session.clear()
    input.onClosed()
  }
  const act = (action: PreviewAction): void => {
    if (isClosed || contents.isDestroyed() || (action === 'focus' && !isSeen())) return
    actions[action](contents, facts.forget)
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
      if (!isSeen() || contents.isDestroyed()) return null
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
