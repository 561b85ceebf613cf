import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ConnectionEvent } from '#bridge/contract/connection-events'
import type { WorkspaceProbe } from '#bridge/contract/workspace-probe'
import { createHeaderVault } from '../mcp-servers/header-vault.ts'
import { startHarness, type AppHarness } from '../../testing/app-harness.ts'
import { testUuid } from '../../testing/builders.ts'
import {
  createFakeProcessHost,
  createFakeSecrets,
  type FakeProcess,
  type FakeProcessHost,
  type FakeSecrets,
} from '../../testing/fake-ports.ts'
import { startStubDeployment, type StubDeployment } from '../../testing/stub-deployment.ts'

/** One of each kind that a vault holds, each with a mark that nothing else has. */
const token = 'Abcdefghij-0123456789abcdefghijkl'
const oldToken = 'Zyxwvutsrq-9876543210zyxwvutsrqpo'
const refreshToken = 'marked-five-of-a-renewal'
const headerValue = 'Bearer header "secret" ä/+= marked-one'
const bearer = 'b'.repeat(20) + 'MarkedTwo' + 'c'.repeat(14)
const serverKey = Buffer.from('the key that is marked three 1234').toString('base64')
const marks = [
  '0123456789abcdefghijkl',
  '9876543210zyxwvutsrqpo',
  'marked-one',
  'marked-five',
  'MarkedTwo',
  serverKey.slice(4, 20),
  'dGhlIGtleSB0aGF0',
  'hunter-two',
]

let folder: string
let secrets: FakeSecrets
let stub: StubDeployment
let host: FakeProcessHost
let harness: AppHarness

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'outpost-diagnostics-'))
  secrets = createFakeSecrets()
  stub = await startStubDeployment(token)
  host = createFakeProcessHost()
  host.onStart = answer
})

afterEach(async () => {
  await harness.close()
  await stub.close()
  await rm(folder, { recursive: true, force: true })
})

/** Helper processes that are ready at once, and end when asked. */
function answer(process: FakeProcess): void {
  const post = process.post
  process.post = (message) => {
    post(message)
    const { type, requestId } = message as { type: string; requestId?: string }
    queueMicrotask(() => {
      if (type === 'start') process.say({ type: 'ready', url: stub.url, pid: 1 })
      if (type === 'mint-owner-session') process.say({ type: 'owner-session', requestId, token })
      if (type === 'shutdown') process.exit(0)
    })
  }
  if (process.entry === 'bridge') queueMicrotask(() => process.say({ type: 'ready', pid: 2 }))
}

const start = async () => {
  harness = await startHarness({ userDataDir: folder, secrets, processHost: host })
  const { page } = harness
  await page
    .subscribe('deployments.watch', {})
    .next(({ deployments }) => deployments.some(({ state }) => state.kind === 'connected'))
  return { page, bridge: () => host.started.find(({ entry }) => entry === 'bridge') as FakeProcess }
}

const event = (change: Partial<ConnectionEvent>): ConnectionEvent => ({
  what: 'terminal',
  connectionId: testUuid(1),
  deploymentId: 'local',
  workspaceId: null,
  agentId: testUuid(2),
  name: '',
  at: Date.now(),
  state: { kind: 'open' },
  ...change,
})

describe('the timeline', () => {
  it('has what the bridge and the app itself connect to, with the latency and the way', async () => {
    const { page, bridge } = await start()
    const watch = page.subscribe('diagnostics.watch', { deploymentId: 'local' })
    bridge().say({ type: 'connection-event', event: event({}) })
    bridge().say({
      type: 'workspace-link',
      deploymentId: 'local',
      workspaceId: testUuid(3),
      transport: 'coder-cli',
      network: { isDirect: true, latencyMs: 12, relay: 'fra', isCoderConnect: false },
    })
    const seen = await watch.next(({ entries, links }) => entries.length >= 2 && links.length > 0)
    expect(seen.entries.map(({ event: { what, state } }) => `${what} ${state.kind}`)).toEqual(
      expect.arrayContaining(['deployment open', 'terminal open']),
    )
    expect(seen.latency.length).toBeGreaterThan(0)
    expect(seen.links[0]).toMatchObject({ network: { isDirect: true, latencyMs: 12 } })
    watch.cancel()
  })

  it('tries a connection that waits, at whoever holds it', async () => {
    const { page, bridge } = await start()
    await page.call('diagnostics.retry', {
      deploymentId: 'local',
      what: 'terminal',
      connectionId: testUuid(1),
    })
    expect(bridge().posted).toContainEqual({
      type: 'retry-connection',
      what: 'terminal',
      connectionId: testUuid(1),
    })
    const before = stub.requests.length
    await page.call('diagnostics.retry', { deploymentId: 'local', what: 'deployment', connectionId: 'local' })
    await page
      .subscribe('deployments.watch', {})
      .next(({ deployments }) => deployments[0]?.state.kind === 'connected' && stub.requests.length > before)
  })

  it('drops an event that does not fit the contract', async () => {
    const { bridge } = await start()
    bridge().say({ type: 'connection-event', event: { ...event({}), extra: 1 } })
    expect(harness.logger.lines.join('')).toContain('not in the contract')
  })
})

describe('the checks', () => {
  it('come one by one and end; what was found last goes into the bundle', async () => {
    const { page } = await start()
    const run = page.subscribe('diagnostics.runChecks', { deploymentId: 'local' })
    expect(await run.end()).toBe('done')
    const last = run.outputs.at(-1)
    expect(last?.isDone).toBe(true)
    expect(last?.route).toBe('Outpost connects directly, without a proxy.')
    expect(last?.checks.find(({ id }) => id === 'token')).toMatchObject({
      status: 'ok',
      found: 'Accepted: you are tester.',
    })
    // The stub takes no WebSockets, and says so by its status.
    expect(last?.checks.find(({ id }) => id === 'websocket')?.status).not.toBe('ok')
    const { files } = await page.call('diagnostics.previewBundle', { leaveOutHosts: false })
    expect(files.find(({ name }) => name === 'checks.json')?.text).toContain('Accepted: you are tester.')
  })

  it('are refused for a deployment that is not in the list', async () => {
    const { page } = await start()
    const run = page.subscribe('diagnostics.runChecks', { deploymentId: 'gone' })
    expect(await run.end()).toMatchObject({ code: 'deployment_unknown' })
  })
})

describe('a probe', () => {
  const request = { deploymentId: 'local', workspaceId: testUuid(3), kind: 'speed' } as const
  const probe: WorkspaceProbe = {
    phase: 'ping',
    roundTripsMs: [1],
    download: null,
    upload: null,
    reason: null,
  }
  const asked = async (bridge: () => FakeProcess) => {
    let found: { requestId: string } | undefined
    while (found === undefined) {
      await new Promise((resolve) => setImmediate(resolve))
      found = bridge().posted.find(
        (message): message is { requestId: string } =>
          (message as { type: string }).type === 'probe-workspace',
      )
    }
    return found
  }

  it('tells how far it is, and its result', async () => {
    const { page, bridge } = await start()
    const run = page.subscribe('diagnostics.probeWorkspace', request)
    const { requestId } = await asked(bridge)
    bridge().say({ type: 'probe-progress', requestId, probe })
    expect(await run.next()).toEqual(probe)
    bridge().say({ type: 'probe-progress', requestId, probe: { ...probe, phase: 'done' } })
    expect(await run.end()).toBe('done')
    expect(run.outputs.at(-1)?.phase).toBe('done')
    expect(bridge().posted).not.toContainEqual({ type: 'cancel-probe', requestId })
  })

  it('is cancelled with whoever watches it, and ends with the bridge', async () => {
    const { page, bridge } = await start()
    const run = page.subscribe('diagnostics.probeWorkspace', request)
    const { requestId } = await asked(bridge)
    run.cancel()
    await new Promise((resolve) => setImmediate(resolve))
    expect(bridge().posted).toContainEqual({ type: 'cancel-probe', requestId })
    bridge().posted.length = 0
    const other = page.subscribe('diagnostics.probeWorkspace', request)
    await asked(bridge)
    bridge().exit(1)
    expect(await other.end()).toMatchObject({ code: 'bridge_down' })
  })
})

describe('a support bundle', () => {
  /** Every secret in every form that it could be logged in, and in a setting and a reason. */
  async function seed(): Promise<void> {
    const all = [token, oldToken, refreshToken, headerValue, bearer, serverKey]
    secrets.stored.set(
      'deployment/old/session-token',
      JSON.stringify({ version: 1, kind: 'oauth2', accessToken: oldToken, refreshToken }),
    )
    secrets.stored.set('local-deployment-secret-keys', serverKey)
    const gateway = {
      deploymentId: 'local',
      userId: testUuid(900),
      serverId: testUuid(5),
      workspaceId: testUuid(6),
    }
    secrets.stored.set(
      `deployment/local/header-gateway/${gateway.userId}/${gateway.serverId}/${gateway.workspaceId}`,
      bearer,
    )
    await createHeaderVault(secrets).write(
      { deploymentId: 'local', userId: testUuid(900), serverId: testUuid(5) },
      { 'X-Custom': headerValue },
    )
    await writeFile(
      join(folder, 'header-gateways.json'),
      JSON.stringify({ version: 2, data: [{ ...gateway, port: 7301, day: '2026-11-26', calls: 0 }] }),
    )
    await writeFile(
      join(folder, 'deployments.json'),
      JSON.stringify({
        version: 1,
        data: {
          activeId: 'local',
          deployments: [
            { kind: 'local', id: 'local', name: 'This computer' },
            { kind: 'remote', id: 'old', name: 'coder.corp.example', url: 'https://coder.corp.invalid' },
          ],
        },
      }),
    )
    const lines = all.flatMap((secret) => [
      secret,
      JSON.stringify({ message: secret }),
      JSON.stringify({ line: JSON.stringify({ message: secret }) }),
      `GET https://app.coder.corp.invalid/x?y=${encodeURIComponent(secret)} from 10.1.2.3`,
      Buffer.from(secret).toString('base64'),
      Buffer.from(`user:${secret}`).toString('base64'),
      Buffer.from(secret).toString('hex'),
      `--header=${secret}`,
    ])
    lines.push(
      'http_proxy=http://me:hunter-two@proxy.corp.invalid:3128',
      'Authorization: Basic aHVudGVyLXR3bw==',
    )
    await mkdir(join(folder, 'logs'))
    await writeFile(join(folder, 'logs', 'main.log'), `${lines.join('\n')}\nan ordinary line\n`)
    await writeFile(
      join(folder, 'logs', 'main.log.1'),
      `${'x'.repeat(700_000)}${token}\n${`${'y'.repeat(99)}\n`.repeat(10_500)}`,
    )
  }

  async function read(file: string): Promise<Record<string, string>> {
    const script =
      'import json,sys,zipfile\nz=zipfile.ZipFile(sys.argv[1])\nassert z.testzip() is None\nprint(json.dumps({n:z.read(n).decode() for n in z.namelist()}))'
    return JSON.parse(
      execFileSync('python3', ['-c', script, file], { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 }),
    ) as Record<string, string>
  }

  async function startSeeded() {
    await seed()
    const { page, bridge } = await start()
    await page.call('settings.update', {
      terminal: { profiles: [{ name: 'one', command: `APP_PASSWORD=hunter-two run ${token}` }] },
    })
    bridge().say({
      type: 'connection-event',
      event: event({ state: { kind: 'waiting', reason: `Refused ${headerValue}`, retryAt: null } }),
    })
    await page
      .subscribe('diagnostics.watch', { deploymentId: 'local' })
      .next(({ entries }) => entries.some(({ event: { what } }) => what === 'terminal'))
    return { page, file: join(folder, 'bundle.zip') }
  }

  it('holds what helps and no secret of any vault, in whatever form', async () => {
    const { page, file } = await startSeeded()
    harness.desktop.savePath = file
    const preview = await page.call('diagnostics.previewBundle', { leaveOutHosts: false })
    expect(await page.call('diagnostics.saveBundle', { leaveOutHosts: false })).toEqual({ saved: true })
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    const files = await read(file)
    expect(Object.keys(files)).toEqual(preview.files.map(({ name }) => name))
    expect(Object.keys(files)).toEqual(
      expect.arrayContaining(['logs/main.log', 'logs/main.log.1', 'timeline.txt']),
    )
    expect(preview).toMatchObject({ secretsMasked: 7, note: null })
    for (const [name, text] of Object.entries(files)) {
      for (const mark of marks) {
        expect(text.includes(mark), `${mark} in ${name}`).toBe(false)
        expect(text.includes(Buffer.from(mark).toString('hex')), `${mark} in hex in ${name}`).toBe(false)
      }
    }
    expect(files['logs/main.log']).toContain('an ordinary line')
    expect(files['timeline.txt']).toMatch(/Terminal on This computer, agent .*: waits\. Refused \[secret\]/)
    expect(files['settings.json']).toContain('"theme": "system"')
    expect(files['deployments.json']).toContain('https://coder.corp.invalid')
    expect(JSON.stringify(preview)).not.toContain('marked-one')
  })

  it('leaves out names of hosts when asked to', async () => {
    const { page, file } = await startSeeded()
    harness.desktop.savePath = file
    await page.call('diagnostics.saveBundle', { leaveOutHosts: true })
    const files = await read(file)
    for (const [name, text] of Object.entries(files)) {
      expect(/corp|10\.1\.2\.3/.test(text), name).toBe(false)
    }
    expect(files['logs/main.log']).toMatch(/GET https:\/\/host-\d\/x.* from host-\d/)
    expect(files['deployments.json']).toContain('deployment-2')
    expect(files['versions.json']).toContain('130.0.0.0')
  })

  it('has no log files while the keychain is locked, and says so', async () => {
    const { page } = await startSeeded()
    secrets.become({ kind: 'locked', backend: 'Test Keyring' })
    const { files, note } = await page.call('diagnostics.previewBundle', { leaveOutHosts: false })
    expect(files.map(({ name }) => name)).not.toContain('logs/main.log')
    expect(note).toContain('Unlock the keychain')
    expect(JSON.stringify(files)).not.toContain('0123456789abcdefghijkl')
  })

  it('is not saved when the user leaves the dialog, and says when it cannot be', async () => {
    const { page } = await startSeeded()
    expect(await page.call('diagnostics.saveBundle', { leaveOutHosts: false })).toEqual({ saved: false })
    harness.desktop.savePath = join(folder, 'nowhere', 'bundle.zip')
    await expect(page.call('diagnostics.saveBundle', { leaveOutHosts: false })).rejects.toMatchObject({
      error: { code: 'not_saved' },
    })
  })
})
