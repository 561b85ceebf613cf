/** Whether any window can be seen: watches slow down when none can. */
import type { BrowserWindow } from 'electron'

export function createVisibility() {
  const visible = new Map<number, boolean>()
  const listeners = new Set<(visible: boolean) => void>()
  let last = false

  const any = () => [...visible.values()].includes(true)
  const settle = () => {
    const now = any()
    if (now === last) return
    last = now
    for (const listener of listeners) listener(now)
  }
  const set = (id: number, value: boolean) => {
    visible.set(id, value)
    settle()
  }

  return {
    any,
    follow: (window: BrowserWindow) => {
      const { id } = window
      set(id, window.isVisible())
      window.on('show', () => {
        set(id, true)
      })
      window.on('restore', () => {
        set(id, true)
      })
      window.on('hide', () => {
        set(id, false)
      })
      window.on('minimize', () => {
        set(id, false)
      })
    },
    forget: (id: number) => {
      visible.delete(id)
      settle()
    },
    onChange: (listener: (visible: boolean) => void) => {
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
      }
    },
  }
}
