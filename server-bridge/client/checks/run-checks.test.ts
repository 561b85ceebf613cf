import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import { connect, type AddressInfo, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Duplex } from 'node:stream'
import { createSecureContext } from 'node:tls'
import { afterEach, expect, it } from 'vitest'
import { WebSocketServer } from 'ws'
import type { Check } from '../../contract/connection-checks.ts'
import { systemClock } from '../../lib/clock.ts'
import { createFakeClock } from '../../testing/fake-clock.ts'
import { createSelfSigned, type SelfSigned, type SelfSignedOptions } from '../../testing/self-signed.ts'
import { directRoute, type CheckRoute } from './check-route.ts'
import { networkRoute } from './network-route.ts'
import { runChecks, type ChecksInput } from './run-checks.ts'

const token = 'Abcdefghij-0123456789abcdefghijkl'
const day = 86_400_000
const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

interface Deployment {
  readonly port: number
  readonly tokensSeen: string[]
  /** Answers in place of the usual ones. */
  answers: Record<string, { readonly status: number; readonly body?: unknown; readonly date?: string }>
  takesUpgrades: boolean
}

/** What a Coder deployment answers, over HTTP or over TLS. */
async function startDeployment(certificate?: SelfSigned): Promise<Deployment> {
  const sockets = new Set<Socket>()
  const server: Server = certificate === undefined ? createServer() : createSecureServer(certificate)
  const websockets = new WebSocketServer({ noServer: true })
  server.on(certificate === undefined ? 'connection' : 'secureConnection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
  })
  const usual: Deployment['answers'] = {
    '/api/v2/buildinfo': { status: 200, body: { version: 'v2.31.0' } },
    '/api/v2/users/me': { status: 200, body: user },
  }
  server.on('request', (incoming, response) => {
    const given = incoming.headers['coder-session-token']
    if (typeof given === 'string') deployment.tokensSeen.push(given)
    const path = incoming.url ?? ''
    const known = deployment.answers[path] ?? usual[path]
    const refused = path !== '/api/v2/buildinfo' && given !== token
    const { status, body, date } = refused
      ? { status: 401, body: { message: 'No.' }, date: undefined }
      : (known ?? { status: 404, body: { message: 'Route not found.' }, date: undefined })
    response.writeHead(status, {
      'content-type': 'application/json',
      ...(date === undefined ? {} : { date }),
    })
    response.end(JSON.stringify(body ?? {}))
  })
  server.on('upgrade', (incoming, socket: Duplex, head: Buffer) => {
    if (!deployment.takesUpgrades) {
      socket.end('HTTP/1.1 426 Upgrade Required\r\ncontent-length: 0\r\n\r\n')
      return
    }
    websockets.handleUpgrade(incoming, socket, head, () => undefined)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  closers.push(async () => {
    for (const socket of sockets) socket.destroy()
    server.close()
    await once(server, 'close')
  })
  const deployment: Deployment = {
    port: (server.address() as AddressInfo).port,
    tokensSeen: [],
    answers: {},
    takesUpgrades: true,
  }
  return deployment
}

const user = {
  id: '5a4f9a52-4a3e-4b6f-8f55-54f2b9d9c001',
  username: 'tester',
  created_at: '2026-11-22T12:00:00Z',
  status: 'active',
  login_type: 'password',
  organization_ids: [],
  roles: [],
}

async function check(url: string, change: Partial<ChecksInput> = {}) {
  let checks: readonly Check[] = []
  await runChecks({
    url,
    token,
    route: directRoute,
    userAgent: 'outpost/test',
    clock: systemClock,
    signal: new AbortController().signal,
    onChange: (next) => (checks = next),
    ...change,
  })
  const of = (id: Check['id']) => checks.find((one) => one.id === id)
  return { of, statuses: Object.fromEntries(checks.map(({ id, status }) => [id, status])) }
}

const secure = async (options?: SelfSignedOptions) => {
  const certificate = createSelfSigned(options)
  const deployment = await startDeployment(certificate)
  return { deployment, certificate, url: `https://localhost:${String(deployment.port)}` }
}
const trusting = (certificate: SelfSigned): CheckRoute => ({
  ...directRoute,
  secureContext: () => Promise.resolve(createSecureContext({ ca: certificate.cert })),
})

it('a deployment that is well passes all, and says who it is and who you are', async () => {
  const { certificate, url } = await secure({ notAfter: new Date(Date.now() + 90 * day) })
  const { of, statuses } = await check(url, { route: trusting(certificate) })
  expect(statuses).toEqual({
    dns: 'ok',
    tcp: 'ok',
    tls: 'ok',
    http: 'ok',
    clock: 'ok',
    token: 'ok',
    websocket: 'ok',
    health: 'skipped',
  })
  expect(of('tls')?.found).toMatch(/^TLSv1\.3, issued by localhost, valid until \d{4}-\d\d-\d\d\.$/)
  expect(of('http')?.found).toBe('Coder v2.31.0 answers.')
  expect(of('token')?.found).toBe('Accepted: you are tester.')
  expect(of('http')?.ms).toBeGreaterThan(0)
})

it('a name that does not exist is said, and nothing behind it is tried', async () => {
  const { of, statuses } = await check('https://coder.invalid')
  expect(statuses).toEqual({
    dns: 'failed',
    tcp: 'skipped',
    tls: 'skipped',
    http: 'skipped',
    clock: 'skipped',
    token: 'skipped',
    websocket: 'skipped',
    health: 'skipped',
  })
  expect(of('dns')).toMatchObject({
    found: 'The name of coder.invalid could not be found.',
    advice: 'Check the address, and the network or VPN.',
  })
  expect(of('token')?.found).toBe('Not tried, since what answers is no Coder deployment.')
})

it('a port that nobody listens on is said', async () => {
  const deployment = await startDeployment()
  await closers.pop()?.()
  const { of } = await check(`http://127.0.0.1:${String(deployment.port)}`)
  expect(of('dns')?.status).toBe('skipped')
  expect(of('tcp')).toMatchObject({
    status: 'failed',
    found: 'Nothing listens at 127.0.0.1.',
    advice: 'Check the address and port, and whether the server runs.',
  })
})

it.each([
  { what: 'that nobody vouches for', options: {}, says: /not trusted: it is self-signed\. It was issued by/ },
  {
    what: 'that has expired',
    options: { notBefore: new Date(Date.now() - 9 * day), notAfter: new Date(Date.now() - day) },
    says: /has expired|self-signed/,
  },
])('a certificate $what ends the checks before the token is sent', async ({ options, says }) => {
  const { deployment, url } = await secure(options)
  const { of, statuses } = await check(url)
  expect(of('tls')).toMatchObject({ status: 'failed', found: expect.stringMatching(says) })
  expect(statuses['http']).toBe('skipped')
  expect(deployment.tokensSeen).toEqual([])
})

it('an expired certificate of a known issuer, and one that ends soon, are said with the day', async () => {
  const expired = await secure({
    notBefore: new Date(Date.now() - 9 * day),
    notAfter: new Date(Date.now() - day),
  })
  const failed = await check(expired.url, { route: trusting(expired.certificate) })
  expect(failed.of('tls')).toMatchObject({
    status: 'failed',
    found: expect.stringMatching(/it has expired\. It was issued by localhost and is valid until \d{4}-/),
    advice: expect.stringContaining('to renew it'),
  })
  const soon = await secure({ notAfter: new Date(Date.now() + 3.5 * day) })
  const warned = await check(soon.url, { route: trusting(soon.certificate) })
  expect(warned.of('tls')).toMatchObject({
    status: 'warning',
    advice: expect.stringMatching(/^It ends in 3 days/),
  })
  expect(warned.of('http')?.status).toBe('ok')
})

it('a refused token, and none at all, lead to signing in', async () => {
  const deployment = await startDeployment()
  const url = `http://127.0.0.1:${String(deployment.port)}`
  const refused = await check(url, { token: 'Zzzzzzzzzz-0123456789abcdefghijkl' })
  expect(refused.of('token')).toMatchObject({
    status: 'failed',
    found: 'The deployment refused your token.',
    advice: 'Sign in again.',
  })
  expect(refused.statuses['websocket']).toBe('skipped')
  const none = await check(url, { token: undefined })
  expect(none.of('token')?.found).toBe('You are signed out of this deployment.')
})

it('a way that lets no WebSocket pass, a clock that is wrong and an ill deployment are said', async () => {
  const deployment = await startDeployment()
  deployment.takesUpgrades = false
  const behind = new Date(Date.now() + 7 * 60_000).toUTCString()
  const section = { severity: 'ok', warnings: [], dismissed: false, healthy: true }
  const warnings = [{ code: 'EACS03', message: 'The access URL is not reachable.' }]
  deployment.answers = {
    '/api/v2/buildinfo': { status: 200, body: { version: 'v2.31.0' }, date: behind },
    '/api/v2/debug/health': {
      status: 200,
      body: {
        time: '2026-11-22T12:00:00Z',
        healthy: false,
        severity: 'warning',
        coder_version: 'v2.31.0',
        derp: { ...section, regions: {}, netcheck_logs: [] },
        access_url: { ...section, severity: 'warning', warnings, access_url: '', reachable: false },
        websocket: section,
        database: section,
        workspace_proxy: { ...section, workspace_proxies: { regions: [] } },
        provisioner_daemons: { ...section, items: [] },
      },
    },
  }
  const { of } = await check(`http://127.0.0.1:${String(deployment.port)}`)
  expect(of('websocket')).toMatchObject({
    status: 'failed',
    found: 'A WebSocket was answered with status 426.',
  })
  expect(of('clock')).toMatchObject({
    status: 'warning',
    found: 'The clock of this computer is 7 min behind the deployment’s.',
  })
  expect(of('health')).toMatchObject({
    status: 'warning',
    found: 'The deployment says that something is wrong with: access URL.',
    advice: 'The access URL is not reachable.',
  })
})

it('a sign-in page in place of the deployment is said, and gets no token', async () => {
  const deployment = await startDeployment()
  const url = `http://127.0.0.1:${String(deployment.port)}`
  deployment.answers = { '/api/v2/buildinfo': { status: 200, body: 'welcome' } }
  expect((await check(url)).of('http')).toMatchObject({
    status: 'failed',
    advice: 'Check the address. A proxy or a sign-in page may stand in between.',
  })
  expect(deployment.tokensSeen).toEqual([])
})

it('everything goes through a proxy where there is one, which also looks up the name', async () => {
  const { deployment, certificate } = await secure()
  const asked: string[] = []
  const proxy = createServer().on('connect', (incoming, socket: Duplex) => {
    asked.push(incoming.url ?? '')
    const upstream = connect(deployment.port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n')
      upstream.pipe(socket).pipe(upstream)
    })
    for (const one of [upstream, socket]) one.on('error', () => undefined)
    socket.on('close', () => upstream.destroy())
  })
  const tunnels = new Set<Socket>()
  proxy.on('connection', (socket) => tunnels.add(socket))
  proxy.listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  closers.push(async () => {
    for (const socket of tunnels) socket.destroy()
    proxy.close()
    await once(proxy, 'close')
  })
  const { port } = proxy.address() as AddressInfo
  const caFile = join(await mkdtemp(join(tmpdir(), 'outpost-checks-')), 'ca.pem')
  closers.push(() => rm(dirname(caFile), { recursive: true }))
  await writeFile(caFile, certificate.cert)
  const url = 'https://coder.example.test'
  const route = networkRoute(
    {
      ...{ caFile, certFile: '', keyFile: '', refreshCommand: '', headerCommand: '' },
      serverName: 'localhost',
      proxies: [{ scheme: 'http', host: '127.0.0.1', port }],
      proxyCredentials: null,
    },
    { environment: {}, clock: systemClock, url },
  )
  expect(route.words).toBe(`Outpost connects through the HTTP proxy 127.0.0.1:${String(port)}.`)
  const { of, statuses } = await check(url, { route })
  expect(of('dns')).toMatchObject({ status: 'skipped', found: 'The proxy looks up the name.' })
  expect(statuses).toMatchObject({ tcp: 'ok', http: 'ok', token: 'ok', websocket: 'ok' })
  expect(new Set(asked)).toEqual(new Set(['coder.example.test:443']))
})

it('a host that takes a connection and says nothing is given up, and cancelling ends it at once', async () => {
  const server = createServer()
  server.on('request', () => undefined)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  closers.push(async () => {
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  })
  const url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`
  const clock = createFakeClock()
  server.once('request', () => {
    clock.advance(20_000)
  })
  const { of } = await check(url, { clock })
  expect(of('http')).toMatchObject({ status: 'failed', found: '127.0.0.1 did not answer in time.' })
  expect(clock.pending).toBe(0)

  const left = new AbortController()
  server.once('request', () => {
    left.abort(new Error('Cancelled.'))
  })
  await expect(check(url, { signal: left.signal })).rejects.toThrow('Cancelled.')
})
