import type { DesktopChannel } from '../features/desktop/desktop-channel.ts'
import type { CreateDesktopScreen, DesktopSize, ScreenListener } from '../features/desktop/desktop-screen.ts'

export interface FakeDesktopScreen {
  readonly channel: DesktopChannel
  readonly listener: ScreenListener
  readonly canvas: HTMLCanvasElement
  isControlled: boolean
  size: DesktopSize | undefined
  isDisposed: boolean
}

/** Screens that draw nothing, newest last. */
export function createFakeDesktopScreens(): {
  readonly create: CreateDesktopScreen
  readonly screens: readonly FakeDesktopScreen[]
} {
  const screens: FakeDesktopScreen[] = []
  return {
    screens,
    create(parent, channel, listener) {
      const canvas = document.createElement('canvas')
      canvas.tabIndex = -1
      parent.append(canvas)
      const screen: FakeDesktopScreen = {
        ...{ channel, listener, canvas, isControlled: false, isDisposed: false },
        size: undefined,
      }
      screens.push(screen)
      channel.onclose = () => {
        if (!screen.isDisposed) listener.onFailed('The channel was closed.')
      }
      return {
        setControl: (isControlled) => void (screen.isControlled = isControlled),
        setSize: (size) => void (screen.size = size),
        focus: () => canvas.focus(),
        dispose() {
          screen.isDisposed = true
          channel.close()
          canvas.remove()
        },
      }
    },
  }
}
