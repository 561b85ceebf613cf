import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startHarness, type AppHarness } from '../../testing/app-harness.ts'
import { buildWorkspace, testUuid } from '../../testing/builders.ts'
import { createManualClock } from '../../testing/manual-clock.ts'
import { startStubDeployment, type StubDeployment } from '../../testing/stub-deployment.ts'
import { untilConnected } from '../../testing/until-connected.ts'
import { createFakePreviews, type FakePreview } from '../../testing/fake-previews.ts'
import { createLiveValue } from '../../lib/live-value.ts'
import type { Deployments } from '../deployments/deployments.ts'
import { createAppPreviews } from './app-previews.ts'

const OWNER = 'Localowner-0123456789abcdefghijkl'
const place = { deploymentId: 'local', workspaceId: testUuid(1), agentId: testUuid(401) }
const target = { ...place, slug: 'web' }
const bounds = { x: 1, y: 2, width: 300, height: 400 }

let stub: StubDeployment
let harness: AppHarness
let features: readonly string[]
let apps: readonly object[]
let status: 'running' | 'stopped'
let tickets: number

beforeEach(async () => {
  stub = await startStubDeployment(OWNER)
  features = ['app-sessions']
  apps = ['web', 'a', 'b', 'c', 'd', 'e', 'f'].map((slug, index) => ({
    ...{ id: testUuid(index + 1), slug, url: 'http://localhost:3000' },
  }))
  status = 'running'
  tickets = 0
  stub.override = ({ method, path }) => {
    if (path === '/api/v2/buildinfo')
      return { status: 200, body: { version: 'v2.31.0', outpost_features: features } }
    const slug = /\/apps\/(\w+)\/session$/.exec(path)?.[1]
    if (method === 'POST' && slug !== undefined) {
      tickets += 1
      const url = `/@tester/dev.main/apps/${slug}/?outpost_app_ticket=seeded-secret-${tickets}`
      return { status: 201, body: { url } }
    }
    if (path !== `/api/v2/workspaces/${testUuid(1)}`) return undefined
    const workspace = buildWorkspace({ name: 'dev', agent: { status: 'connected' } })
    const [resource] = workspace.latest_build.resources
    const agents = resource?.agents?.map((agent) => ({ ...agent, apps }))
    return {
      status: 200,
      body: {
        ...workspace,
        latest_build: { ...workspace.latest_build, status, resources: [{ ...resource, agents }] },
      },
    }
  }
})
afterEach(async () => {
  await harness.close()
  await stub.close()
})

async function start(options: Parameters<typeof startHarness>[0] = {}): Promise<void> {
  harness = await startHarness({ local: { url: stub.url, token: OWNER }, ...options })
  await untilConnected(harness.page)
}
const show = (slug = 'web') => harness.page.call('appPreview.place', { ...place, slug, bounds })
const act = (action: 'retry' | 'back' | 'focus') => harness.page.call('appPreview.act', { ...target, action })
const opened = (): readonly FakePreview[] => harness.previews.opened
const page = async (count = 1): Promise<FakePreview> => {
  await expect.poll(() => opened().length).toBe(count)
  return opened().at(-1)!
}
/** How it is, as the window is told. */
function watch() {
  const states = harness.page.subscribe('appPreview.watch', target)
  return async (fits: (state: Awaited<ReturnType<typeof states.next>>) => boolean) => {
    for (;;) {
      const state = await states.next()
      if (fits(state)) return state
    }
  }
}

describe('an app', () => {
  it('is shown by a ticket that the window never sees, where the deployment gives one', async () => {
    await start()
    expect(await harness.page.call('appPreview.support', { deploymentId: 'local' })).toEqual({
      isPossible: true,
    })
    const state = watch()
    await show()
    const first = await page()
    expect(first.input.url).toBe(`${stub.url}/@tester/dev.main/apps/web/?outpost_app_ticket=seeded-secret-1`)
    expect(first.bounds).toEqual(bounds)
    first.become({ title: 'Shop', path: '/prices' })
    expect(await state(({ isReady }) => isReady)).toMatchObject({ title: 'Shop', path: '/prices' })
    expect(JSON.stringify(harness.logger.lines)).not.toContain('seeded-secret')
    await act('back')
    expect(first.acts).toEqual(['back'])
    expect(await harness.page.call('appPreview.capture', target)).toEqual({
      picture: 'data:image/jpeg;base64,AA==',
    })
    await harness.page.call('appPreview.place', { ...target, bounds: null })
    expect([first.bounds, first.closed]).toEqual([null, false])
    await show()
    expect(opened()).toHaveLength(1)
  })

  it('is not possible on any other deployment', async () => {
    features = []
    await start()
    expect(await harness.page.call('appPreview.support', { deploymentId: 'local' })).toEqual({
      isPossible: false,
    })
    const state = watch()
    await show()
    expect(await state(({ failure }) => failure !== null)).toMatchObject({ failure: 'refused' })
    expect(opened()).toHaveLength(0)
  })

  it.each([
    ['gone', { apps: [] }],
    ['stopped', { status: 'stopped' }],
    ['refused', { apps: [{ id: testUuid(1), slug: 'web', url: 'https://a.test', external: true }] }],
    ['refused', { apps: [{ id: testUuid(1), slug: 'web', url: '', command: 'htop' }] }],
  ] as const)(
    'that is %s says so, and is asked for anew',
    async (failure, change: { apps?: readonly object[]; status?: 'stopped' }) => {
      const before = apps
      apps = change.apps ?? before
      status = change.status ?? 'running'
      await start()
      const state = watch()
      await show()
      expect((await state((next) => next.failure !== null)).failure).toBe(failure)
      await show()
      expect(opened()).toHaveLength(0)
      apps = before
      status = 'running'
      await act('retry')
      await page()
    },
  )

  it('whose address is none of the deployment is refused', async () => {
    await start()
    harness.previews.isAllowed = false
    const state = watch()
    await show()
    expect((await state((next) => next.failure !== null)).failure).toBe('refused')
  })

  it('that shows nothing for long is given up', async () => {
    const clock = createManualClock()
    await start({ clock })
    const state = watch()
    await show()
    const first = await page()
    clock.advance(30_000)
    expect((await state((next) => next.failure !== null)).failure).toBe('timed_out')
    expect(first.closed).toBe(true)
  })

  it('is tried again in place where it was signed in, and signed in anew where that is over', async () => {
    await start()
    const state = watch()
    await show()
    const first = await page()
    first.become()
    first.become({ failure: 'no_answer' })
    await state(({ failure }) => failure === 'no_answer')
    await act('retry')
    expect(first.acts).toEqual(['reload'])
    first.become({ failure: 'ended' })
    await state(({ failure }) => failure === 'ended')
    await act('retry')
    expect((await page(2)).input.url).toContain('seeded-secret-2')
    expect(first.closed).toBe(true)
    first.become({ title: 'Of yesterday' })
    expect(await state(({ isLoading }) => isLoading)).not.toMatchObject({ title: 'Of yesterday' })
  })

  it('asks about a link once at a time, also one to the deployment, and never opens it unasked', async () => {
    await start()
    harness.desktop.answer = 1
    await show()
    const { listener } = (await page()).input
    listener.onLink('https://elsewhere.example/')
    listener.onLink('https://again.example/')
    await expect.poll(() => harness.desktop.questions).toEqual(['Open elsewhere.example?'])
    listener.onLink(`${stub.url}/settings`)
    await expect.poll(() => harness.desktop.questions).toHaveLength(2)
    listener.onLink('file:///etc/passwd')
    expect(harness.desktop.opened).toEqual([])
  })

  it('has its keys told in its own window alone', async () => {
    await start()
    const keys = harness.page.subscribe('appPreview.watchKeys', {})
    const other = harness.connectPage(7).subscribe('appPreview.watchKeys', {})
    await show()
    const first = await page()
    first.input.listener.onKey('leave')
    expect(await keys.next()).toEqual({ key: 'leave', target })
    await expect(Promise.race([other.next(), Promise.resolve('nothing')])).resolves.toBe('nothing')
  })
})

describe('its process ends', () => {
  it('with its tab, whichever agent had it', async () => {
    await start()
    await show()
    const first = await page()
    const { agentId: _, ...closed } = target
    await harness.page.call('appPreview.close', { ...closed, slug: 'other' })
    expect(first.closed).toBe(false)
    await harness.page.call('appPreview.close', closed)
    expect(first.closed).toBe(true)
  })

  it('when six others were shown later, and it opens again when it is seen', async () => {
    await start()
    for (const [index, slug] of ['web', 'a', 'b', 'c', 'd', 'e'].entries()) {
      await show(slug)
      await page(index + 1)
    }
    await show('web')
    await show('f')
    await page(7)
    expect(opened().map(({ closed }) => closed)).toEqual([false, true, false, false, false, false, false])
    await show('a')
    await page(8)
    expect(opened().filter(({ closed }) => !closed)).toHaveLength(6)
  })

  it('with the page of its window', async () => {
    await start()
    await show()
    const first = await page()
    harness.page.close()
    expect(first.closed).toBe(true)
  })

  it('with the lock of the screen', async () => {
    await start()
    await watch()(() => true)
    await show()
    const first = await page()
    harness.lock()
    expect(first.closed).toBe(true)
    await act('retry')
    expect((await page(2)).bounds).toEqual(bounds)
  })

  it('with the session it was opened by, and not while the deployment is only away', async () => {
    await start()
    const user = (id: string) => ({ id, username: 'ada', name: 'Ada', isOwner: true })
    const deployment = (state: object, owner: ReturnType<typeof user> | null = user('one')) => ({
      deployments: [{ id: 'local', name: 'Here', state, user: owner }],
    })
    type View = ReturnType<Deployments['view']['get']>
    const view = createLiveValue(deployment({ kind: 'connected' }) as unknown as View)
    const become = (next: object) => view.set(next as unknown as View)
    const pages = createFakePreviews()
    const feature = createAppPreviews({
      ...{ pages, clock: createManualClock(), logger: harness.logger, windows: harness.windows },
      deployments: { view, connection: () => undefined as never },
      address: async () => ({ url: stub.url, deploymentUrl: stub.url }),
      openLink: async () => false,
      onStopped: () => () => undefined,
      isPossible: async () => true,
      onLock: () => () => undefined,
    })
    const stop = feature.start()
    const open = async (): Promise<FakePreview> => {
      await feature.handlers.place({ ...target, bounds }, { windowId: 1, signal: AbortSignal.abort() })
      await expect.poll(() => pages.opened.at(-1)?.closed).toBe(false)
      return pages.opened.at(-1)!
    }
    const first = await open()
    become(deployment({ kind: 'unreachable', reason: '', retryAt: null }))
    become(deployment({ kind: 'connecting' }, null))
    expect(first.closed).toBe(false)
    become(deployment({ kind: 'signed_out', reason: '' }, null))
    expect(first.closed).toBe(true)
    become(deployment({ kind: 'connected' }))
    const second = await open()
    become(deployment({ kind: 'connected' }, user('two')))
    expect(second.closed).toBe(true)
    const third = await open()
    become({ deployments: [] })
    expect(third.closed).toBe(true)
    stop()
  })

  it('with the app', async () => {
    await start()
    await show()
    const first = await page()
    await harness.app.close()
    expect(first.closed).toBe(true)
  })
})

it('is nothing that the window of a desktop can ask for', async () => {
  await start()
  const desktop = harness.connectPage(5, { kind: 'desktop', deploymentId: 'local', chatId: testUuid(7) })
  await expect(desktop.call('appPreview.place', { ...target, bounds })).rejects.toMatchObject({
    error: { code: 'unknown_procedure' },
  })
  expect(opened()).toHaveLength(0)
})
