/** The way into a workspace by a command line, with a stand-in that is started, fed and ended as Coder's own is. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Client } from 'ssh2'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createWorkspaceSsh } from '../../bridge/ssh/workspace-ssh.ts'
import type { DeploymentAccess } from '../../bridge/deployment-access.ts'
import type { CoderClient } from '../../client/coder-client.ts'
import type { ReconnectState } from '../../client/reconnect.ts'
import { pickChildEnvironment } from '../../lib/child-environment.ts'
import { systemClock } from '../../lib/clock.ts'
import { silentLogger } from '../../lib/logger.ts'
import { createCoderCliTransport } from '../../transport/coder-cli/coder-cli-transport.ts'
import type { TransportTarget } from '../../transport/workspace-transport.ts'
import { writeStandInCli } from '../coder-cli-program.ts'
import { patienceMs } from '../open-ssh.ts'
import { startTestServer, type TestServer } from '../start-server.ts'
import { waitFor } from '../wait-for.ts'
import { createRunningWorkspace, createTemplate, runBuild } from '../workspace-actions.ts'

let server: TestServer
let client: CoderClient
let token: string
let workspaceId: string
let folder: string
let program: string

beforeAll(async () => {
  server = await startTestServer()
  token = await server.deployment.mintOwnerSession('Ada Lovelace')
  client = server.client(token)
  const { workspace } = await createRunningWorkspace(client, await createTemplate(client, 'small'), 'main')
  workspaceId = workspace.id
  folder = mkdtempSync(join(tmpdir(), 'outpost-cli-'))
  program = writeStandInCli(folder, 'v2.24.0')
})
afterAll(async () => {
  await server.close()
  rmSync(folder, { recursive: true })
})

const environment = () => Promise.resolve(pickChildEnvironment(process.env))
const runs = () => join(folder, 'runs')
const access = (given: { program?: string; token?: string; version?: string } = {}): DeploymentAccess => ({
  url: server.url,
  token,
  client,
  transport: createCoderCliTransport({
    url: server.url,
    token: given.token ?? token,
    folder: runs(),
    cli: () => Promise.resolve({ program: given.program ?? program, version: given.version ?? 'v2.24.0' }),
    environment,
    clock: systemClock,
  }),
})

/** Opens a healing connection; answers what it became, and how to end it. */
function connect(by: DeploymentAccess) {
  const states: ReconnectState[] = []
  const opened: { ssh: Client; target: TransportTarget }[] = []
  const connection = createWorkspaceSsh({
    workspaceId,
    access: by,
    clock: systemClock,
    random: () => 0,
    logger: silentLogger,
    onState: (state) => states.push(state),
    onOpen: (ssh, target) => opened.push({ ssh, target }),
  })
  connection.start()
  return { connection, states, opened }
}

const exec = (ssh: Client, command: string): Promise<string> =>
  new Promise((resolve, reject) => {
    ssh.exec(command, (error, channel) => {
      if (error !== undefined) {
        reject(error)
        return
      }
      let out = ''
      channel.on('data', (chunk: Buffer) => (out += chunk.toString()))
      channel.once('close', () => resolve(out))
    })
  })

/** Ends the processes that were started with an argument, as somebody's memory limit does. */
function killWhere(argument: string): void {
  const pids = readdirSync('/proc').filter(
    (entry) => /^\d+$/.test(entry) && commandOf(entry).includes(argument),
  )
  expect(pids).not.toEqual([])
  for (const pid of pids) process.kill(Number(pid), 'SIGKILL')
}
const commandOf = (pid: string): string => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
  } catch {
    // Ended meanwhile.
    return ''
  }
}

describe('a command line as the way into a workspace', () => {
  it('carries SSH, keeps the token to itself, and leaves nothing behind', async () => {
    const { connection, opened } = connect(access())
    await waitFor('it is open', () => opened[0], patienceMs)
    const { ssh } = opened[0] ?? expect.unreachable()
    expect(await exec(ssh, 'echo "$((6 * 7))"')).toBe('42\n')
    const [run] = readdirSync(runs())
    expect(run).toMatch(/^run-\d+-/)
    // Of this machine's processes none shows it, neither as an argument nor in its environment.
    expect(
      await exec(
        ssh,
        `cat /proc/[0-9]*/cmdline /proc/[0-9]*/environ 2>/dev/null | tr '\\0' '\\n' | grep -c '${token.slice(0, 6)}[${token.slice(6, 7)}]${token.slice(7)}' || true`,
      ),
    ).toBe('0\n')
    connection.close()
    await waitFor(
      'the run is tidied away',
      () => (readdirSync(runs()).length === 0 ? true : undefined),
      patienceMs,
    )
  })

  it('tells of its network', async () => {
    const controller = new AbortController()
    const clock = { ...systemClock, every: (_ms: number, run: () => void) => systemClock.every(20, run) }
    const transport = createCoderCliTransport({
      url: server.url,
      token,
      folder: runs(),
      cli: () => Promise.resolve({ program, version: 'v2.19.0' }),
      environment,
      clock,
    })
    const names = {
      ownerName: 'me',
      workspaceName: 'main',
      agentName: 'main',
      workspaceId,
      agentId: workspaceId,
    }
    const infos: unknown[] = []
    const stream = await transport.open(names, controller.signal, {
      onNetworkInfo: (info) => infos.push(info),
    })
    await waitFor('there is some', () => infos[0], patienceMs)
    expect(infos[0]).toMatchObject({
      p2p: true,
      latency: 12.5,
      preferred_derp: 'Nearby',
      upload_bytes_sec: 10,
    })
    stream.destroy()
    await waitFor('it has ended', () => (readdirSync(runs()).length === 0 ? true : undefined), patienceMs)
  })

  it('heals after the program was killed, and waits while the workspace is stopped, without starting it', async () => {
    const { connection, states, opened } = connect(access())
    await waitFor('it is open', () => opened[0], patienceMs)
    killWhere(readdirSync(runs())[0] ?? expect.unreachable())
    await waitFor('it is open again', () => opened[1], patienceMs)
    await runBuild(client, workspaceId, 'stop')
    const isStopped = ({ reason = '' }: { reason?: string }): boolean =>
      reason === 'Opens when the workspace runs.'
    await waitFor(
      'it waits',
      () => states.filter((state) => state.name === 'waiting').find(isStopped),
      patienceMs,
    )
    await runBuild(client, workspaceId, 'start')
    connection.retryNow()
    await waitFor('it is open a third time', () => opened[2], patienceMs)
    connection.close()
  })

  it('says in words that the program is missing, or that the session is refused', async () => {
    const missing = connect(access({ program: join(folder, 'none') }))
    await waitFor(
      'it failed',
      () => (missing.states.at(-1)?.name === 'failed' ? true : undefined),
      patienceMs,
    )
    expect(missing.states.at(-1)).toMatchObject({ code: 'refused' })
    const refused = connect(access({ token: 'wrong-token' }))
    await waitFor(
      'it failed',
      () => (refused.states.at(-1)?.name === 'failed' ? true : undefined),
      patienceMs,
    )
    expect(refused.states.at(-1)).toMatchObject({ code: 'unauthorized' })
    expect(readdirSync(runs())).toEqual([])
  })
})
