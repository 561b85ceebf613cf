import { act, fireEvent, render, screen as page } from '@testing-library/react'
import { expect, it, vi } from 'vitest'
import type { Chat } from '#bridge/contract/chats'
import { createApi } from '../api/create-api.ts'
import { ApiProvider } from '../api/api-context.tsx'
import { createDesktopHost, DesktopProvider } from '../features/desktop/desktop-host.tsx'
import { sampleChat } from '../testing/chat-samples.ts'
import { failure } from '../testing/fake-bridge.ts'
import { createFakeDesktopScreens } from '../testing/fake-desktop-screen.ts'
import { createFakePort } from '../testing/fake-port.ts'
import { createQuietBridge } from '../testing/render-app.tsx'
import { sampleBuild, sampleId, sampleWorkspace } from '../testing/wire-samples.ts'
import { desktopOf } from './desktop-address.ts'
import { DesktopWindowPage } from './desktop-window-page.tsx'

const chat = sampleChat({ workspace_id: sampleId(2) })
const place = { deploymentId: 'local', chatId: chat.id }
const desktopId = sampleId(70)

async function show(change: Partial<Chat> = {}, fake = createQuietBridge()) {
  const port = createFakePort()
  const { create, screens } = createFakeDesktopScreens()
  fake.feed('desktopWindows.watchPlace', () => ({ deploymentName: 'Harbour', userId: chat.owner_id }))
  fake.feed('chats.watchChat', () => ({ ...chat, ...change }))
  fake.feed('workspaces.watch', () => sampleWorkspace())
  fake.answer('desktopWindows.showChat', () => null)
  const host = createDesktopHost({
    port: () => port,
    loadScreens: async () => create,
    newId: () => desktopId,
  })
  await act(async () => {
    render(
      <ApiProvider api={createApi(fake.bridge)}>
        <DesktopProvider host={host}>
          <DesktopWindowPage {...place} />
        </DesktopProvider>
      </ApiProvider>,
    )
  })
  return { fake, port, screens }
}

it('shows the desktop of its chat, whose title is the window’s', async () => {
  const { port, screens, fake } = await show()
  expect(port.sent).toContainEqual({
    ...{ type: 'desktop-open', desktopId, deploymentId: 'local', chatId: chat.id },
    workspaceId: sampleId(2),
  })
  const state = { kind: 'connected', connection: 1 } as const
  await act(async () => port.receive({ type: 'desktop-state', desktopId, state }))
  act(() => screens[0]?.listener.onReady())
  expect(page.getByText('You only watch.')).toBeDefined()
  expect(page.queryByRole('button', { name: 'Show it in its own window' })).toBeNull()
  expect(document.title).toBe('Retry policy for refunds – Desktop')
  expect(page.getByRole('heading', { level: 1 }).textContent).toBe('Retry policy for refunds')
  expect(page.getByText('Harbour')).toBeDefined()
  act(() => fake.push('chats.watchChat', { ...chat, title: 'A\u202E new\none' }))
  expect(document.title).toBe('A new one – Desktop')
})

it.each([
  { change: { owner_id: sampleId(99) }, words: 'not yours' },
  { change: { archived: true }, words: 'archived' },
  { change: { workspace_id: undefined }, words: 'no workspace' },
])('says why there is no desktop, connects to none, and leads to the chat: $words', async (given) => {
  const { port, fake } = await show(given.change)
  expect(page.getByRole('heading', { level: 2 }).textContent).toContain(given.words)
  expect(port.sent).toEqual([])
  fireEvent.click(page.getAllByRole('button', { name: 'Show the chat' }).at(-1)!)
  expect(fake.calls.at(-1)).toMatchObject({ procedure: 'desktopWindows.showChat', input: place })
})

it('starts the workspace by its chat, which is all that the window may name', async () => {
  const fake = createQuietBridge()
  const started = vi.fn(() => null)
  fake.answer('desktopWindows.startWorkspace', started)
  const { port } = await show({}, fake)
  const build = sampleBuild({ status: 'stopped', transition: 'stop' })
  await act(async () => fake.push('workspaces.watch', sampleWorkspace({ latest_build: build })))
  const state = { kind: 'failed', code: 'refused', reason: 'The workspace is not running.' } as const
  await act(async () => port.receive({ type: 'desktop-state', desktopId, state }))
  fireEvent.click(page.getByRole('button', { name: 'Start the workspace' }))
  await vi.waitFor(() => expect(started).toHaveBeenCalledWith(place))
})

it('says that a chat is not there, also one that goes while it is shown, and looks again', async () => {
  const { fake, port } = await show()
  act(() => fake.fail('chats.watchChat', failure<'chats.watchChat'>('not_found', 'No such chat.')))
  expect(page.getByRole('alert').textContent).toContain('This chat is not there')
  expect(port.sent.at(-1)).toMatchObject({ type: 'desktop-close' })
  fireEvent.click(page.getByRole('button', { name: 'Try again' }))
  await vi.waitFor(() => expect(port.sent.at(-1)).toMatchObject({ type: 'desktop-open' }))
})

it('stays while the deployment is away', async () => {
  const { fake, port } = await show()
  act(() => fake.fail('chats.watchChat', failure<'chats.watchChat'>('unreachable', 'No answer.')))
  expect([page.queryByRole('alert'), port.sent.at(-1)?.type]).toEqual([null, 'desktop-open'])
})

it('waits until it is known who looks', async () => {
  const { fake, port } = await show()
  const before = port.sent.length
  act(() => fake.push('desktopWindows.watchPlace', { deploymentName: 'Harbour', userId: null }))
  expect(port.sent.slice(before).map(({ type }) => type)).toEqual(['desktop-close'])
  expect(page.getByLabelText('Loading the desktop')).toBeDefined()
})

it.each([
  ['#/desktop/local/6b1b36cb-1d62-4b4e-8fb3-3a4dfc5a1d10', 'local'],
  ['#/desktop/local/6b1b36cb-1d62-4b4e-8fb3-3a4dfc5a1d10/x', undefined],
  ['#/desktop/a%2Fb/6b1b36cb-1d62-4b4e-8fb3-3a4dfc5a1d10', undefined],
  ['#/workspaces', undefined],
  ['', undefined],
])('reads whose desktop a window is for from %j', (hash, deploymentId) =>
  expect(desktopOf(hash)?.deploymentId).toBe(deploymentId),
)
