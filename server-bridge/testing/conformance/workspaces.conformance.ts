import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CoderClient } from '../../client/coder-client.ts'
import type { Template } from '../../contract/templates.ts'
import { workspaceBuildsRoutes } from '../../contract/workspace-builds.ts'
import { workspaceAgentsRoutes } from '../../contract/workspace-agents.ts'
import { templatesRoutes } from '../../contract/templates.ts'
import { type Workspace, workspacesRoutes } from '../../contract/workspaces.ts'
import { startTestServer, type TestServer } from '../start-server.ts'
import { smallTemplate } from '../template-archive.ts'
import { waitFor } from '../wait-for.ts'
import {
  createRunningWorkspace,
  createTemplate,
  getWorkspace,
  importVersion,
  runBuild,
  waitForAgent,
} from '../workspace-actions.ts'

let server: TestServer
let owner: CoderClient
let member: CoderClient
let other: CoderClient
let template: Template
let mine: Workspace
let agentId: string

beforeAll(async () => {
  server = await startTestServer()
  owner = await server.ownerClient()
  member = await server.memberClient('grace')
  other = await server.memberClient('linus')
  template = await createTemplate(owner, 'small')
  const made = await createRunningWorkspace(member, template, 'Alpha')
  mine = made.workspace
  agentId = made.agent.id
})
afterAll(() => server.close())

const create = (client: CoderClient, body: object) =>
  client.call(workspacesRoutes.create, {
    params: { user: 'me' },
    body: { template_id: template.id, name: 'beta', ...body },
  })
const build = (client: CoderClient, workspace: string, body: object) =>
  client.call(workspaceBuildsRoutes.create, {
    params: { workspace },
    body: { transition: 'start', ...body } as never,
  })

describe('a new workspace', () => {
  it('answers at once, pending and without resources, and lives on by itself', async () => {
    const made = await create(member, { name: 'fresh' })
    expect(made.latest_build).toMatchObject({
      status: 'pending',
      transition: 'start',
      build_number: 1,
      resources: [],
      reason: 'initiator',
      deadline: null,
    })
    expect(made).toMatchObject({
      owner_name: 'grace',
      template_name: template.name,
      outdated: false,
      favorite: false,
    })
    await waitForAgent(member, made.id)
    expect(await runBuild(member, made.id, 'delete')).toBe('deleted')
  })

  it('needs a free name, and names are free again after a delete', async () => {
    await expect(create(member, { name: 'ALPHA' })).rejects.toMatchObject({
      status: 409,
      validations: [{ field: 'name' }],
    })
    const again = await create(member, { name: 'fresh' })
    await waitForAgent(member, again.id)
    expect(await runBuild(member, again.id, 'delete')).toBe('deleted')
  })

  it('needs a template that exists, parameters that fit and a sensible time to live', async () => {
    const unknown = '00000000-0000-4000-8000-000000000000'
    await expect(create(member, { template_id: unknown })).rejects.toMatchObject({ status: 404 })
    await expect(
      create(member, { rich_parameter_values: [{ name: 'colour', value: 'red' }] }),
    ).rejects.toMatchObject({ status: 400, validations: [{ field: 'colour' }] })
    await expect(create(member, { ttl_ms: 1000 })).rejects.toMatchObject({
      status: 400,
      validations: [{ field: 'ttl_ms' }],
    })
    await expect(create(member, { template_version_id: template.active_version_id })).rejects.toMatchObject({
      status: 400,
    })
    const failed = await importVersion(
      owner,
      { 'main.tf': 'resource "x" "y" {}' },
      { template_id: template.id },
    )
    await expect(
      create(member, { template_id: undefined, template_version_id: failed.id }),
    ).rejects.toMatchObject({ status: 400, message: /failed/ })
  })

  it('cannot be made for somebody else by a member', async () => {
    await expect(
      member.call(workspacesRoutes.create, {
        params: { user: 'linus' },
        body: { template_id: template.id, name: 'gift' },
      }),
    ).rejects.toMatchObject({ status: 404 })
  })
})

describe('the parameters of a build', () => {
  it('are the given ones, kept by later builds and changed on demand', async () => {
    const made = await create(member, {
      name: 'tuned',
      rich_parameter_values: [{ name: 'greeting', value: 'moin' }],
    })
    await waitForAgent(member, made.id)
    const parameters = (workspacebuild: string) =>
      member.call(workspaceBuildsRoutes.parameters, { params: { workspacebuild } })
    expect(await parameters(made.latest_build.id)).toEqual([{ name: 'greeting', value: 'moin' }])
    await runBuild(member, made.id, 'stop')
    const kept = await build(member, made.id, {})
    expect(await parameters(kept.id)).toEqual([{ name: 'greeting', value: 'moin' }])
    await waitForAgent(member, made.id)
    const changed = await build(member, made.id, {
      rich_parameter_values: [{ name: 'greeting', value: 'servus' }],
    })
    await waitForAgent(member, made.id)
    expect(await parameters(changed.id)).toEqual([{ name: 'greeting', value: 'servus' }])
    const { agent } = await waitForAgent(member, made.id)
    expect(agent.environment_variables).toMatchObject({ GREETING: 'servus' })
    const rows = await waitFor('the script has spoken', async () => {
      const found = await member.call(workspaceAgentsRoutes.logs, {
        params: { workspaceagent: agent.id },
        query: {},
      })
      return found.length > 0 ? found : undefined
    })
    expect(rows.map((row) => row.output)).toContain('servus from the startup script')
    expect(await runBuild(member, made.id, 'delete')).toBe('deleted')
  })
})

describe('builds', () => {
  it('exclude each other and keep their numbers', async () => {
    const stop = await build(member, mine.id, { transition: 'stop' })
    await expect(build(member, mine.id, {})).rejects.toMatchObject({ status: 409 })
    await waitFor('it stops', async () =>
      (await getWorkspace(member, mine.id)).latest_build.status === 'stopped' ? true : undefined,
    )
    await build(member, mine.id, { reason: 'dashboard' })
    await waitForAgent(member, mine.id)
    const builds = await member.call(workspaceBuildsRoutes.list, {
      params: { workspace: mine.id },
      query: {},
    })
    expect(builds.map((entry) => [entry.build_number, entry.transition, entry.reason])).toEqual([
      [3, 'start', 'dashboard'],
      [2, 'stop', 'initiator'],
      [1, 'start', 'initiator'],
    ])
    const page = async (query: object) =>
      (await member.call(workspaceBuildsRoutes.list, { params: { workspace: mine.id }, query })).map(
        (entry) => entry.build_number,
      )
    expect(await page({ limit: 1, offset: 1 })).toEqual([2])
    expect(await page({ after_id: stop.id })).toEqual([3])
    expect(await page({ since: builds[1]!.created_at })).toEqual([3])
    const second = await member.call(workspaceBuildsRoutes.getByNumber, {
      params: { user: 'me', workspacename: 'alpha', buildnumber: '2' },
    })
    expect(second.id).toBe(stop.id)
    expect(second.resources.flatMap((resource) => resource.agents ?? [])).toEqual([])
    await expect(
      member.call(workspaceBuildsRoutes.getByNumber, {
        params: { user: 'me', workspacename: 'alpha', buildnumber: 'two' },
      }),
    ).rejects.toMatchObject({ status: 400 })
    agentId = (await waitForAgent(member, mine.id)).agent.id
  })

  it('refuse what only some may ask, or nobody can do', async () => {
    await expect(build(member, mine.id, { transition: 'restart' })).rejects.toMatchObject({ status: 400 })
    await expect(build(member, mine.id, { orphan: true })).rejects.toMatchObject({ status: 400 })
    await expect(build(member, mine.id, { transition: 'delete', orphan: true })).rejects.toMatchObject({
      status: 403,
    })
    await expect(build(member, mine.id, { log_level: 'debug' })).rejects.toMatchObject({ status: 400 })
    const foreign = await createTemplate(owner, 'foreign')
    await expect(
      build(member, mine.id, { template_version_id: foreign.active_version_id }),
    ).rejects.toMatchObject({ status: 400 })
  })

  it('that have ended cannot be canceled', async () => {
    const { latest_build: last } = await getWorkspace(member, mine.id)
    const cancel = (client: CoderClient, query: object) =>
      client.call(workspaceBuildsRoutes.cancel, { params: { workspacebuild: last.id }, query })
    await expect(cancel(owner, {})).rejects.toMatchObject({ status: 400, message: /completed/ })
    await expect(cancel(owner, { expect_status: 'pending' })).rejects.toMatchObject({ status: 412 })
    await expect(cancel(member, {})).rejects.toMatchObject({ status: 403 })
  })

  it('have a log with headings and an end', async () => {
    const { latest_build: last } = await getWorkspace(member, mine.id)
    const rows = await member.call(workspaceBuildsRoutes.logs, {
      params: { workspacebuild: last.id },
      query: {},
    })
    const headings = rows.filter((row) => row.output === '').map((row) => row.stage)
    expect(headings).toEqual(expect.arrayContaining(['Setting up', 'Starting workspace', 'Cleaning Up']))
  })
})

describe('the list', () => {
  const names = async (client: CoderClient, q = '', page: object = {}) => {
    const answer = await client.call(workspacesRoutes.list, { query: { q, ...page } })
    return [answer.workspaces.map((workspace) => workspace.name), answer.count] as const
  }

  beforeAll(async () => {
    for (const name of ['beta', 'gamma']) await createRunningWorkspace(member, template, name)
    const { id } = await owner.call(workspacesRoutes.getByName, {
      params: { user: 'grace', workspacename: 'beta' },
      query: {},
    })
    await runBuild(member, id, 'stop')
    await member.call(workspacesRoutes.favorite, { params: { workspace: id } })
  })

  it('has favourites first, then what runs, then names', async () => {
    expect(await names(member)).toEqual([['beta', 'Alpha', 'gamma'], 3])
    expect(await names(owner)).toEqual([['Alpha', 'gamma', 'beta'], 3])
    expect(await names(other)).toEqual([[], 0])
  })

  it('comes by pages, with the whole count', async () => {
    expect(await names(member, '', { limit: 1, offset: 1 })).toEqual([['Alpha'], 3])
    expect(await names(member, '', { offset: 5 })).toEqual([[], 3])
  })

  it('understands the search of Coder', async () => {
    const found = async (q: string) => (await names(member, q))[0]
    expect(await found('alp')).toEqual(['Alpha'])
    expect(await found('grace/alp')).toEqual(['Alpha'])
    expect(await found('owner:me name:a status:running')).toEqual(['Alpha', 'gamma'])
    expect(await found('status:stopped')).toEqual(['beta'])
    expect(await found(`template:${template.name}`)).toHaveLength(3)
    expect(await found('template:other')).toEqual([])
    expect(await found('has-agent:connected')).toEqual(['Alpha', 'gamma'])
    expect(await found('healthy:true')).toEqual(['Alpha', 'gamma'])
    expect(await found('outdated:true')).toEqual([])
    expect(await found('dormant:true')).toEqual([])
    expect(await found('param:greeting')).toHaveLength(3)
    expect(await found('param:"greeting=hello" name:beta')).toEqual(['beta'])
    expect(await found(`id:${mine.id}`)).toEqual(['Alpha'])
    expect(await found('last_used_after:"2020-01-01T00:00:00Z"')).toHaveLength(3)
    expect(await found('last_used_before:"2020-01-01T00:00:00Z"')).toEqual([])
    expect(await found('organization:coder')).toHaveLength(3)
    expect(await found('shared:true')).toEqual([])
    expect(await found('shared_with_user:linus')).toEqual([])
    expect(await found('shared:false has-ai-task:false has_external_agent:false')).toHaveLength(3)
    expect(await found('has-ai-task:true')).toEqual([])
    expect(await found('include_agent_metadata:true')).toHaveLength(3)
    expect(await found('healthy:false')).toEqual([])
    expect(await found('has-agent:connecting,timeout')).toEqual([])
    expect(await found('has-agent:connected name:gamma')).toEqual(['gamma'])
    expect(await found('grace/')).toHaveLength(3)
    expect(await found('linus/alp')).toEqual([])
    expect(await found('dormant:false outdated:false')).toHaveLength(3)
    expect(await found('organization:nowhere')).toEqual([])
    expect(await found(`id:${mine.id},${template.id}`)).toEqual(['Alpha'])
    expect(await found('name:100%_')).toEqual([])
  })

  it('refuses a search that means nothing', async () => {
    for (const q of [
      'status:happy',
      'colour:red',
      ':x',
      'name:',
      'a:b:c',
      'outdated:perhaps',
      'name:a name:b',
    ]) {
      await expect(names(member, q)).rejects.toMatchObject({ status: 400, message: 'Invalid search query.' })
    }
  })
})

describe('a workspace of somebody else', () => {
  it('cannot be read or changed in any way', async () => {
    const buildId = (await getWorkspace(member, mine.id)).latest_build.id
    const params = { workspace: mine.id }
    const refusals = [
      () => other.call(workspacesRoutes.get, { params }),
      () => other.call(workspacesRoutes.getByName, { params: { user: 'grace', workspacename: 'alpha' } }),
      () => other.call(workspacesRoutes.usage, { params, body: {} }),
      () => other.call(workspacesRoutes.favorite, { params }),
      () => other.call(workspaceBuildsRoutes.create, { params, body: { transition: 'delete' } }),
      () => other.call(workspaceBuildsRoutes.list, { params }),
      () => other.call(workspaceBuildsRoutes.get, { params: { workspacebuild: buildId } }),
      () => other.call(workspaceBuildsRoutes.cancel, { params: { workspacebuild: buildId } }),
      () => other.call(workspaceBuildsRoutes.logs, { params: { workspacebuild: buildId } }),
      () => other.call(workspaceBuildsRoutes.parameters, { params: { workspacebuild: buildId } }),
      () => other.call(workspaceAgentsRoutes.get, { params: { workspaceagent: agentId } }),
      () => other.call(workspaceAgentsRoutes.logs, { params: { workspaceagent: agentId } }),
    ]
    for (const refused of refusals) await expect(refused()).rejects.toMatchObject({ status: 404 })
  })

  it('can be read by the owner of the deployment, but is no favourite of theirs', async () => {
    expect((await getWorkspace(owner, mine.id)).owner_name).toBe('grace')
    await expect(
      owner.call(workspacesRoutes.favorite, { params: { workspace: mine.id } }),
    ).rejects.toMatchObject({
      status: 403,
    })
  })
})

describe('an update', () => {
  it('is offered when the template has a newer version', async () => {
    const version = await importVersion(
      owner,
      { 'main.tf': smallTemplate.replace('hello', 'bonjour') },
      { template_id: template.id },
    )
    await owner.call(templatesRoutes.promote, { params: { template: template.id }, body: { id: version.id } })
    expect((await getWorkspace(member, mine.id)).outdated).toBe(true)
    const same = await build(member, mine.id, {})
    expect(same.template_version_id).not.toBe(version.id)
    await waitForAgent(member, mine.id)
    const updated = await build(member, mine.id, { template_version_id: version.id })
    expect(updated.template_version_id).toBe(version.id)
    const { workspace } = await waitForAgent(member, mine.id)
    expect(workspace.outdated).toBe(false)
  })

  it('leaves no agent of before: one a workspace', () => {
    expect(server.agentProcesses.size).toBe(2)
  })
})

describe('use and deletion', () => {
  it('moves the time of the last use on', async () => {
    const before = (await getWorkspace(member, mine.id)).last_used_at
    await waitFor('a later millisecond', () => (Date.now() > Date.parse(before) ? true : undefined))
    await member.call(workspacesRoutes.usage, { params: { workspace: mine.id }, body: {} })
    expect(Date.parse((await getWorkspace(member, mine.id)).last_used_at)).toBeGreaterThan(Date.parse(before))
  })

  it('leaves 410 by id, 404 by name, and both readable for who asks', async () => {
    expect(await runBuild(member, mine.id, 'delete')).toBe('deleted')
    const params = { workspace: mine.id }
    await expect(getWorkspace(member, mine.id)).rejects.toMatchObject({ status: 410 })
    await expect(member.call(workspacesRoutes.usage, { params, body: {} })).rejects.toMatchObject({
      status: 410,
    })
    const deleted = await member.call(workspacesRoutes.get, { params, query: { include_deleted: true } })
    expect(deleted.latest_build.status).toBe('deleted')
    const byName = { user: 'me', workspacename: 'alpha' }
    await expect(member.call(workspacesRoutes.getByName, { params: byName })).rejects.toMatchObject({
      status: 404,
    })
    const found = await member.call(workspacesRoutes.getByName, {
      params: byName,
      query: { include_deleted: true },
    })
    expect(found.id).toBe(mine.id)
    await expect(build(member, mine.id, {})).rejects.toMatchObject({ status: 409 })
  })
})
