// The first journey through main against the real local deployment: its server, its agent and its SQLite file as
// child processes, and one page over the RPC envelope.
import { mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Workspace } from '#bridge/contract/workspaces'
import { startHarness, type AppHarness } from '../testing/app-harness.ts'
import { createFakeSecrets, type FakeSecrets } from '../testing/fake-ports.ts'
import { CallFailure } from '../testing/in-memory-page.ts'
import { startStandaloneDeployment } from '../testing/standalone-deployment.ts'
import { createRealProcessHost, type RealProcessHost } from '../testing/real-process-host.ts'
import { untilConnected } from '../testing/until-connected.ts'

const LOCAL = { deploymentId: 'local' }
const TIMEOUT = 60_000

let userDataDir: string
let secrets: FakeSecrets
let processHost: RealProcessHost
let harness: AppHarness

async function open(): Promise<void> {
  processHost = createRealProcessHost()
  harness = await startHarness({ userDataDir, secrets, processHost })
}
async function failure(call: Promise<unknown>): Promise<CallFailure['error']> {
  const thrown = await call.then(
    () => undefined,
    (error: unknown) => error,
  )
  if (!(thrown instanceof CallFailure)) throw new Error('It did not fail as a call does.', { cause: thrown })
  return thrown.error
}
const agentOf = (workspace: Workspace) =>
  workspace.latest_build.resources.flatMap(({ agents = [] }) => agents)[0]

const connected = () => untilConnected(harness.page)
async function template() {
  await connected()
  for (;;) {
    const [first] = await harness.page.call('templates.list', LOCAL)
    if (first !== undefined) return first
  }
}
/** Creates a workspace and waits for its agent. */
async function createRunning(name: string): Promise<Workspace> {
  const { id } = await template()
  const created = await harness.page.call('workspaces.create', {
    ...LOCAL,
    templateId: id,
    name,
    parameterValues: [],
  })
  const watch = harness.page.subscribe('workspaces.watch', { ...LOCAL, workspaceId: created.id })
  const running = await watch.next(
    (one) => agentOf(one)?.status === 'connected' && agentOf(one)?.lifecycle_state === 'ready',
  )
  watch.cancel()
  return running
}

beforeAll(async () => {
  userDataDir = await mkdtemp(join(tmpdir(), 'outpost-journey-'))
  secrets = createFakeSecrets()
  await open()
}, TIMEOUT)
afterEach(() => {
  harness.page.received.length = 0
})
afterAll(async () => {
  await harness.close()
  await processHost.allEnded()
  await rm(userDataDir, { recursive: true, force: true })
}, TIMEOUT)

describe('the first journey', () => {
  it(
    'starts signed in, with the owner’s token in the keychain',
    async () => {
      await connected()
      expect(secrets.stored.get('deployment/local/session-token')).toMatch(
        /^[A-Za-z0-9]{10}-[A-Za-z0-9]{22}$/,
      )
    },
    TIMEOUT,
  )

  it(
    'shows a shipped template with its parameters',
    async () => {
      const { id } = await template()
      const { version, parameters } = await harness.page.call('templates.get', { ...LOCAL, templateId: id })
      expect(version.job.status).toBe('succeeded')
      expect(parameters.length).toBeGreaterThan(0)
    },
    TIMEOUT,
  )

  it(
    'creates a workspace with its build log live, and its agent connects',
    async () => {
      const { id } = await template()
      const created = await harness.page.call('workspaces.create', {
        ...LOCAL,
        templateId: id,
        name: 'dev',
        parameterValues: [],
      })
      const logs = harness.page.subscribe('workspaces.followBuildLogs', {
        ...LOCAL,
        buildId: created.latest_build.id,
      })
      const watch = harness.page.subscribe('workspaces.watch', { ...LOCAL, workspaceId: created.id })
      expect(await logs.end()).toBe('done')
      const rows = logs.outputs.flat()
      expect(rows.length).toBeGreaterThan(0)
      expect(rows.map((row) => row.id)).toEqual([...new Set(rows.map((row) => row.id))].sort((a, b) => a - b))
      const running = await watch.next((one) => agentOf(one)?.status === 'connected')
      expect(running.latest_build.status).toBe('running')
      watch.cancel()
    },
    TIMEOUT,
  )

  it(
    'stops and starts it from the tray',
    async () => {
      const list = harness.page.subscribe('workspaces.watchList', { ...LOCAL, q: 'owner:me' })
      const until = (status: string) =>
        list.next(({ workspaces }) =>
          workspaces.some((one) => one.name === 'dev' && one.latest_build.status === status),
        )
      await until('running')
      harness.tray.click('dev: running')
      await until('stopped')
      harness.tray.click('dev: stopped')
      await until('running')
      list.cancel()
    },
    TIMEOUT,
  )

  it(
    'is all there after the app was ended and started again',
    async () => {
      const token = secrets.stored.get('deployment/local/session-token')
      await harness.close()
      await processHost.allEnded()
      await open()
      await connected()
      const list = harness.page.subscribe('workspaces.watchList', { ...LOCAL, q: '' })
      const { workspaces } = await list.next(({ workspaces: all }) =>
        all.some((one) => agentOf(one)?.status === 'connected'),
      )
      expect(workspaces.map(({ name }) => name)).toEqual(['dev'])
      expect(secrets.stored.get('deployment/local/session-token')).toBe(token)
      list.cancel()
    },
    TIMEOUT,
  )
})

describe('everyday work', () => {
  it(
    'marks a favourite, lists builds and follows what the agent’s scripts say',
    async () => {
      const { id, latest_build: build } = await createRunning('everyday')
      const target = { ...LOCAL, workspaceId: id }
      const list = harness.page.subscribe('workspaces.watchList', { ...LOCAL, q: 'name:everyday' })
      await harness.page.call('workspaces.setFavorite', { ...target, favorite: true })
      await list.next(({ workspaces }) => workspaces[0]?.favorite === true)
      await harness.page.call('workspaces.setFavorite', { ...target, favorite: false })
      await list.next(({ workspaces }) => workspaces[0]?.favorite === false)
      list.cancel()
      const builds = await harness.page.call('workspaces.listBuilds', target)
      expect(builds.map(({ build_number: number }) => number)).toEqual([1])
      const cancel = harness.page.call('workspaces.cancelBuild', { ...LOCAL, buildId: build.id })
      expect(await failure(cancel)).toMatchObject({ code: 'already_finished' })
      const agentId = build.resources.flatMap(({ agents = [] }) => agents)[0]?.id ?? ''
      const logs = harness.page.subscribe('workspaces.followAgentLogs', { ...LOCAL, agentId })
      expect((await logs.next((rows) => rows.length > 0))[0]).toMatchObject({ output: expect.any(String) })
      logs.cancel()
    },
    TIMEOUT,
  )

  it(
    'keeps the agent of a workspace over a crash of the server',
    async () => {
      const { id } = await createRunning('survivor')
      const before = processHost.pids('agent')
      const deployments = harness.page.subscribe('deployments.watch', {})
      processHost.crash('serve')
      await deployments.next((view) => view.deployments[0]?.state.kind === 'unreachable')
      await deployments.next((view) => view.deployments[0]?.state.kind === 'connected')
      deployments.cancel()
      const watch = harness.page.subscribe('workspaces.watch', { ...LOCAL, workspaceId: id })
      await watch.next((one) => agentOf(one)?.status === 'connected')
      watch.cancel()
      expect(processHost.pids('agent')).toEqual(before)
    },
    TIMEOUT,
  )

  it(
    'works on a second deployment beside the local one',
    async () => {
      const second = await startStandaloneDeployment()
      try {
        const { id, user } = await harness.page.call('deployments.add', {
          url: second.url,
          credential: { kind: 'token', token: second.token },
          name: 'second',
        })
        expect(user).toBeNull()
        const deployments = harness.page.subscribe('deployments.watch', {})
        const view = await deployments.next((now) =>
          now.deployments.every(({ state }) => state.kind === 'connected'),
        )
        expect(view.deployments.map(({ name }) => name)).toEqual(['This computer', 'second'])
        expect(view.activeId).toBe(id)
        const [template] = await harness.page.call('templates.list', { deploymentId: id })
        const created = await harness.page.call('workspaces.create', {
          deploymentId: id,
          templateId: template?.id ?? '',
          name: 'over-there',
          parameterValues: [],
        })
        const watch = harness.page.subscribe('workspaces.watch', {
          deploymentId: id,
          workspaceId: created.id,
        })
        await watch.next((one) => agentOf(one)?.status === 'connected')
        watch.cancel()
        await harness.page.call('deployments.setActive', LOCAL)
        expect((await deployments.next((now) => now.activeId === 'local')).deployments).toHaveLength(2)
        await harness.page.call('deployments.remove', { deploymentId: id })
        deployments.cancel()
        const [own] = harness.tray.labels()
        expect(own).toBe('This computer: connected')
      } finally {
        await second.close()
      }
    },
    TIMEOUT,
  )
})

describe('bad input gets a sentence', () => {
  it(
    'for a name that is taken',
    async () => {
      const { id } = await template()
      const error = await failure(
        harness.page.call('workspaces.create', {
          ...LOCAL,
          templateId: id,
          name: 'dev',
          parameterValues: [],
        }),
      )
      expect(error).toMatchObject({
        code: 'name_taken',
        message: 'You already have a workspace named "dev". Choose another name.',
        details: { validations: [{ field: 'name' }] },
      })
    },
    TIMEOUT,
  )

  it.each(['-x', 'a--b', 'new', 'with space', 'x'.repeat(40)])(
    'for the name "%s"',
    async (name) => {
      const { id } = await template()
      const error = await failure(
        harness.page.call('workspaces.create', { ...LOCAL, templateId: id, name, parameterValues: [] }),
      )
      expect(error).toMatchObject({
        code: 'invalid_parameters',
        details: { validations: [{ field: 'name' }] },
      })
    },
    TIMEOUT,
  )

  it(
    'for a parameter value the template does not take, at that parameter',
    async () => {
      const { id } = await template()
      const { parameters } = await harness.page.call('templates.get', { ...LOCAL, templateId: id })
      const choice = parameters.find(({ options }) => options.length > 0) ?? parameters[0]
      const error = await failure(
        harness.page.call('workspaces.create', {
          ...LOCAL,
          templateId: id,
          name: 'bad-parameter',
          parameterValues: [{ name: choice?.name ?? '', value: '\u0007 not an option' }],
        }),
      )
      expect(error).toMatchObject({
        code: 'invalid_parameters',
        details: { validations: [{ field: choice?.name }] },
      })
      expect(error.message).not.toBe('')
    },
    TIMEOUT,
  )

  it(
    'for a template and a workspace that are not there',
    async () => {
      await connected()
      const missing = '4dbe9fc2-4d8f-4ab5-8a5e-0c9a0a0b6d11'
      expect(
        await failure(harness.page.call('templates.get', { ...LOCAL, templateId: missing })),
      ).toMatchObject({ code: 'not_found' })
      expect(
        await failure(harness.page.call('workspaces.stop', { ...LOCAL, workspaceId: missing })),
      ).toMatchObject({ code: 'not_found' })
      const watch = harness.page.subscribe('workspaces.watch', { ...LOCAL, workspaceId: missing })
      expect(await watch.end()).toMatchObject({ code: 'not_found' })
    },
    TIMEOUT,
  )

  it(
    'for a deletion whose name was not typed right, and ends every watch once it is deleted',
    async () => {
      const { id } = await createRunning('doomed')
      const target = { ...LOCAL, workspaceId: id }
      expect(
        await failure(harness.page.call('workspaces.delete', { ...target, confirmName: 'doome' })),
      ).toMatchObject({
        code: 'name_mismatch',
        message: 'The name you typed is not "doomed". Nothing was deleted.',
      })
      const watch = harness.page.subscribe('workspaces.watch', target)
      await watch.next()
      await harness.page.call('workspaces.delete', { ...target, confirmName: 'doomed' })
      const ended = await watch.end()
      expect(ended === 'done' || ended.code === 'deleted').toBe(true)
      const late = harness.page.subscribe('workspaces.watch', target)
      expect(await late.end()).toMatchObject({ code: 'deleted' })
    },
    TIMEOUT,
  )

  it(
    'for a second build while one runs',
    async () => {
      const { id } = await createRunning('busy')
      const target = { ...LOCAL, workspaceId: id }
      const both = await Promise.allSettled([
        harness.page.call('workspaces.stop', target),
        harness.page.call('workspaces.stop', target),
      ])
      const refused = both
        .filter((result) => result.status === 'rejected')
        .map((result) => (result.reason as CallFailure).error)
      expect(refused).toHaveLength(1)
      expect(refused[0]).toMatchObject({
        code: 'build_running',
        message: expect.stringContaining('Wait for it to end'),
      })
    },
    TIMEOUT,
  )

  it(
    'when the server is gone in the middle of a build, and goes on when it is back',
    async () => {
      const { id } = await template()
      const deployments = harness.page.subscribe('deployments.watch', {})
      const created = await harness.page.call('workspaces.create', {
        ...LOCAL,
        templateId: id,
        name: 'crash',
        parameterValues: [],
      })
      const logs = harness.page.subscribe('workspaces.followBuildLogs', {
        ...LOCAL,
        buildId: created.latest_build.id,
      })
      const watch = harness.page.subscribe('workspaces.watch', { ...LOCAL, workspaceId: created.id })
      await watch.next()
      processHost.crash('serve')
      const away = await deployments.next((view) => view.deployments[0]?.state.kind === 'unreachable')
      expect(away.deployments[0]?.state).toMatchObject({
        reason: expect.stringContaining('starting it again'),
      })
      await deployments.next((view) => view.deployments[0]?.state.kind === 'connected')
      const settled = await watch.next((one) => ['running', 'failed'].includes(one.latest_build.status))
      expect(settled.id).toBe(created.id)
      expect(await logs.end()).toBe('done')
      const rows = logs.outputs.flat().map((row) => row.id)
      expect(rows).toEqual([...new Set(rows)])
      watch.cancel()
      deployments.cancel()
    },
    TIMEOUT,
  )

  it(
    'when the owner’s session was ended elsewhere: a new one is made without asking',
    async () => {
      await connected()
      const account = 'deployment/local/session-token'
      await harness.close()
      await processHost.allEnded()
      secrets.stored.set(account, 'Expiredone-0123456789abcdefghijkl')
      await open()
      await connected()
      expect(secrets.stored.get(account)).not.toBe('Expiredone-0123456789abcdefghijkl')
    },
    TIMEOUT,
  )
})

describe('a local server that cannot run', () => {
  it(
    'says why in a sentence, and runs once that is mended and the user asks',
    async () => {
      await harness.close()
      await processHost.allEnded()
      const database = join(userDataDir, 'local', 'outpost.db')
      await rename(database, `${database}-away`)
      await writeFile(database, 'This is no database. '.repeat(100))
      await open()
      const watch = harness.page.subscribe('deployments.watch', {})
      const { deployments } = await watch.next((view) => view.deployments[0]?.state.kind === 'failed')
      expect(deployments[0]?.state).toMatchObject({ reason: expect.stringMatching(/is damaged .*\.$/) })
      expect(JSON.stringify(deployments)).not.toContain('.ts:')
      expect(await failure(harness.page.call('templates.list', LOCAL))).toMatchObject({ code: 'unreachable' })
      expect(harness.tray.labels()[0]).toBe('This computer: not running')
      await rename(`${database}-away`, database)
      await harness.page.call('deployments.retry', LOCAL)
      await watch.next((view) => view.deployments[0]?.state.kind === 'connected')
      watch.cancel()
    },
    TIMEOUT,
  )
})

describe('secrets', () => {
  it(
    'stay where they belong: not in answers, logs or files of the app',
    async () => {
      await connected()
      await harness.page.call('settings.update', { theme: 'dark' })
      await harness.page.call('deployments.rename', { ...LOCAL, name: 'Mine' })
      const token = secrets.stored.get('deployment/local/session-token') ?? ''
      expect(token).not.toBe('')
      expect(JSON.stringify(harness.page.received)).not.toContain(token)
      expect(harness.logger.lines.join('')).not.toContain(token)
      for (const name of await readdir(userDataDir)) {
        if (name.endsWith('.json'))
          expect(await readFile(join(userDataDir, name), 'utf8')).not.toContain(token)
      }
    },
    TIMEOUT,
  )
})
