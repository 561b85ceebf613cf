import { afterEach, expect, it } from 'vitest'
import { startHarness } from '../../testing/app-harness.ts'
import { testUuid } from '../../testing/builders.ts'
import { createFakeWindows } from '../../testing/fake-ports.ts'
import { createLiveValue } from '../../lib/live-value.ts'
import type { Deployments } from '../deployments/deployments.ts'
import { createDesktopWindows } from './desktop-windows.ts'

const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

const chat = { deploymentId: 'local', chatId: testUuid(7) }
const page = { kind: 'desktop', ...chat } as const

async function setUp() {
  const harness = await startHarness()
  closers.push(() => harness.close())
  return harness
}

it('opens a window for a desktop, tells which have one, and takes it back', async () => {
  const { page: app, windows } = await setUp()
  const open = app.subscribe('desktopWindows.watch', {})
  expect(await open.next()).toEqual({ open: [] })
  await app.call('desktopWindows.show', chat)
  expect(await open.next()).toEqual({ open: [chat] })
  await app.call('desktopWindows.show', chat)
  expect(windows.shownDesktops).toEqual([page, page])
  await app.call('desktopWindows.close', chat)
  expect(await open.next()).toEqual({ open: [] })
})

it('opens no more than a person looks at, and none of a deployment that is in no list', async () => {
  const { page: app, windows } = await setUp()
  await expect(app.call('desktopWindows.show', { ...chat, deploymentId: testUuid(1) })).rejects.toMatchObject(
    {
      error: { code: 'deployment_unknown' },
    },
  )
  for (let count = 0; count < 8; count += 1)
    await app.call('desktopWindows.show', { ...chat, chatId: testUuid(count) })
  await expect(app.call('desktopWindows.show', { ...chat, chatId: testUuid(9) })).rejects.toMatchObject({
    error: { code: 'too_many' },
  })
  await app.call('desktopWindows.show', chat)
  expect(windows.desktops()).toHaveLength(8)
})

it('gives the page of a desktop what that needs and refuses it all else', async () => {
  const harness = await setUp()
  const own = harness.connectPage(5, page)
  const place = own.subscribe('desktopWindows.watchPlace', chat)
  expect(await place.next()).toMatchObject({ deploymentName: expect.any(String) as string })
  const commands = harness.page.subscribe('app.watchCommands', {})
  await own.call('desktopWindows.showChat', chat)
  expect(await commands.next()).toEqual({ kind: 'open-chat', ...chat })
  const refused = { error: { code: 'unknown_procedure' } }
  await expect(own.call('app.copyText', { text: 'x' })).rejects.toMatchObject(refused)
  await expect(own.call('app.readClipboardText', {})).rejects.toMatchObject(refused)
  await expect(own.call('desktopWindows.show', chat)).rejects.toMatchObject(refused)
  await expect(own.call('desktopWindows.showChat', { ...chat, chatId: testUuid(8) })).rejects.toMatchObject(
    refused,
  )
  expect(await own.subscribe('deployments.watch', {}).end()).toMatchObject({ code: 'unknown_procedure' })
  expect(harness.desktop.clipboard).toBe('')
})

it('opens the window of a link after the question, and the chat itself where nobody is signed in', async () => {
  const harness = await setUp()
  harness.app.openLink(`outpost://local/agents/${chat.chatId}/desktop`)
  await expect.poll(() => harness.windows.shownDesktops).toEqual([page])
  expect(harness.desktop.questions).toHaveLength(1)
})

const user = (id: string) => ({ id, username: 'ada', name: 'Ada', isOwner: true })
type View = ReturnType<Deployments['view']['get']>

function follow() {
  const deployment = (state: object, owner: ReturnType<typeof user> | null = user('one')) => ({
    deployments: [{ id: 'local', name: 'Here', state, user: owner }],
  })
  const view = createLiveValue(deployment({ kind: 'connected' }) as unknown as View)
  const windows = createFakeWindows()
  const opened: unknown[] = []
  const desktops = createDesktopWindows({
    windows,
    deployments: { view, connection: () => expect.fail('not asked') },
    startWorkspace: async () => null,
    openChat: (...place) => void opened.push(place),
  })
  closers.push(desktops.start())
  const become = (...next: Parameters<typeof deployment>) => view.set(deployment(...next) as unknown as View)
  return { windows, desktops, become, opened, view }
}

it('closes a window when its deployment is signed out or gone, and not while that is only away', () => {
  const { windows, desktops, become, view, opened } = follow()
  desktops.open('local', chat.chatId)
  become({ kind: 'unreachable', reason: '', retryAt: null })
  become({ kind: 'connecting' })
  expect(windows.desktops()).toEqual([page])
  become({ kind: 'signed_out', reason: '' }, null)
  expect(windows.desktops()).toEqual([])
  desktops.open('local', chat.chatId)
  expect([windows.desktops(), opened]).toEqual([[], [['local', chat.chatId]]])
  become({ kind: 'connected' })
  desktops.open('local', chat.chatId)
  view.set({ ...view.get(), deployments: [] })
  expect(windows.desktops()).toEqual([])
})

it('closes a window when somebody else signs in', () => {
  const { windows, desktops, become } = follow()
  desktops.open('local', chat.chatId)
  become({ kind: 'connected' }, null)
  expect(windows.desktops()).toEqual([page])
  become({ kind: 'connected' }, user('two'))
  expect(windows.desktops()).toEqual([])
})
