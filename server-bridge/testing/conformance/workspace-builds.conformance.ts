import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CoderClient } from '../../client/coder-client.ts'
import type { Template } from '../../contract/templates.ts'
import { workspaceBuildRecordsRoutes } from '../../contract/workspace-build-records.ts'
import { workspaceBuildsRoutes } from '../../contract/workspace-builds.ts'
import { type Workspace, workspacesRoutes } from '../../contract/workspaces.ts'
import { createLocalProvisioner } from '../../provisioner/local-provisioner.ts'
import type { BuildRequest, Provisioner } from '../../provisioner/provisioner.ts'
import { createQuietTemplate, createQuietWorkspace, settledWorkspace } from '../quiet-workspaces.ts'
import { rawRequest } from '../raw-request.ts'
import { startTestServer, type TestServer } from '../start-server.ts'
import { waitFor } from '../wait-for.ts'
import { getWorkspace, runBuild } from '../workspace-actions.ts'

/** Keeps a state and counts in it how often it was handed on, as a provisioner with a cloud would. */
const local = createLocalProvisioner()
const requests: BuildRequest[] = []
let keepsState = false
let noise = 0
const provisioner: Provisioner = {
  ...local,
  async build(request) {
    requests.push(request)
    for (let line = 0; line < noise; line += 1) request.log('info', 'Noise', 'x'.repeat(64 * 1024))
    const plan = await local.build(request)
    if (!keepsState) return plan
    return {
      ...plan,
      state: Buffer.from(`${Buffer.from(request.state ?? []).toString()}+${request.transition}`),
    }
  },
}

let server: TestServer
let owner: CoderClient
let member: CoderClient
let other: CoderClient
let template: Template
let mine: Workspace

beforeAll(async () => {
  server = await startTestServer({ provisioner })
  owner = await server.ownerClient()
  member = await server.memberClient('grace')
  other = await server.memberClient('linus')
  template = await createQuietTemplate(owner, 'quiet')
  mine = await createQuietWorkspace(member, template, 'mine')
})
afterAll(() => server.close())

const build = (client: CoderClient, workspace: string, body: object) =>
  client.call(workspaceBuildsRoutes.create, {
    params: { workspace },
    body: { transition: 'start', ...body } as never,
  })
const base64 = (text: string): string => Buffer.from(text).toString('base64')

describe('the state of a provisioner', () => {
  const at = (workspacebuild: string) => ({ params: { workspacebuild } })
  const read = async (buildId: string): Promise<string> => {
    const token = await server.deployment.mintOwnerSession('Ada Lovelace')
    const { text } = await rawRequest(`${server.url}/api/v2/workspacebuilds/${buildId}/state`, {
      headers: { 'coder-session-token': token },
    })
    return text
  }

  it('goes from build to build, and can be read and replaced by template managers', async () => {
    expect(await read(mine.latest_build.id)).toBe('')
    keepsState = true
    await runBuild(member, mine.id, 'stop')
    await runBuild(member, mine.id, 'start')
    const { latest_build: latest } = await getWorkspace(member, mine.id)
    expect(await read(latest.id)).toBe('+stop+start')
    await owner.call(workspaceBuildRecordsRoutes.updateState, {
      ...at(latest.id),
      body: { state: base64('new') },
    })
    expect(await read(latest.id)).toBe('new')
    await build(owner, mine.id, { transition: 'stop', state: base64('given') })
    const stopped = await settledWorkspace(member, mine.id, latest.build_number + 1)
    expect(await read(stopped.latest_build.id)).toBe('given+stop')
    keepsState = false
  })

  it('is a secret to everybody else', async () => {
    const { latest_build: latest } = await getWorkspace(member, mine.id)
    const body = { state: base64('mine') }
    await expect(member.call(workspaceBuildRecordsRoutes.state, at(latest.id))).rejects.toMatchObject({
      status: 403,
    })
    await expect(
      member.call(workspaceBuildRecordsRoutes.updateState, { ...at(latest.id), body }),
    ).rejects.toMatchObject({ status: 403 })
    await expect(build(member, mine.id, { state: base64('x') })).rejects.toMatchObject({ status: 403 })
    await expect(
      owner.call(workspaceBuildRecordsRoutes.updateState, { ...at(latest.id), body: { state: '%' } }),
    ).rejects.toMatchObject({ status: 400 })
  })

  it('is destroyed with the workspace, but for an orphan', async () => {
    keepsState = true
    for (const [name, orphan] of [
      ['destroyed', false],
      ['orphaned', true],
    ] as const) {
      const workspace = await createQuietWorkspace(owner, template, name)
      requests.length = 0
      await build(owner, workspace.id, { transition: 'delete', orphan })
      await waitFor('it is deleted', async () =>
        (
          await owner.call(workspacesRoutes.get, {
            params: { workspace: workspace.id },
            query: { include_deleted: true },
          })
        ).latest_build.status === 'deleted'
          ? true
          : undefined,
      )
      expect(requests.map((request) => request.transition)).toEqual(orphan ? [] : ['delete'])
    }
    keepsState = false
    await expect(
      build(owner, mine.id, { transition: 'delete', orphan: true, state: base64('x') }),
    ).rejects.toMatchObject({ status: 400 })
  })
})

describe('a restart', () => {
  it('is a stop with a start that follows it, with the new values', async () => {
    const workspace = await createQuietWorkspace(member, template, 'restarted')
    await build(member, workspace.id, {
      transition: 'stop',
      reason: 'cli',
      on_success: { transition: 'start', rich_parameter_values: [{ name: 'greeting', value: 'again' }] },
    })
    const back = await settledWorkspace(member, workspace.id, 3)
    expect(back.latest_build).toMatchObject({ status: 'running', reason: 'cli', initiator_name: 'grace' })
    const parameters = await member.call(workspaceBuildsRoutes.parameters, {
      params: { workspacebuild: back.latest_build.id },
    })
    expect(parameters).toEqual([{ name: 'greeting', value: 'again' }])
  })

  it('stays a stop where the start is refused, and its log says why', async () => {
    const workspace = await createQuietWorkspace(member, template, 'halfway')
    const stop = await build(member, workspace.id, {
      transition: 'stop',
      on_success: { transition: 'start', rich_parameter_values: [{ name: 'colour', value: 'red' }] },
    })
    const stopped = await settledWorkspace(member, workspace.id, 2)
    expect(stopped.latest_build.status).toBe('stopped')
    const rows = await member.call(workspaceBuildsRoutes.logs, {
      params: { workspacebuild: stop.id },
      query: {},
    })
    expect(rows.map((row) => row.output).join('\n')).toMatch(/was refused.*colour/)
  })

  it('can be nothing else', async () => {
    const followUp = { transition: 'start' }
    await expect(build(member, mine.id, { on_success: followUp })).rejects.toMatchObject({
      status: 400,
      validations: [{ field: 'on_success' }],
    })
    await expect(
      build(member, mine.id, { transition: 'stop', on_success: { transition: 'delete' } }),
    ).rejects.toMatchObject({ status: 400 })
  })
})

describe('a build', () => {
  it('keeps how long its steps took', async () => {
    const { latest_build: latest } = await getWorkspace(member, mine.id)
    const timings = await member.call(workspaceBuildRecordsRoutes.timings, {
      params: { workspacebuild: latest.id },
    })
    expect(timings.provisioner_timings.map((timing) => [timing.stage, timing.source, timing.action])).toEqual(
      [
        ['plan', 'local', latest.transition],
        ['apply', 'local', latest.transition],
      ],
    )
    const same = await member.call(workspaceBuildRecordsRoutes.timingsOfWorkspace, {
      params: { workspace: mine.id },
    })
    expect(same).toEqual(timings)
    expect(
      await member.call(workspaceBuildRecordsRoutes.resources, { params: { workspacebuild: latest.id } }),
    ).toEqual([])
  })

  it('has a log with an end: a mebibyte, and a mark that there was more', async () => {
    noise = 40
    await runBuild(member, mine.id, 'start')
    noise = 0
    const { latest_build: latest } = await getWorkspace(member, mine.id)
    expect(latest.job.logs_overflowed).toBe(true)
    const params = { workspacebuild: latest.id }
    const rows = await member.call(workspaceBuildsRoutes.logs, { params, query: {} })
    const bytes = rows.reduce((sum, row) => sum + Buffer.byteLength(row.output), 0)
    expect(bytes).toBeLessThanOrEqual(1024 * 1024)
    expect(bytes).toBeGreaterThan(900 * 1024)
    const rest = await member.call(workspaceBuildsRoutes.logs, { params, query: { after: rows.at(-2)!.id } })
    expect(rest).toEqual([rows.at(-1)])
    const token = await server.deployment.mintOwnerSession('Ada Lovelace')
    const url = `${server.url}/api/v2/workspacebuilds/${latest.id}/logs`
    const headers = { 'coder-session-token': token }
    const text = await rawRequest(`${url}?format=text`, { headers })
    expect(text.headers['content-type']).toMatch(/^text\/plain/)
    expect(text.text.split('\n')[0]).toMatch(/^2\S+ \[info\] \[provisioner_daemon\|Setting up\] $/)
    expect((await rawRequest(`${url}?format=text&follow`, { headers })).status).toBe(400)
    expect((await rawRequest(`${url}?after=-1`, { headers })).status).toBe(400)
  })

  it('with debug logs is for administrators, and off', async () => {
    await expect(build(member, mine.id, { log_level: 'debug' })).rejects.toMatchObject({
      status: 400,
      message: /administrators/,
    })
    await expect(build(owner, mine.id, { log_level: 'debug' })).rejects.toMatchObject({
      status: 400,
      message: /debug mode/,
    })
  })

  it('that does not exist is no mark in the list', async () => {
    const list = (query: object) =>
      member.call(workspaceBuildsRoutes.list, { params: { workspace: mine.id }, query })
    await expect(list({ after_id: template.id })).rejects.toMatchObject({ status: 400 })
    const numbers = (await list({ limit: 2, offset: 1 })).map((entry) => entry.build_number)
    expect(numbers).toEqual([numbers[0], numbers[0]! - 1])
    expect(await list({ offset: 100 })).toEqual([])
  })

  it('of somebody else has nothing to tell', async () => {
    const params = { workspacebuild: mine.latest_build.id }
    const calls = [
      () => other.call(workspaceBuildRecordsRoutes.timings, { params }),
      () => other.call(workspaceBuildRecordsRoutes.timingsOfWorkspace, { params: { workspace: mine.id } }),
      () => other.call(workspaceBuildRecordsRoutes.state, { params }),
      () => other.call(workspaceBuildRecordsRoutes.updateState, { params, body: { state: '' } }),
      () => other.call(workspaceBuildRecordsRoutes.resources, { params }),
    ]
    for (const call of calls) await expect(call()).rejects.toMatchObject({ status: 404 })
  })
})
