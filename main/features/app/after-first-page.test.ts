import { describe, expect, it, vi } from 'vitest'
import { createFakeWindows } from '../../testing/fake-ports.ts'
import { createManualClock } from '../../testing/manual-clock.ts'
import { afterFirstPage } from './after-first-page.ts'

function start() {
  const windows = createFakeWindows()
  const clock = createManualClock()
  const work = vi.fn()
  const stop = afterFirstPage({ windows, clock }, work)
  const connectPage = () => {
    const listeners = new Set<(message: unknown, bytes: number) => void>()
    windows.connect({
      page: { kind: 'app' as const },
      windowId: 1,
      send: () => undefined,
      onMessage: (listener) => {
        listeners.add(listener)
        return () => listeners.delete(listener)
      },
      onClose: () => () => undefined,
    })
    return () => {
      for (const listener of [...listeners]) listener({}, 0)
    }
  }
  return { clock, work, stop, connectPage }
}

describe('what waits for the first page', () => {
  it('runs once, when the page has spoken', () => {
    const { clock, work, connectPage } = start()
    const speak = connectPage()
    expect(work).not.toHaveBeenCalled()
    speak()
    expect(work).toHaveBeenCalledTimes(1)
    speak()
    clock.advance(5000)
    expect(work).toHaveBeenCalledTimes(1)
  })

  it('does not wait for ever where no page comes', () => {
    const { clock, work, connectPage } = start()
    connectPage()
    clock.advance(999)
    expect(work).not.toHaveBeenCalled()
    clock.advance(1)
    expect(work).toHaveBeenCalledTimes(1)
  })

  it('is given up when the app ends before', () => {
    const { clock, work, stop, connectPage } = start()
    const speak = connectPage()
    stop()
    speak()
    clock.advance(5000)
    expect(work).not.toHaveBeenCalled()
  })
})
