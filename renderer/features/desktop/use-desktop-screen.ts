import { use, useEffect, useEffectEvent, useRef, useState, type RefObject } from 'react'
import type { DesktopChannel } from './desktop-channel.ts'
import { useDesktopHost } from './desktop-host.tsx'
import type { DesktopScreen, DesktopSize } from './desktop-screen.ts'

/** Shows the channel in the element for as long as both are there. */
export function useDesktopScreen(
  parent: RefObject<HTMLDivElement | null>,
  channel: DesktopChannel,
  {
    size,
    isControlled,
    onFailed,
  }: { readonly size: DesktopSize; readonly isControlled: boolean; onFailed(reason: string): void },
) {
  const createScreen = use(useDesktopHost().screens())
  const screen = useRef<DesktopScreen>(undefined)
  const [isReady, setReady] = useState(false)
  const fail = useEffectEvent(onFailed)
  useEffect(() => {
    if (!parent.current) return undefined
    const shown = createScreen(parent.current, channel, { onReady: () => setReady(true), onFailed: fail })
    screen.current = shown
    return () => {
      screen.current = undefined
      shown.dispose()
    }
  }, [createScreen, parent, channel])
  useEffect(() => screen.current?.setSize(size), [size, channel])
  useEffect(() => screen.current?.setControl(isControlled), [isControlled, channel])
  return { isReady, screen }
}
