/** Pages of workspaces' apps, laid over the app's window. Which addresses such a page may go to is the shell's policy. */
import type { AppPreviewBounds, AppPreviewState } from '#ipc/app-preview'

export type PreviewAction = 'back' | 'forward' | 'reload' | 'stop' | 'focus'

export interface PreviewPage {
  /** Null hides it. */
  place(bounds: AppPreviewBounds | null): void
  act(action: PreviewAction): void
  /** As a `data:` address; null where nothing is to be seen. */
  capture(): Promise<string | null>
  /** Ends its process and forgets what it stored. */
  close(): void
}

export interface PreviewListener {
  onChange(state: AppPreviewState): void
  /** The user followed a link that does not stay in the app. */
  onLink(url: string): void
  /** A key that is the app's own: back to its window, or close the page. */
  onKey(key: 'leave' | 'close'): void
}

export interface OpenPreview {
  readonly windowId: number
  /** The same for the same app, so that what it stored is gone before it is shown again. */
  readonly key: string
  /** May hold a ticket: never logged, never handed on. */
  readonly url: string
  readonly deploymentUrl: string
  readonly listener: PreviewListener
}

export interface AppPreviews {
  /** `undefined`: the address is not one of an app of the deployment, or the window is gone. */
  open(input: OpenPreview): PreviewPage | undefined
}
