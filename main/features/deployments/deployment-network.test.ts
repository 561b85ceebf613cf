import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { createFakeProcessHost, type FakeProcess } from '../../testing/fake-ports.ts'
import { startHarness, type AppHarness, type HarnessOptions } from '../../testing/app-harness.ts'
import type { CallFailure, InMemoryPage } from '../../testing/in-memory-page.ts'
import { startStubDeployment } from '../../testing/stub-deployment.ts'
import { startHttpProxy } from '#bridge/testing/http-proxy'
import { makeTestFolder } from '#bridge/testing/network-options'
import { createTestAuthority } from '#bridge/testing/test-authority'
import { startTlsFront } from '#bridge/testing/tls-front'
import { waitFor } from '#bridge/testing/wait-for'
import type { Deployment } from '#ipc/deployments'
import type { NetworkInput } from '#ipc/network-input'

const TOKEN = 'Remoteuser-0123456789abcdefghijkl'
const HOST = 'coder.example.test'
const SECRET = 'seeded-proxy-secret'
const authority = createTestAuthority()
const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})
const closing = <T extends { close(): Promise<unknown> }>(opened: T): T => {
  closers.push(() => opened.close())
  return opened
}

const plain: NetworkInput = {
  serverName: '',
  refreshCommand: '',
  headerCommand: '',
  proxyMode: 'none',
  proxyUrl: '',
  bypass: '',
  ca: { kind: 'none' },
  cert: { kind: 'none' },
  key: { kind: 'none' },
  credentials: { kind: 'none' },
}

async function start(options: HarnessOptions = {}) {
  const processHost = createFakeProcessHost()
  processHost.onStart = (process) => {
    const { post } = process
    process.post = (message) => {
      post(message)
      if ((message as { type: string }).type === 'shutdown') queueMicrotask(() => process.exit(0))
    }
    queueMicrotask(() => process.say({ type: 'ready', pid: 2 }))
  }
  const harness = closing(await startHarness({ processHost, ...options }))
  const bridge = () => processHost.started.find(({ entry }) => entry === 'bridge') as FakeProcess
  return { ...harness, bridge }
}

/** A deployment that only a proxy with a password reaches, and only a client certificate gets into. */
async function guarded() {
  const stub = closing(await startStubDeployment(TOKEN))
  const front = closing(
    await startTlsFront({
      ...authority.issue(HOST, { isNameOnly: true }),
      clientCa: authority.cert,
      to: Number(new URL(stub.url).port),
    }),
  )
  const proxy = closing(
    await startHttpProxy({
      ports: { [HOST]: front.port },
      credentials: { username: 'ada', password: SECRET },
    }),
  )
  return { stub, front, proxy, url: `https://${HOST}` }
}

async function chooseFiles(page: InMemoryPage, desktop: { openPath: string | null }) {
  const folder = await makeTestFolder()
  closers.push(() => folder.remove())
  const own = authority.issue('me')
  const choose = async (purpose: 'ca' | 'cert' | 'key', text: string) => {
    desktop.openPath = await folder.write(`${purpose}.pem`, text)
    const chosen = await page.call('deploymentNetwork.choose', { purpose })
    return { kind: 'chosen', id: chosen?.id ?? '' } as const
  }
  return {
    ca: await choose('ca', authority.cert),
    cert: await choose('cert', own.cert),
    key: await choose('key', own.key),
  }
}

const failure = (call: Promise<unknown>) =>
  call.then(
    () => {
      throw new Error('It did not fail.')
    },
    (thrown: unknown) => (thrown as CallFailure).error,
  )
const connected = (page: InMemoryPage, id: string): Promise<Deployment> =>
  page
    .subscribe('deployments.watch', {})
    .next(({ deployments }: { deployments: Deployment[] }) =>
      deployments.some((one) => one.id === id && one.state.kind === 'connected'),
    )
    .then(
      ({ deployments }: { deployments: Deployment[] }) =>
        deployments.find((one) => one.id === id) as Deployment,
    )

describe('the network of a deployment', () => {
  it('leads through an authenticated proxy and client certificates, and its secret goes nowhere else', async () => {
    const { proxy, front, url } = await guarded()
    const { page, desktop, secrets, userDataDir, logger, bridge } = await start()
    const network: NetworkInput = {
      ...plain,
      ...(await chooseFiles(page, desktop)),
      proxyMode: 'manual',
      proxyUrl: `http://127.0.0.1:${String(proxy.port)}`,
      credentials: { kind: 'entered', username: 'ada', password: SECRET },
    }
    expect(await page.call('deployments.probe', { url, network })).toMatchObject({ url, insecure: false })
    const { id } = await page.call('deployments.add', {
      url,
      credential: { kind: 'token', token: TOKEN },
      name: '',
      network,
    })
    await connected(page, id)
    expect(front.clients.length).toBeGreaterThan(0)
    expect(proxy.passed).toEqual(proxy.passed.map(() => `CONNECT ${HOST}:443`))

    expect(await page.call('deploymentNetwork.read', { deploymentId: id })).toMatchObject({
      ...{ ca: 'ca.pem', cert: 'cert.pem', key: 'key.pem' },
      proxyMode: 'manual',
      hasCredentials: true,
    })
    expect(bridge().posted).toContainEqual({
      type: 'set-deployment',
      deploymentId: id,
      url,
      token: TOKEN,
      cli: expect.anything() as unknown,
      network: expect.objectContaining({
        proxies: [{ scheme: 'http', host: '127.0.0.1', port: proxy.port }],
        proxyCredentials: { host: '127.0.0.1', port: proxy.port, username: 'ada', password: SECRET },
      }) as unknown,
    })
    const kept = await readFile(join(userDataDir, 'deployments.json'), 'utf8')
    expect(kept).toContain('cert.pem')
    expect(kept + JSON.stringify(page.received) + logger.lines.join('')).not.toContain(SECRET)

    await page.call('deployments.remove', { deploymentId: id })
    expect([...secrets.stored.keys()].filter((account) => account.includes(id))).toEqual([])
  })

  it('is changed live, and says in words what does not work', async () => {
    const stub = closing(await startStubDeployment(TOKEN))
    const proxy = closing(await startHttpProxy({ ports: { '127.0.0.1': Number(new URL(stub.url).port) } }))
    const { page, bridge } = await start()
    const { id } = await page.call('deployments.add', {
      url: stub.url,
      credential: { kind: 'token', token: TOKEN },
      name: '',
    })
    await connected(page, id)
    const network: NetworkInput = {
      ...plain,
      proxyMode: 'manual',
      proxyUrl: `127.0.0.1:${String(proxy.port)}`,
      bypass: '<-loopback>',
    }
    const told = bridge().posted.length
    await page.call('deploymentNetwork.set', { deploymentId: id, network })
    await waitFor('the proxy is used', () => (proxy.passed.length > 0 ? true : undefined))
    await connected(page, id)
    expect(
      bridge()
        .posted.slice(told)
        .map((message) => (message as { type: string }).type),
    ).toEqual(['remove-deployment', 'set-deployment'])
    await proxy.close()
    const away = page.subscribe('deployments.watch', {})
    await page.call('deployments.retry', { deploymentId: id })
    await page.call('deploymentNetwork.set', {
      deploymentId: id,
      network: { ...network, bypass: '<-loopback> ' },
    })
    const { deployments } = await away.next(({ deployments: all }: { deployments: Deployment[] }) =>
      all.some(({ state }) => state.kind === 'unreachable'),
    )
    expect(JSON.stringify(deployments)).toContain(`The proxy 127.0.0.1:${String(proxy.port)} cannot be used`)
    await page.call('deploymentNetwork.set', { deploymentId: id, network: plain })
    await connected(page, id)
  })

  it.each<readonly [string, (harness: AppHarness) => void]>([
    ['wakes up in another network', (harness) => harness.wake()],
    ['gets other addresses', (harness) => harness.setAddresses(['10.0.0.4'])],
  ])('follows the system when the machine %s', async (_, move) => {
    const stub = closing(await startStubDeployment(TOKEN))
    const proxy = closing(await startHttpProxy({ ports: { '127.0.0.1': Number(new URL(stub.url).port) } }))
    let answer = 'DIRECT'
    const asked: string[] = []
    const harness = await start({
      systemProxy: (url) => {
        asked.push(url)
        return answer
      },
    })
    const { page } = harness
    const { id } = await page.call('deployments.add', {
      url: stub.url,
      credential: { kind: 'token', token: TOKEN },
      name: '',
    })
    await connected(page, id)
    expect(proxy.passed).toEqual([])
    answer = `PROXY 127.0.0.1:${String(proxy.port)}`
    move(harness)
    await waitFor('the proxy is used', () => (proxy.passed.length > 0 ? true : undefined))
    await connected(page, id)
    expect(new Set(asked)).toEqual(new Set([stub.url]))
  })

  it('runs no command that the user did not confirm, and takes no file that was not chosen', async () => {
    const stub = closing(await startStubDeployment(TOKEN))
    const { page, desktop } = await start()
    const { id } = await page.call('deployments.add', {
      url: stub.url,
      credential: { kind: 'token', token: TOKEN },
      name: '',
    })
    const set = (network: Partial<NetworkInput>) =>
      page.call('deploymentNetwork.set', { deploymentId: id, network: { ...plain, ...network } })
    const headerCommand = 'echo X-Gate=1'
    desktop.answer = 1
    expect(await failure(set({ headerCommand }))).toMatchObject({ code: 'command_refused' })
    expect(await page.call('deploymentNetwork.read', { deploymentId: id })).toMatchObject({
      headerCommand: '',
    })
    desktop.answer = 0
    await set({ headerCommand })
    // Agreed to, so it is not asked about again.
    desktop.answer = 1
    await set({ headerCommand, bypass: 'a.example' })
    expect(desktop.questions).toHaveLength(2)
    for (const network of [
      { headerCommand: 'echo \u202eX' },
      { headerCommand: `: ${'x'.repeat(1600)}` },
      { ca: { kind: 'chosen', id: '00000000-0000-4000-8000-000000000001' } as const },
      { proxyMode: 'manual' as const },
      { refreshCommand: 'true' },
      { credentials: { kind: 'entered', username: 'a', password: 'b' } as const },
    ])
      expect(await failure(set(network))).toMatchObject({ code: 'network_unusable' })
    expect(await failure(set({ proxyUrl: 'http://ada:secret@proxy.example.com' }))).toMatchObject({
      code: 'invalid_input',
    })
    expect(await failure(page.call('deploymentNetwork.read', { deploymentId: 'local' }))).toMatchObject({
      code: 'local_stays',
    })
  })

  it('may be all the sign-in there is: a client certificate without a token', async () => {
    const { stub, proxy, url } = await guarded()
    const { page, desktop, secrets } = await start()
    const network: NetworkInput = {
      ...plain,
      ...(await chooseFiles(page, desktop)),
      proxyMode: 'manual',
      proxyUrl: `http://127.0.0.1:${String(proxy.port)}`,
      credentials: { kind: 'entered', username: 'ada', password: SECRET },
    }
    const add = (set: NetworkInput) =>
      page.call('deployments.add', { url, credential: { kind: 'token', token: '' }, name: '', network: set })
    expect(await failure(add({ ...network, cert: { kind: 'none' }, key: { kind: 'none' } }))).toMatchObject({
      code: 'token_refused',
    })
    expect(await failure(add(network))).toMatchObject({
      code: 'token_refused',
      message: expect.stringContaining('The client certificate alone does not sign you in') as string,
    })
    // The gateway signs in whom the certificate names.
    stub.takesAnybody = true
    const { id } = await add(network)
    expect((await connected(page, id)).user).not.toBeNull()
    expect([...secrets.stored.keys()].some((account) => account.endsWith(`${id}/session-token`))).toBe(false)
  })

  it('says that a deployment is older than what is supported', async () => {
    const stub = closing(await startStubDeployment(TOKEN))
    stub.override = ({ path }) =>
      path === '/api/v2/buildinfo' ? { status: 200, body: { version: 'v2.18.5' } } : undefined
    const { page } = await start()
    expect((await page.call('deployments.probe', { url: stub.url })).tooOld).toContain(
      'supports 2.19.0 and newer',
    )
    const { id } = await page.call('deployments.add', {
      url: stub.url,
      credential: { kind: 'token', token: TOKEN },
      name: '',
    })
    expect((await connected(page, id)).tooOld).toContain('runs Coder v2.18.5')
  })
})
