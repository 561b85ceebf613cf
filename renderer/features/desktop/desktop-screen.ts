import type { DesktopChannel } from './desktop-channel.ts'

/** `fit`: all of it, made smaller. `native`: pixel for pixel, with scroll bars. */
export type DesktopSize = 'fit' | 'native'

/** What shows a desktop in the page. The real one is noVNC; tests have their own. */
export interface DesktopScreen {
  /** Whether keys and the pointer are for the desktop. What is pressed when that ends is let go. */
  setControl(isControlled: boolean): void
  setSize(size: DesktopSize): void
  focus(): void
  dispose(): void
}

export interface ScreenListener {
  /** The first picture can be asked for. */
  readonly onReady: () => void
  /** It cannot be shown; a sentence says why. */
  readonly onFailed: (reason: string) => void
}

export type CreateDesktopScreen = (
  parent: HTMLElement,
  channel: DesktopChannel,
  listener: ScreenListener,
) => DesktopScreen
