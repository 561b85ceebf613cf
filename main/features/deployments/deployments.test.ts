import { readFile, writeFile, mkdtemp, rm, mkdir } from 'node:fs/promises'
import { createServer } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import type { Deployment, DeploymentState } from '#ipc/deployments'
import { startHarness, type HarnessOptions } from '../../testing/app-harness.ts'
import { createFakeSecrets } from '../../testing/fake-ports.ts'
import { CallFailure, type Subscription } from '../../testing/in-memory-page.ts'
import { startStubDeployment } from '../../testing/stub-deployment.ts'

const OWNER = 'Localowner-0123456789abcdefghijkl'
const TOKEN = 'Remoteuser-0123456789abcdefghijkl'
const closers: (() => Promise<unknown>)[] = []

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

async function stub(token: string) {
  const server = await startStubDeployment(token)
  closers.push(() => server.close())
  return server
}
async function start(options: HarnessOptions = {}) {
  const local = await stub(OWNER)
  const harness = await startHarness({ local: { url: local.url, token: OWNER }, ...options })
  closers.push(() => harness.close())
  return { ...harness, local }
}
async function tempFolder() {
  const folder = await mkdtemp(join(tmpdir(), 'outpost-test-'))
  closers.push(() => rm(folder, { recursive: true, force: true }))
  return folder
}
type View = { deployments: Deployment[]; activeId: string }
const until = async (
  watch: Subscription<View>,
  id: string,
  kind: DeploymentState['kind'],
): Promise<Deployment> => {
  const view = await watch.next(({ deployments }) =>
    deployments.some((one) => one.id === id && one.state.kind === kind),
  )
  return view.deployments.find((one) => one.id === id) as Deployment
}
const failure = async (call: Promise<unknown>): Promise<CallFailure['error']> => {
  try {
    await call
  } catch (thrown) {
    if (thrown instanceof CallFailure) return thrown.error
    throw thrown
  }
  throw new Error('It did not fail.')
}

describe('the local deployment', () => {
  it('is there at the first start, signed in, with its token in the keychain and nowhere else', async () => {
    const { page, secrets, userDataDir, local, logger } = await start()
    const watch = page.subscribe('deployments.watch', {})
    expect(await until(watch, 'local', 'connected')).toMatchObject({
      kind: 'local',
      url: local.url,
      version: 'v2.31.0',
      user: { username: 'tester', name: 'Test Er', isOwner: true },
      insecure: false,
    })
    expect(secrets.stored.get('deployment/local/session-token')).toBe(OWNER)
    await page.call('deployments.rename', { deploymentId: 'local', name: 'My machine' })
    expect(await readFile(join(userDataDir, 'deployments.json'), 'utf8')).not.toContain(OWNER)
    expect(JSON.stringify(page.received) + logger.lines.join('')).not.toContain(OWNER)
  })

  it('uses the token of the last start and makes a new one only when the server refuses it', async () => {
    const secrets = createFakeSecrets()
    secrets.stored.set('deployment/local/session-token', 'Expiredone-0123456789abcdefghijkl')
    const { page } = await start({ secrets })
    await until(page.subscribe('deployments.watch', {}), 'local', 'connected')
    expect(secrets.stored.get('deployment/local/session-token')).toBe(OWNER)
  })

  it('works without a keychain: its session is of this run, since nobody ever typed it', async () => {
    const { page, secrets } = await start({
      secrets: createFakeSecrets({ kind: 'locked', backend: 'Test Keyring' }),
    })
    await until(page.subscribe('deployments.watch', {}), 'local', 'connected')
    expect(secrets.stored.size).toBe(0)
  })

  it('cannot be removed', async () => {
    const { page } = await start()
    expect(await failure(page.call('deployments.remove', { deploymentId: 'local' }))).toMatchObject({
      code: 'local_stays',
    })
  })
})

describe('adding a deployment', () => {
  it.each([
    ['', 'invalid_input'],
    ['   ', 'invalid_input'],
    ['not a url', 'invalid_url'],
    ['ftp://coder.example.com', 'invalid_url'],
    ['https://user:secret@coder.example.com', 'invalid_url'],
    ['http://', 'invalid_url'],
    ['javascript:alert(1)', 'invalid_url'],
  ])('refuses the address "%s"', async (url, code) => {
    const { page } = await start()
    expect(await failure(page.call('deployments.probe', { url }))).toMatchObject({ code })
  })

  it('says in words that nothing answers', async () => {
    const { page } = await start()
    const gone = await stub(TOKEN)
    await gone.close()
    const error = await failure(page.call('deployments.probe', { url: gone.url }))
    expect(error).toMatchObject({
      code: 'unreachable',
      message: expect.stringContaining('Nothing listens at 127.0.0.1'),
    })
  })

  it.each([
    ['a web page', 200, 'text/html', '<html><body>Hello</body></html>'],
    ['an API of somebody else', 200, 'application/json', '{"hello":"world"}'],
    ['nothing of that path', 404, 'text/plain', 'not found'],
  ])('says that %s is not a Coder server', async (_, status, type, text) => {
    const { page } = await start()
    const other = createServer((_request, response) =>
      response.writeHead(status, { 'content-type': type }).end(text),
    )
    other.listen(0, '127.0.0.1')
    await once(other, 'listening')
    closers.push(async () => {
      other.close()
      other.closeAllConnections()
    })
    const url = `http://127.0.0.1:${(other.address() as AddressInfo).port}`
    const error = await failure(
      page.call('deployments.add', { url, credential: { kind: 'token', token: TOKEN }, name: '' }),
    )
    expect(error.code).toBe('not_coder')
    expect(error.message).toMatch(/Check the address/)
  })

  it('tells what is there before anybody pastes a token', async () => {
    const { page } = await start()
    const remote = await stub(TOKEN)
    expect(await page.call('deployments.probe', { url: `${remote.url}/workspaces?x=1` })).toEqual({
      url: remote.url,
      version: 'v2.31.0',
      tokenPageUrl: `${remote.url}/cli-auth`,
      insecure: false,
      hasFirstUser: true,
      methods: { password: true, browser: false },
      tooOld: null,
    })
    expect(remote.requests.every((request) => request.token === undefined)).toBe(true)
  })

  it('keeps nothing of a token that is refused', async () => {
    const { page, secrets, userDataDir } = await start()
    const remote = await stub(TOKEN)
    const wrong = 'Wrongtoken-0123456789abcdefghijkl'
    const error = await failure(
      page.call('deployments.add', {
        url: remote.url,
        credential: { kind: 'token', token: wrong },
        name: '',
      }),
    )
    expect(error).toMatchObject({ code: 'token_refused', message: expect.stringContaining('make a new one') })
    expect(JSON.stringify(error)).not.toContain(wrong)
    expect([...secrets.stored.values()]).not.toContain(wrong)
    await expect(readFile(join(userDataDir, 'deployments.json'))).rejects.toThrow(/ENOENT/)
  })

  it('makes it the active one, live beside the local one, and remembers it over a restart', async () => {
    const userDataDir = await tempFolder()
    const secrets = createFakeSecrets()
    const first = await start({ userDataDir, secrets })
    const remote = await stub(TOKEN)
    const added = await first.page.call('deployments.add', {
      url: remote.url,
      credential: { kind: 'token', token: TOKEN },
      name: '',
    })
    expect(added).toMatchObject({ kind: 'remote', url: remote.url, name: new URL(remote.url).host })
    const watch = first.page.subscribe('deployments.watch', {})
    await until(watch, added.id, 'connected')
    expect(watch.outputs.at(-1)?.activeId).toBe(added.id)
    expect(await readFile(join(userDataDir, 'deployments.json'), 'utf8')).not.toContain(TOKEN)
    await first.close()

    const second = await start({ userDataDir, secrets })
    const again = second.page.subscribe('deployments.watch', {})
    expect((await until(again, added.id, 'connected')).url).toBe(remote.url)
    expect(again.outputs.at(-1)?.activeId).toBe(added.id)
    expect(first.logger.lines.join('') + second.logger.lines.join('')).not.toContain(TOKEN)
  }, 20_000)

  it('refuses one that is in the list, however it is written', async () => {
    const { page } = await start()
    const remote = await stub(TOKEN)
    await page.call('deployments.add', {
      url: remote.url,
      credential: { kind: 'token', token: TOKEN },
      name: 'acme',
    })
    const error = await failure(
      page.call('deployments.probe', { url: `${remote.url.toUpperCase()}/templates` }),
    )
    expect(error).toMatchObject({ code: 'already_added', message: expect.stringContaining('"acme"') })
  })

  it.each([
    ['keychain_locked', { kind: 'locked', backend: 'Test Keyring' } as const, /Test Keyring is locked/],
    [
      'keychain_absent',
      { kind: 'absent', reason: 'Install gnome-keyring.' } as const,
      /Install gnome-keyring/,
    ],
  ])(
    'answers %s where the keychain cannot be used, and works after consent to memory',
    async (code, probe, words) => {
      const { page, userDataDir } = await start({ secrets: createFakeSecrets(probe) })
      const remote = await stub(TOKEN)
      const add = () =>
        page.call('deployments.add', {
          url: remote.url,
          credential: { kind: 'token', token: TOKEN },
          name: '',
        })
      const error = await failure(add())
      expect(error.code).toBe(code)
      expect(error.message).toMatch(words)
      await expect(readFile(join(userDataDir, 'deployments.json'))).rejects.toThrow(/ENOENT/)
      expect(await page.call('keychain.useMemory', { consent: true })).toMatchObject({ kind: 'memory' })
      expect((await add()).url).toBe(remote.url)
    },
  )

  it('takes everything back when the list cannot be written', async () => {
    const { page, secrets, userDataDir } = await start()
    await until(page.subscribe('deployments.watch', {}), 'local', 'connected')
    const remote = await stub(TOKEN)
    await mkdir(join(userDataDir, 'deployments.json.tmp'))
    const error = await failure(
      page.call('deployments.add', {
        url: remote.url,
        credential: { kind: 'token', token: TOKEN },
        name: '',
      }),
    )
    expect(error.code).toBe('not_saved')
    expect([...secrets.stored.values()]).not.toContain(TOKEN)
    expect(secrets.stored.get('deployment/local/session-token')).toBe(OWNER)
  })
})

describe('a saved deployment', () => {
  async function withRemote(options: HarnessOptions = {}) {
    const harness = await start(options)
    const remote = await stub(TOKEN)
    const { id } = await harness.page.call('deployments.add', {
      url: remote.url,
      credential: { kind: 'token', token: TOKEN },
      name: 'acme',
    })
    const watch = harness.page.subscribe('deployments.watch', {})
    await until(watch, id, 'connected')
    return { ...harness, remote, id, watch }
  }

  it('is signed out when its token ends, and goes on with a new one', async () => {
    const { page, remote, id, watch, secrets } = await withRemote()
    remote.tokens.clear()
    expect(await failure(page.call('templates.list', { deploymentId: id }))).toMatchObject({
      code: 'signed_out',
    })
    expect((await until(watch, id, 'signed_out')).state).toMatchObject({
      reason: expect.stringContaining('Sign in again'),
    })
    const fresh = 'Freshtoken-0123456789abcdefghijkl'
    expect(
      await failure(
        page.call('deployments.signIn', { deploymentId: id, credential: { kind: 'token', token: fresh } }),
      ),
    ).toMatchObject({
      code: 'token_refused',
    })
    remote.tokens.add(fresh)
    await page.call('deployments.signIn', { deploymentId: id, credential: { kind: 'token', token: fresh } })
    await until(watch, id, 'connected')
    expect(secrets.stored.get(`deployment/${id}/session-token`)).toBe(fresh)
  })

  it('says that it is out of reach and when it tries again, and comes back by itself', async () => {
    const { page, remote, id, watch, saidTo } = await withRemote()
    await remote.goDown()
    expect(await failure(page.call('templates.list', { deploymentId: id }))).toMatchObject({
      code: 'unreachable',
      message: expect.stringMatching(/Nothing listens|connection .* lost/),
    })
    const away = await until(watch, id, 'unreachable')
    expect(away.state).toMatchObject({ retryAt: expect.any(Number) })
    await remote.comeUp()
    await until(watch, id, 'connected')
    // What kept main out kept the bridge's terminals and tunnels out as well.
    expect(saidTo('bridge')).toContainEqual({ type: 'wake' })
  })

  it('tries at once when the user asks or the machine wakes up', async () => {
    const { page, remote, id, watch, wake } = await withRemote()
    await remote.goDown()
    await failure(page.call('templates.list', { deploymentId: id }))
    await until(watch, id, 'unreachable')
    await remote.comeUp()
    await page.call('deployments.retry', { deploymentId: id })
    await until(watch, id, 'connected')
    await remote.goDown()
    await failure(page.call('templates.list', { deploymentId: id }))
    await until(watch, id, 'unreachable')
    await remote.comeUp()
    wake()
    await until(watch, id, 'connected')
  })

  it('is locked while the keychain is, and connects when that is unlocked', async () => {
    const userDataDir = await tempFolder()
    const secrets = createFakeSecrets()
    const first = await withRemote({ userDataDir, secrets })
    await first.close()
    secrets.become({ kind: 'locked', backend: 'Test Keyring' })
    const second = await start({ userDataDir, secrets })
    const watch = second.page.subscribe('deployments.watch', {})
    await until(watch, first.id, 'locked')
    expect(await failure(second.page.call('templates.list', { deploymentId: first.id }))).toMatchObject({
      code: 'signed_out',
      message: expect.stringContaining('keychain is locked'),
    })
    secrets.unlocksTo = { kind: 'locked', backend: 'Test Keyring' }
    expect(await failure(second.page.call('keychain.unlock', {}))).toMatchObject({ code: 'still_locked' })
    secrets.unlocksTo = { kind: 'works', backend: 'Test Keyring' }
    await second.page.call('keychain.unlock', {})
    await until(watch, first.id, 'connected')
  })

  it('is forgotten when removed: list, token and the session on the server', async () => {
    const { page, remote, id, watch, secrets, userDataDir } = await withRemote()
    await page.call('deployments.remove', { deploymentId: id })
    expect(secrets.stored.has(`deployment/${id}/session-token`)).toBe(false)
    expect(remote.tokens.size).toBe(0)
    const view = await watch.next(({ deployments }) => deployments.length === 1)
    expect(view.activeId).toBe('local')
    expect(await readFile(join(userDataDir, 'deployments.json'), 'utf8')).not.toContain(id)
    expect(await failure(page.call('templates.list', { deploymentId: id }))).toMatchObject({
      code: 'deployment_unknown',
    })
  })

  it('is not removed while its token cannot be deleted', async () => {
    const { page, id, secrets } = await withRemote()
    secrets.become({ kind: 'locked', backend: 'Test Keyring' })
    expect(await failure(page.call('deployments.remove', { deploymentId: id }))).toMatchObject({
      code: 'keychain_locked',
    })
    expect((await page.subscribe('deployments.watch', {}).next()).deployments).toHaveLength(2)
  })

  it('is removed also when its server is away', async () => {
    const { page, remote, id } = await withRemote()
    await remote.goDown()
    await page.call('deployments.remove', { deploymentId: id })
    expect((await page.subscribe('deployments.watch', {}).next()).deployments).toHaveLength(1)
  })

  it('never sends its token to a server that does not answer as Coder any more', async () => {
    const { page, remote, id, watch } = await withRemote()
    remote.override = () => ({ status: 200, type: 'text/html', text: '<html></html>' })
    await page.call('deployments.retry', { deploymentId: id })
    await until(watch, id, 'unreachable')
    remote.requests.length = 0
    await page.call('deployments.retry', { deploymentId: id })
    await until(watch, id, 'connecting')
    await until(watch, id, 'unreachable')
    expect(remote.requests.length).toBeGreaterThan(0)
    expect(remote.requests.map(({ token }) => token)).toEqual(remote.requests.map(() => undefined))
  })

  it('opens its token page through the one gate for links', async () => {
    const { page, remote, desktop } = await withRemote()
    await page.call('deployments.openTokenPage', { url: remote.url })
    expect(desktop.opened).toEqual([`${remote.url}/cli-auth`])
    expect(
      await failure(page.call('deployments.openTokenPage', { url: 'file:///etc/passwd' })),
    ).toMatchObject({ code: 'invalid_url' })
  })
})

describe('the stored list', () => {
  it.each(['{"version":1,"data":{"activeId":"local","deployments":[]}}', 'rubbish'])(
    'starts with the local deployment when the file is damaged: %s',
    async (text) => {
      const userDataDir = await tempFolder()
      await writeFile(join(userDataDir, 'deployments.json'), text)
      const { page } = await start({ userDataDir })
      expect((await page.subscribe('deployments.watch', {}).next()).deployments.map(({ id }) => id)).toEqual([
        'local',
      ])
      const { notices } = await page.subscribe('settings.watch', {}).next()
      expect(notices[0]?.message).toContain('deployments.corrupt-')
      await page.call('settings.dismissNotice', { id: notices[0]?.id ?? '' })
      expect((await page.subscribe('settings.watch', {}).next()).notices).toEqual([])
    },
  )
})
