import { X509Certificate } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { OpenTunnel, TunnelState } from '#bridge/contract/tunnels'
import type { KeychainState } from '#ipc/keychain'
import type { TunnelDraft } from '#ipc/tunnels'
import { createLiveValue } from '../../lib/live-value.ts'
import { createStorageNotices } from '../../lib/storage-notices.ts'
import type { VersionedFile } from '../../lib/versioned-file.ts'
import { SecretsError } from '../../ports/secrets.ts'
import { testUuid } from '../../testing/builders.ts'
import { createFakeDesktop } from '../../testing/fake-ports.ts'
import { createManualClock } from '../../testing/manual-clock.ts'
import { createRecordingLogger } from '../../testing/recording-logger.ts'
import type { DeploymentConnection } from '../deployments/connection.ts'
import { createLocalAuthority, type LocalAuthority } from './local-authority.ts'
import { createTunnels, type NewTunnel, type Tunnels } from './tunnels.ts'
import { openTunnelsFile, type TunnelsFile } from './tunnels-file.ts'
import { createTunnelsHandlers, type TunnelsHandlersDeps } from './tunnels-handlers.ts'

const here = (port: number) => ({ kind: 'tcp', host: '127.0.0.1', port }) as const
const draft = (change: Partial<TunnelDraft> = {}): TunnelDraft => ({
  name: '',
  kind: 'local',
  agentName: null,
  listen: here(3000),
  anyPort: false,
  target: here(8080),
  https: false,
  ...change,
})
const tunnel = (change: Partial<TunnelDraft> = {}, rest: Partial<NewTunnel> = {}): NewTunnel => ({
  deploymentId: 'local',
  workspaceId: testUuid(1),
  workspaceName: 'api',
  enabled: true,
  draft: draft(change),
  ...rest,
})

let folder: string
const clock = createManualClock()
const logger = createRecordingLogger()
const keychainState = createLiveValue<KeychainState>({ kind: 'works', backend: 'Test' })
let entries: Map<string, string>
let isLocked: boolean
let isListed: boolean
let opened: Map<string, Omit<OpenTunnel, 'type'>>
let retried: string[]
let file: VersionedFile<TunnelsFile>
let authority: LocalAuthority
let tunnels: Tunnels

const keychain = {
  state: keychainState,
  get: async (account: string) => {
    if (isLocked) throw new SecretsError('locked', 'It is locked.')
    return entries.get(account) ?? null
  },
  set: async (account: string, value: string) => {
    if (isLocked) throw new SecretsError('locked', 'It is locked.')
    entries.set(account, value)
  },
}

async function start(): Promise<void> {
  opened = new Map()
  file = await openTunnelsFile({ folder, notices: createStorageNotices(), clock, logger })
  authority = createLocalAuthority({ file, keychain, hostName: 'laptop', clock })
  tunnels = createTunnels({
    file,
    authority,
    bridge: {
      openTunnel: (request) => void opened.set(request.tunnelId, request),
      closeTunnel: (id) => void opened.delete(id),
      retryTunnel: (id) => void retried.push(id),
    },
    isListed: () => isListed,
    keychain,
    logger,
  })
  await new Promise((done) => setImmediate(done))
}
const say = (id: string, change: Partial<TunnelState>): void =>
  tunnels.onState({
    type: 'tunnel-state',
    tunnelId: id,
    connection: { kind: 'open' },
    listening: here(3000),
    traffic: { openConnections: 1, connections: 2, bytesUp: 3, bytesDown: 4, errors: 0 },
    lastError: null,
    ...change,
  })
const shown = () => tunnels.views.get()

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'outpost-tunnels-'))
  entries = new Map()
  isLocked = false
  isListed = true
  retried = []
  await start()
})
afterEach(async () => {
  tunnels.close()
  await file.settled()
  await rm(folder, { recursive: true })
})

describe('a tunnel', () => {
  it('is open from its making on, says how it is, and is there after a restart on the same port', async () => {
    const id = await tunnels.create(tunnel())
    expect(opened.get(id)).toEqual({
      tunnelId: id,
      deploymentId: 'local',
      workspaceId: testUuid(1),
      agentName: null,
      kind: 'local',
      listen: here(3000),
      anyPort: false,
      target: here(8080),
      certificate: null,
    })
    say(id, {})
    expect(shown()).toMatchObject([
      {
        title: 'Port 8080',
        connection: { kind: 'open' },
        url: 'http://localhost:3000/',
        traffic: { bytesDown: 4 },
      },
    ])
    await start()
    expect(opened.get(id)).toMatchObject({ listen: here(3000) })
    expect(shown()).toMatchObject([{ connection: { kind: 'connecting' }, url: null }])
  })

  it('that is off stays off, also after a restart, and comes back on the same port', async () => {
    const id = await tunnels.create(tunnel())
    await tunnels.setEnabled(id, false)
    say(id, {})
    expect([opened.size, shown()[0]?.connection]).toEqual([0, { kind: 'off' }])
    await start()
    expect(opened.size).toBe(0)
    tunnels.retry(id)
    expect(retried).toEqual([])
    await tunnels.setEnabled(id, true)
    expect(opened.get(id)).toMatchObject({ listen: here(3000) })
  })

  it('keeps the port it was given where any would do', async () => {
    const id = await tunnels.create(tunnel({ listen: here(0), anyPort: true }))
    say(id, { listening: here(45_123) })
    await file.settled()
    await start()
    expect(opened.get(id)).toMatchObject({ listen: here(45_123), anyPort: true })
  })

  it('is not saved for a port that another one has, and says which', async () => {
    await tunnels.create(tunnel({ name: 'Web' }))
    await expect(tunnels.create(tunnel({ kind: 'dynamic', target: null }))).rejects.toMatchObject({
      code: 'port_used',
      message: 'The tunnel “Web” of api listens there already. Choose another one.',
    })
    // In workspaces ports are theirs.
    await tunnels.create(tunnel({ kind: 'remote' }))
    await tunnels.create(tunnel({ kind: 'remote' }, { workspaceId: testUuid(2) }))
    await expect(tunnels.create(tunnel({ kind: 'remote' }))).rejects.toMatchObject({ code: 'port_used' })
    expect(shown()).toHaveLength(3)
  })

  it('is changed, and opened with what changed', async () => {
    const id = await tunnels.create(tunnel())
    await tunnels.update(id, draft({ target: here(9090) }))
    expect(opened.get(id)).toMatchObject({ target: here(9090) })
    await tunnels.setEnabled(id, false)
    await tunnels.update(id, draft({ target: here(9091) }))
    expect(opened.size).toBe(0)
    await tunnels.remove(id)
    await expect(tunnels.update(id, draft())).rejects.toMatchObject({ code: 'tunnel_unknown' })
  })

  it('stays while the deployment is signed out, and goes with it', async () => {
    const id = await tunnels.create(tunnel())
    tunnels.sessionChanged('local')
    expect(opened.has(id)).toBe(true)
    isListed = false
    tunnels.sessionChanged('local')
    await file.settled()
    expect([opened.size, shown()]).toEqual([0, []])
  })
})

const handlersWith = (given: Partial<TunnelsHandlersDeps> = {}) =>
  createTunnelsHandlers({
    tunnels,
    authority,
    connection: () => ({}) as unknown as DeploymentConnection,
    openPage: async () => undefined,
    desktop: createFakeDesktop(),
    visible: createLiveValue(true),
    clock,
    ...given,
  })

describe('a socket file of this computer', () => {
  const socket = { kind: 'socket', path: '/var/run/docker.sock' } as const
  it.each([
    ['listened on', { listen: socket }],
    ['offered to a workspace', { kind: 'remote', target: socket }],
  ] as const)('is asked about in a dialog of the system before it is %s', async (_, change) => {
    const asked: string[] = []
    let answer = 1
    const ask = async ({ detail }: { detail: string }): Promise<number> => {
      asked.push(detail)
      return answer
    }
    const handlers = handlersWith({ desktop: { ask } })
    const call = { signal: new AbortController().signal } as never
    await expect(handlers.create(tunnel(change), call)).rejects.toMatchObject({ code: 'cancelled' })
    expect(shown()).toEqual([])
    answer = 0
    const { id } = await handlers.create(tunnel(change), call)
    await handlers.update({ id, draft: draft({ ...change, name: 'Engine' }) }, call)
    expect(asked.map((detail) => detail.split('\n')[0])).toEqual([
      '/var/run/docker.sock',
      '/var/run/docker.sock',
    ])
  })
})

describe('HTTPS', () => {
  it('has a certificate for the name of the workspace and the port, by an authority whose key is in no file', async () => {
    await authority.make()
    await authority.make()
    const id = await tunnels.create(tunnel({ https: true }))
    const given = opened.get(id)?.certificate
    const [leaf, ca] = [
      new X509Certificate(given?.chain ?? ''),
      new X509Certificate(authority.certificate.get() ?? ''),
    ]
    expect(leaf.checkHost('api--8080.localhost')).toBe('api--8080.localhost')
    expect(leaf.verify(ca.publicKey)).toBe(true)
    say(id, {})
    expect(shown()[0]?.url).toBe('https://api--8080.localhost:3000/')
    await file.settled()
    const text = await readFile(join(folder, 'tunnels.json'), 'utf8')
    expect(text).toContain('BEGIN CERTIFICATE')
    expect(text).not.toContain('PRIVATE KEY')
    expect([...entries.values()].join('')).toContain('PRIVATE KEY')
    expect(JSON.stringify(shown())).not.toContain('PRIVATE KEY')
  })

  it('waits for a keychain that is locked, with what to do, and opens once it is not', async () => {
    await authority.make()
    isLocked = true
    const id = await tunnels.create(tunnel({ https: true }))
    expect(shown()[0]?.connection).toEqual({
      kind: 'failed',
      code: 'refused',
      reason: 'The keychain is locked, and the key for HTTPS is in it. Unlock it.',
    })
    isLocked = false
    keychainState.set({ kind: 'works', backend: 'Other' })
    await new Promise((done) => setImmediate(done))
    expect(opened.has(id)).toBe(true)
  })

  it('is not there without the user’s consent', async () => {
    await tunnels.create(tunnel({ https: true }))
    expect(opened.size).toBe(0)
    expect(shown()[0]?.connection).toMatchObject({ reason: expect.stringContaining('agree') as string })
  })
})

describe('one click on a port of the workspace', () => {
  let pages: string[]
  const openPort = (port: number) => {
    pages = []
    const handlers = handlersWith({ openPage: async (url) => pages.push(url) })
    const place = { deploymentId: 'local', workspaceId: testUuid(1), workspaceName: 'api', agentName: null }
    const signal = new AbortController().signal
    return handlers.openPort({ ...place, port }, { signal } as never) as Promise<{ id: string }>
  }
  const answer = async (port: number): Promise<{ id: string }> => {
    const clicked = openPort(5173)
    await new Promise((done) => setImmediate(done))
    await file.settled()
    await new Promise((done) => setImmediate(done))
    const [id = ''] = opened.keys()
    say(id, { listening: here(port) })
    return clicked
  }

  it('makes a tunnel on the same number, or any where that is taken, and opens it', async () => {
    const { id } = await answer(40_001)
    expect(opened.get(id)).toMatchObject({ listen: { port: 5173 }, anyPort: true, target: here(5173) })
    expect(pages).toEqual(['http://localhost:40001/'])
    await tunnels.setEnabled(id, false)
    expect(await answer(40_001)).toEqual({ id })
    expect(shown()).toHaveLength(1)
  })

  it('tells why it came to nothing', async () => {
    const clicked = openPort(5173)
    const failed = expect(clicked).rejects.toMatchObject({ code: 'not_open', message: 'It is taken.' })
    await new Promise((done) => setImmediate(done))
    await file.settled()
    await new Promise((done) => setImmediate(done))
    const [id = ''] = opened.keys()
    say(id, { connection: { kind: 'failed', code: 'port_taken', reason: 'It is taken.' }, listening: null })
    await failed
  })
})
