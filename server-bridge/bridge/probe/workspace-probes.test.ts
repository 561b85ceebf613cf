import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Server } from 'node:net'
import ssh2 from 'ssh2'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createCoderClient } from '../../client/coder-client.ts'
import type { ConnectionEvent } from '../../contract/connection-events.ts'
import type { WorkspaceProbe } from '../../contract/workspace-probe.ts'
import { systemClock } from '../../lib/clock.ts'
import { createFakeClock } from '../../testing/fake-clock.ts'
import { generateHostKey } from '../../testing/host-key.ts'
import { runningWorkspace, startSshWorkspace, type SshWorkspace } from '../../testing/ssh-workspace.ts'
import { sampleId } from '../../testing/wire-samples.ts'
import { measureDownload, measureUpload } from './measure-speed.ts'
import { createWorkspaceProbes } from './workspace-probes.ts'
import { connectSsh } from '../ssh/ssh-connection.ts'

const requestId = '0b8f1b3e-6b1f-4c57-9a8e-0d6f5d7f7a11'

let workspace: SshWorkspace
let sshServer: Server
let commands: string[]
/** What runs in place of the command asked for. */
let runs: (command: string) => string
let events: ConnectionEvent[]
let seen: WorkspaceProbe[]

beforeEach(async () => {
  workspace = await startSshWorkspace()
  commands = []
  events = []
  seen = []
  runs = (command) => command
  const sessions = new ssh2.Server({ hostKeys: [generateHostKey()] }, (connection) => {
    connection.on('error', () => undefined)
    connection.on('authentication', (attempt) => attempt.accept())
    connection.on('session', (acceptSession) => {
      acceptSession().on('exec', (acceptExec, _reject, { command }) => {
        commands.push(command)
        const channel = acceptExec()
        const child = spawn('sh', ['-c', runs(command)])
        child.stdin.on('error', () => undefined)
        channel.pipe(child.stdin)
        child.stdout.pipe(channel)
        child.once('close', () => {
          channel.end()
          channel.close()
        })
        channel.once('close', () => child.kill())
      })
    })
  })
  sshServer = createServer((socket) => {
    ;(sessions as unknown as { injectSocket(socket: unknown): void }).injectSocket(socket)
  })
  sshServer.listen(0, '127.0.0.1')
  await once(sshServer, 'listening')
})

afterEach(async () => {
  sshServer.close()
  await workspace.close()
})

const dial = () => connect((sshServer.address() as AddressInfo).port, '127.0.0.1')

const make = (clock = systemClock) =>
  createWorkspaceProbes({
    accessOf: (deploymentId) =>
      deploymentId === 'gone'
        ? undefined
        : {
            url: workspace.url,
            token: '',
            client: createCoderClient({ baseUrl: workspace.url, token: 'abcdefghij-0123456789012345678901' }),
            transport: { open: () => Promise.resolve(dial()) },
          },
    clock,
    log: { report: (event) => events.push(event) },
    onProgress: (_, probe) => seen.push(probe),
  })
const request = { requestId, deploymentId: 'local', workspaceId: sampleId, kind: 'ping' } as const
const last = () => seen.at(-1)
const until = (check: () => boolean) => vi.waitUntil(check, { interval: 5 })

it('a ping tells its round trips as they come, and the timeline hears of the connection', async () => {
  make().start(request)
  await until(() => last()?.phase === 'done')
  expect(commands).toEqual(['cat'])
  expect(seen.map(({ phase }) => phase)).toEqual([
    'connecting',
    'ping',
    ...Array.from({ length: 10 }, () => 'ping'),
    'done',
  ])
  expect(last()?.roundTripsMs).toHaveLength(10)
  expect(events.map(({ state }) => state.kind)).toEqual(['connecting', 'open', 'closed'])
  expect(events[0]).toMatchObject({ what: 'ssh', workspaceId: sampleId, name: 'ping' })
})

it('a speed test counts what arrives, each way, and no more than asked for', async () => {
  const ssh = await connectSsh(dial())
  const { signal } = new AbortController()
  const amounts: number[] = []
  const onAmount = ({ bytes }: { readonly bytes: number }) => amounts.push(bytes)
  const maxBytes = 1_000_003
  expect(await measureDownload({ ssh, clock: systemClock, signal, maxBytes, onAmount })).toMatchObject({
    bytes: maxBytes,
  })
  expect(amounts.at(-1)).toBe(maxBytes)
  expect(await measureUpload({ ssh, clock: systemClock, signal, maxBytes, onAmount })).toMatchObject({
    bytes: maxBytes,
  })
  ssh.end()
})

it('a speed test ends by time where the way is slow, with what arrived until then', async () => {
  const clock = createFakeClock()
  // Sends a little and then nothing more.
  runs = (command) => (command.startsWith('head') ? 'printf 12345; exec sleep 60' : command)
  const ssh = await connectSsh(dial())
  const { signal } = new AbortController()
  const measured = measureDownload({ ssh, clock, signal, onAmount: () => clock.advance(5_000) })
  expect(await measured).toMatchObject({ bytes: 5 })
  expect(await measureUpload({ ssh, clock, signal, maxMs: 0, onAmount: () => undefined })).toMatchObject({
    bytes: 0,
  })
  ssh.end()
})

it('a workspace without the program is said in words', async () => {
  runs = () => 'exit 127'
  make().start(request)
  await until(() => last()?.phase === 'failed')
  expect(last()?.reason).toContain('needs a Unix shell with cat')
  expect(events.at(-1)?.state).toMatchObject({ kind: 'failed' })
})

it('a workspace that is stopped, and a deployment that is signed out, are said in words', async () => {
  workspace.workspace = runningWorkspace('connected', 'stopped')
  make().start(request)
  await until(() => last()?.phase === 'failed')
  expect(last()?.reason).toBe('Opens when the workspace runs.')
  make().start({ ...request, deploymentId: 'gone' })
  await until(() => last()?.reason === 'This deployment is not signed in.')
  expect(commands).toEqual([])
})

it('one that is cancelled ends its connection and tells nothing more', async () => {
  // Takes bytes and answers none.
  runs = () => 'cat >/dev/null'
  const probes = make()
  probes.start(request)
  await until(() => commands.length === 1)
  const connections = () =>
    new Promise<number>((resolve) => {
      sshServer.getConnections((_, count) => {
        resolve(count)
      })
    })
  const told = seen.length
  probes.cancel(requestId)
  await vi.waitUntil(async () => (await connections()) === 0, { interval: 5 })
  await until(() => events.at(-1)?.state.kind === 'closed')
  expect(seen).toHaveLength(told)
})

it('one that hangs ends by itself', async () => {
  runs = () => 'cat >/dev/null'
  const clock = createFakeClock()
  make(clock).start(request)
  await until(() => commands.length === 1)
  clock.advance(60_000)
  await until(() => last()?.phase === 'failed')
  expect(last()?.reason).toBe('The workspace did not answer in time.')
})
