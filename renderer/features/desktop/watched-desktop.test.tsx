import { act, fireEvent, screen as page } from '@testing-library/react'
import { Suspense } from 'react'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createFakeDesktopScreens } from '../../testing/fake-desktop-screen.ts'
import { createFakePort } from '../../testing/fake-port.ts'
import { createQuietBridge, renderPage } from '../../testing/render-app.tsx'
import { sampleId } from '../../testing/wire-samples.ts'
import { createDesktopHost, DesktopProvider } from './desktop-host.tsx'
import { WatchedDesktop } from './watched-desktop.tsx'

/** What can be seen is what the test says. */
const observed: ((isIntersecting: boolean) => void)[] = []
beforeEach(() => {
  observed.length = 0
  vi.stubGlobal(
    'IntersectionObserver',
    class {
      constructor(tell: (entries: { isIntersecting: boolean }[]) => void) {
        observed.push((isIntersecting) => tell([{ isIntersecting }]))
      }
      observe(): void {}
      disconnect(): void {}
    },
  )
})
afterEach(() => void vi.unstubAllGlobals())

async function show(chats = [sampleId(3)]) {
  const port = createFakePort()
  const { create, screens } = createFakeDesktopScreens()
  let ids = 70
  const host = createDesktopHost({
    port: () => port,
    loadScreens: async () => create,
    newId: () => sampleId((ids += 1)),
  })
  const rendered = renderPage(
    <DesktopProvider host={host}>
      <Suspense fallback="loading">
        {chats.map((chatId) => (
          <WatchedDesktop key={chatId} deploymentId="local" chatId={chatId} workspaceId={sampleId(2)} />
        ))}
      </Suspense>
    </DesktopProvider>,
    createQuietBridge(),
  )
  const open = () => {
    const ids_ = new Set<string>()
    for (const message of port.sent) {
      if (message.type === 'desktop-open') ids_.add(message.chatId)
      if (message.type === 'desktop-close') ids_.clear()
    }
    return [...ids_]
  }
  return { port, screens, open, ...rendered }
}
const see = (index: number, isSeen: boolean) => act(async () => observed[index]?.(isSeen))

it('is connected while it can be seen, never under control, and takes no focus', async () => {
  const { port, screens, open, unmount } = await show()
  expect(open()).toEqual([])
  await see(0, true)
  expect(open()).toEqual([sampleId(3)])
  const sent = port.sent.find(({ type }) => type === 'desktop-open')
  const desktopId = sent && 'desktopId' in sent ? sent.desktopId : ''
  const state = { kind: 'connected', connection: 1 } as const
  await act(async () => port.receive({ type: 'desktop-state', desktopId, state }))
  act(() => screens[0]?.listener.onReady())
  expect(screens[0]?.isControlled).toBe(false)
  expect(page.getByRole('img', { name: 'The agent’s desktop, live' })).toBeDefined()
  expect(screens[0]?.canvas.closest('[inert]')).not.toBeNull()
  expect(page.queryByRole('button')).toBeNull()
  await see(0, false)
  expect([open(), screens[0]?.isDisposed]).toEqual([[], true])
  await see(0, true)
  expect(open()).toEqual([sampleId(3)])
  unmount()
  expect(open()).toEqual([])
})

it('is one at a time, whichever is wanted', async () => {
  const { open } = await show([sampleId(3), sampleId(4)])
  await see(0, true)
  await see(1, true)
  expect(open()).toEqual([sampleId(3)])
  await act(async () => fireEvent.click(page.getByRole('button', { name: 'Show this one' })))
  expect(open()).toEqual([sampleId(4)])
  await see(1, false)
  expect(open()).toEqual([sampleId(3)])
})
