import { act, fireEvent, screen, waitFor, within } from '@testing-library/react'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { appPreviewFailures, type AppPreviewState } from '#ipc/app-preview'
import { useKeyMapRoot } from '../../lib/keyboard/key-map.ts'
import { createQuietBridge, renderPage } from '../../testing/render-app.tsx'
import { sampleId } from '../../testing/wire-samples.ts'
import { AppPreview } from './app-preview.tsx'
import { failureWords } from './failure-words.ts'

const target = { deploymentId: 'local', workspaceId: sampleId(2), agentId: sampleId(6), slug: 'web' }
const shown: AppPreviewState = {
  title: 'Shop\u202Efdp',
  path: '/prices%20now',
  canGoBack: true,
  canGoForward: false,
  isLoading: false,
  isReady: true,
  failure: null,
}

beforeEach(() => {
  vi.stubGlobal(
    'IntersectionObserver',
    class {
      observe(): void {}
      disconnect(): void {}
    },
  )
  vi.spyOn(HTMLElement.prototype, 'getBoundingClientRect').mockReturnValue(new DOMRect(10, 20, 300, 400))
})
afterEach(() => void vi.unstubAllGlobals())

function WithKeys(props: Parameters<typeof AppPreview>[0]) {
  useKeyMapRoot()
  return <AppPreview {...props} />
}

function show(state: Partial<AppPreviewState> = {}) {
  const fake = createQuietBridge()
  fake.feed('appPreview.watch', () => ({ ...shown, ...state }))
  fake.feed('appPreview.watchKeys', () => undefined)
  fake.answer('appPreview.place', () => null)
  fake.answer('appPreview.act', () => null)
  fake.answer('appPreview.capture', () => ({ picture: null }))
  const on = { onOpenInBrowser: vi.fn(), onClose: vi.fn() }
  const page = renderPage(<WithKeys target={target} name="Web" {...on} />, fake)
  const become = (next: Partial<AppPreviewState>) =>
    act(() => fake.push('appPreview.watch', { ...shown, ...next }))
  return { fake, ...on, ...page, become }
}
const places = (fake: ReturnType<typeof show>['fake']) =>
  fake.inputsOf('appPreview.place').map(({ bounds }) => bounds)
const acts = (fake: ReturnType<typeof show>['fake']) =>
  fake.inputsOf('appPreview.act').map(({ action }) => action)

it('has main lay the page over its place, and hide it when it is left', async () => {
  const { fake, unmount } = show()
  await waitFor(() => expect(places(fake)).toEqual([{ x: 10, y: 20, width: 300, height: 400 }]))
  unmount()
  await waitFor(() => expect(places(fake).at(-1)).toBeNull())
})

it('says where it is in plain words, and does what a browser’s bar does', async () => {
  const { fake, onOpenInBrowser, onClose, become } = show()
  expect((await screen.findByRole('group', { name: 'Page of Web' })).textContent).toContain(
    'Shopfdp/prices now',
  )
  fireEvent.click(screen.getByRole('button', { name: 'Back' }))
  expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Forward' }).disabled).toBe(true)
  fireEvent.click(screen.getByRole('button', { name: 'Reload' }))
  become({ isLoading: true })
  fireEvent.click(await screen.findByRole('button', { name: 'Stop loading' }))
  fireEvent.click(screen.getByRole('button', { name: /Go into the page/ }))
  await waitFor(() => expect(acts(fake)).toEqual(['back', 'reload', 'stop', 'focus']))
  fireEvent.click(screen.getByRole('button', { name: 'Open in the browser' }))
  fireEvent.click(screen.getByRole('button', { name: 'Close Web' }))
  expect([onOpenInBrowser, onClose].map(({ mock }) => mock.calls.length)).toEqual([1, 1])
})

it('shows progress only of what takes its time', async () => {
  show({ isLoading: true, isReady: false })
  await screen.findByRole('status', { name: 'Loading Web' })
  expect(screen.queryByRole('progressbar')).toBeNull()
  await screen.findByRole('progressbar', { name: 'Loading Web' })
})

it.each(appPreviewFailures)(
  'after %s says what happened and what to do, and tries again',
  async (failure) => {
    const { fake, become } = show({ failure, title: '502' })
    const { title, advice } = failureWords(failure, 'Web')
    const alert = await screen.findByRole('alert')
    expect(alert.textContent).toContain(title)
    expect(alert.textContent).toContain(advice)
    expect(screen.getByRole('group').textContent).not.toContain('502')
    expect(places(fake).filter((place) => place !== null)).toEqual([])
    fireEvent.click(within(alert).getByRole('button', { name: /^(?:Reload|Try again)$/ }))
    fireEvent.click(screen.getAllByRole('button', { name: 'Reload' })[0]!)
    await waitFor(() => expect(acts(fake)).toEqual(['retry', 'retry']))
    become({})
    await waitFor(() => expect(places(fake)).toHaveLength(1))
  },
)

it('offers to load what was put away', async () => {
  const { fake } = show({ isReady: false })
  fireEvent.click(await screen.findByRole('button', { name: 'Load the page' }))
  await waitFor(() => expect(acts(fake)).toEqual(['retry']))
})

it('gives the page the keyboard by F6 and has it back by the same, and closes by the key of the page', async () => {
  const { fake, onClose } = show()
  await screen.findByRole('group')
  fireEvent.keyDown(document.body, { key: 'F6' })
  await waitFor(() => expect(acts(fake)).toEqual(['focus']))
  await waitFor(() => expect(fake.openSubscriptions('appPreview.watchKeys')).toBe(1))
  act(() => fake.push('appPreview.watchKeys', { key: 'close', target: { ...target, slug: 'other' } }))
  act(() => fake.push('appPreview.watchKeys', { key: 'leave', target }))
  await waitFor(() =>
    expect(document.activeElement).toBe(screen.getByRole('button', { name: /Go into the page/ })),
  )
  expect(onClose).not.toHaveBeenCalled()
  act(() => fake.push('appPreview.watchKeys', { key: 'close', target }))
  await waitFor(() => expect(onClose).toHaveBeenCalledOnce())
})
