import { afterEach, describe, expect, it } from 'vitest'
import { startHarness } from '../../testing/app-harness.ts'
import { testUuid } from '../../testing/builders.ts'
import { startStubDeployment, type StubAnswer } from '../../testing/stub-deployment.ts'

const OWNER = 'Localowner-0123456789abcdefghijkl'
const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

async function start() {
  const local = await startStubDeployment(OWNER)
  const harness = await startHarness({ local: { url: local.url, token: OWNER } })
  closers.push(
    () => local.close(),
    () => harness.close(),
  )
  const target = { deploymentId: 'local', workspaceId: testUuid(1) }
  return { ...harness, local, target }
}
const isWatch = (path: string): boolean => /\/watch(-ws)?$/.test(path)

describe('a stream of a workspace', () => {
  it.each<[string, StubAnswer, string]>([
    ['is not there', { status: 404, body: { message: 'Resource not found.' } }, 'not_found'],
    ['was deleted', { status: 410, body: { message: 'Workspace is deleted.' } }, 'deleted'],
    ['is not theirs', { status: 403, body: { message: 'Forbidden.' } }, 'forbidden'],
    [
      'is refused although the token holds',
      { status: 401, body: { message: 'API key required.' } },
      'forbidden',
    ],
  ])('ends with words when it %s', async (_, answer, code) => {
    const { page, local, target } = await start()
    local.override = ({ path }) => (isWatch(path) ? answer : undefined)
    const ended = await page.subscribe('workspaces.watch', target).end()
    expect(ended).toMatchObject({ code, message: expect.stringMatching(/\.$/) })
  })

  it('waits while the deployment is signed out, and goes on with the next session', async () => {
    const { page, local, target } = await start()
    const token = 'Remoteuser-0123456789abcdefghijkl'
    const remote = await startStubDeployment(token)
    closers.push(() => remote.close())
    const { id } = await page.call('deployments.add', {
      url: remote.url,
      credential: { kind: 'token', token },
      name: '',
    })
    const deployments = page.subscribe('deployments.watch', {})
    const until = (kind: string) =>
      deployments.next((view) => view.deployments.some((one) => one.id === id && one.state.kind === kind))
    await until('connected')
    remote.tokens.clear()
    const watch = page.subscribe('workspaces.watch', { ...target, deploymentId: id })
    await until('signed_out')
    expect(watch.ended).toBeUndefined()
    const fresh = 'Freshtoken-0123456789abcdefghijkl'
    remote.tokens.add(fresh)
    remote.override = ({ path, token: given }) =>
      isWatch(path) && given === fresh
        ? { status: 410, body: { message: 'Workspace is deleted.' } }
        : undefined
    await page.call('deployments.signIn', { deploymentId: id, credential: { kind: 'token', token: fresh } })
    expect(await watch.end()).toMatchObject({ code: 'deleted' })
    expect(local.requests.some(({ token: given }) => given === token || given === fresh)).toBe(false)
  })

  it('ends when its deployment is removed', async () => {
    const { page } = await start()
    const token = 'Remoteuser-0123456789abcdefghijkl'
    const remote = await startStubDeployment(token)
    closers.push(() => remote.close())
    const { id } = await page.call('deployments.add', {
      url: remote.url,
      credential: { kind: 'token', token },
      name: '',
    })
    const list = page.subscribe('workspaces.watchList', { deploymentId: id, q: '' })
    await list.next()
    await page.call('deployments.remove', { deploymentId: id })
    expect(await list.end()).toMatchObject({ code: 'deployment_unknown' })
  })

  it('is closed when the page cancels or goes', async () => {
    const { page, local, target } = await start()
    await page
      .subscribe('deployments.watch', {})
      .next((view) => view.deployments[0]?.state.kind === 'connected')
    let asked = Promise.resolve()
    const next = (): Promise<void> =>
      new Promise((resolve) => {
        local.override = ({ path }) => {
          if (isWatch(path)) resolve()
          return isWatch(path) ? { status: 503, body: { message: 'Later.' } } : undefined
        }
      })
    asked = next()
    const watch = page.subscribe('workspaces.watch', target)
    await asked
    watch.cancel()
    expect(await watch.end()).toMatchObject({ code: 'cancelled' })
  })
})
