import { setTimeout as realDelay } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { startHarness } from '../../testing/app-harness.ts'
import { buildWorkspace, testUuid } from '../../testing/builders.ts'
import { CallFailure } from '../../testing/in-memory-page.ts'
import { createManualClock } from '../../testing/manual-clock.ts'
import { startStubDeployment } from '../../testing/stub-deployment.ts'

const OWNER = 'Localowner-0123456789abcdefghijkl'
const closers: (() => Promise<unknown>)[] = []

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

/** The app on a stub, with time standing still but for `pass`. */
async function start() {
  const local = await startStubDeployment(OWNER)
  const clock = createManualClock()
  const harness = await startHarness({ local: { url: local.url, token: OWNER }, clock })
  closers.push(
    () => local.close(),
    async () => {
      const closed = harness.close()
      await closed
    },
  )
  const asked = (): number =>
    local.requests.filter(({ path }) => path.startsWith('/api/v2/workspaces?')).length
  /** Lets time pass and all that it started settle: a poll is over when the number of requests stands still. */
  const pass = async (ms: number): Promise<number> => {
    const before = asked()
    clock.advance(ms)
    await settle(asked)
    return asked() - before
  }
  const watch = harness.page.subscribe('workspaces.watchList', { deploymentId: 'local', q: 'owner:me' })
  await watch.next()
  await settle(asked)
  // The first seconds of a connection are asked about often.
  for (let step = 0; step < 8; step += 1) await pass(500)
  return { ...harness, local, clock, asked, pass, watch }
}

/** Real input and output needs real turns of the event loop; nothing here depends on how many. */
async function settle(count: () => number): Promise<void> {
  let before = -1
  for (let quiet = 0; quiet < 3;) {
    quiet = count() === before ? quiet + 1 : 0
    before = count()
    await realDelay(5)
  }
}

describe('a live list of workspaces', () => {
  it('is asked for once, however many look at it', async () => {
    const { asked, connectPage, tray } = await start()
    const before = asked()
    const other = connectPage().subscribe('workspaces.watchList', { deploymentId: 'local', q: 'owner:me' })
    expect((await other.next()).workspaces).toEqual([])
    expect(asked()).toBe(before)
    expect(tray.labels()).toContain('No workspaces yet')
  })

  it('is asked for every five seconds in a visible window and rarely in a hidden one', async () => {
    const { pass, windows } = await start()
    while ((await pass(100)) === 0);
    expect(await pass(4800)).toBe(0)
    expect(await pass(200)).toBe(1)
    windows.setVisible(false)
    expect(await pass(15_000)).toBe(0)
    expect(await pass(5100)).toBe(1)
    windows.setVisible(true)
    expect(await pass(5000)).toBe(1)
  })

  it('is asked for at once when the window is shown after a while', async () => {
    const { pass, windows, asked } = await start()
    windows.setVisible(false)
    await pass(10_000)
    const before = asked()
    windows.setVisible(true)
    expect(await pass(0)).toBe(1)
    expect(asked()).toBe(before + 1)
  })

  it('is asked for every two seconds while something changes', async () => {
    const { pass, local, watch } = await start()
    local.workspaces = [buildWorkspace({ status: 'starting', jobStatus: 'running' })]
    await pass(5000)
    expect((await watch.next()).workspaces).toHaveLength(1)
    expect(await pass(2000)).toBe(1)
    local.workspaces = [buildWorkspace()]
    expect(await pass(2000)).toBe(1)
    expect(await pass(2000)).toBe(0)
  })

  it('is not sent again when it shows the same', async () => {
    const { pass, local, watch, tray } = await start()
    const beat = (second: number) =>
      buildWorkspace({ agent: { status: 'connected', lastConnectedAt: `2026-11-22T12:00:0${second}Z` } })
    local.workspaces = [beat(1)]
    await pass(5000)
    await watch.next()
    const sent = watch.outputs.length
    const drawn = tray.updates
    local.workspaces = [beat(5)]
    expect(await pass(5000)).toBe(1)
    expect(watch.outputs).toHaveLength(sent)
    expect(tray.updates).toBe(drawn)
  })

  it('keeps what it has while the deployment is away, and asks as soon as that is back', async () => {
    const { pass, local, watch, page, clock, asked } = await start()
    local.workspaces = [buildWorkspace()]
    await pass(5000)
    await watch.next()
    await local.goDown()
    const deployments = page.subscribe('deployments.watch', {})
    const moving = setInterval(() => clock.advance(500), 5)
    await deployments.next((view) => view.deployments[0]?.state.kind === 'unreachable')
    expect(watch.ended).toBeUndefined()
    local.workspaces = []
    await local.comeUp()
    await deployments.next((view) => view.deployments[0]?.state.kind === 'connected')
    clearInterval(moving)
    expect((await watch.next()).workspaces).toEqual([])
    expect(asked()).toBeGreaterThan(2)
  })

  it('is asked for right after a change of ours, also one that failed', async () => {
    const { asked, page, pass } = await start()
    const before = asked()
    await expect(
      page.call('workspaces.start', { deploymentId: 'local', workspaceId: testUuid(1) }),
    ).rejects.toBeInstanceOf(CallFailure)
    await settle(asked)
    expect(asked()).toBe(before + 1)
    expect(await pass(500)).toBe(1)
    expect(await pass(700)).toBe(1)
  })

  it('says what is wrong with a query', async () => {
    const { page, local } = await start()
    local.override = ({ path }) =>
      path.includes('bad')
        ? {
            status: 400,
            body: { message: 'Invalid query.', validations: [{ field: 'q', detail: 'unknown key "bad"' }] },
          }
        : undefined
    const watch = page.subscribe('workspaces.watchList', { deploymentId: 'local', q: 'bad:query' })
    expect(await watch.end()).toMatchObject({
      code: 'deployment_error',
      message: 'Invalid query.',
      details: { validations: [{ field: 'q', detail: 'unknown key "bad"' }] },
    })
  })

  it.each([
    ['an error of its own', { status: 500, body: { message: 'Internal error.' } }, 'deployment_error'],
    ['what no Coder server answers', { status: 200, body: { workspaces: 'none' } }, 'deployment_error'],
    ['that this is not for everybody', { status: 403, body: { message: 'Forbidden.' } }, 'forbidden'],
  ])('says so instead of waiting for ever when the deployment answers %s', async (_, answer, code) => {
    const { page, local, pass, watch } = await start()
    local.override = ({ path }) => (path.startsWith('/api/v2/workspaces?') ? answer : undefined)
    const fresh = page.subscribe('workspaces.watchList', { deploymentId: 'local', q: 'name:new' })
    expect(await fresh.end()).toMatchObject({ code })
    // Whoever has a list keeps it, and gets the next one.
    await pass(5000)
    local.override = () => undefined
    local.workspaces = [buildWorkspace({ name: 'later' })]
    const next = watch.next()
    await pass(5000)
    expect((await next).workspaces).toMatchObject([{ name: 'later' }])
  })

  it('is not asked for any more when nobody looks', async () => {
    const { page, pass, local } = await start()
    const other = page.subscribe('workspaces.watchList', { deploymentId: 'local', q: 'name:x' })
    await other.next()
    other.cancel()
    await pass(0)
    local.requests.length = 0
    await pass(60_000)
    expect(local.requests.filter(({ path }) => path.includes('name'))).toEqual([])
  })

  it('leaves no timer behind when the app ends', async () => {
    const { app, clock, page } = await start()
    page.close()
    await app.close()
    expect(clock.pending).toBe(0)
  })
})
