import NoVnc from '@novnc/novnc'
import type { DesktopChannel } from './desktop-channel.ts'
import type { CreateDesktopScreen, DesktopScreen, ScreenListener } from './desktop-screen.ts'
import { watchHeldInput } from './held-input.ts'

/**
 * A desktop that noVNC shows. Its clipboard is left alone: what the desktop offers is not listened to, and nothing is ever
 * offered to it.
 */
export const createNoVncScreen: CreateDesktopScreen = (parent, channel, listener): DesktopScreen => {
  const viewer = new NoVnc(parent, asDataChannel(channel), { shared: true })
  viewer.viewOnly = true
  viewer.scaleViewport = true
  viewer.background = 'var(--bg-sunken)'
  const held = watchHeldInput(parent)
  let isDisposed = false
  let isOver = false
  let isControlled = false
  watchViewer(viewer, {
    onReady: listener.onReady,
    onFailed(reason) {
      isOver = true
      if (!isDisposed) listener.onFailed(reason)
    },
  })

  return {
    setControl(next) {
      if (next === isControlled) return
      isControlled = next
      if (!next) held.letGo()
      viewer.viewOnly = !next
    },
    setSize(size) {
      viewer.scaleViewport = size === 'fit'
      const scrolled = parent.firstElementChild
      // Its scroll bars have to be reached by the keyboard.
      if (scrolled instanceof HTMLElement) scrolled.tabIndex = size === 'fit' ? -1 : 0
    },
    focus: () => viewer.focus({ preventScroll: true }),
    dispose() {
      isDisposed = true
      held.end()
      // It complains of a second end.
      if (!isOver) viewer.disconnect()
      parent.replaceChildren()
    },
  }
}

function watchViewer(viewer: NoVnc, { onReady, onFailed }: ScreenListener): void {
  let problem: string | undefined
  viewer.addEventListener('connect', onReady)
  viewer.addEventListener('credentialsrequired', () => {
    problem = 'The desktop asks for a password, and Outpost has none to give.'
    viewer.disconnect()
  })
  viewer.addEventListener('securityfailure', () => {
    problem = 'The desktop refused the connection.'
  })
  viewer.addEventListener('disconnect', () => {
    onFailed(problem ?? 'The desktop sent something that cannot be shown.')
  })
}

/** It has all that the library asks of a channel, and looks for by name. */
function asDataChannel(channel: DesktopChannel): RTCDataChannel {
  return channel as unknown as RTCDataChannel
}
