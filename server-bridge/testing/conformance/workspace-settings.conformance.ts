import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CoderClient } from '../../client/coder-client.ts'
import type { Template } from '../../contract/templates.ts'
import { workspaceSettingsRoutes } from '../../contract/workspace-settings.ts'
import { workspaceSharingRoutes } from '../../contract/workspace-sharing.ts'
import { type Workspace, workspacesRoutes } from '../../contract/workspaces.ts'
import { createFakeClock } from '../fake-clock.ts'
import { createQuietTemplate, createQuietWorkspace } from '../quiet-workspaces.ts'
import { rawRequest } from '../raw-request.ts'
import { startTestServer, type TestServer } from '../start-server.ts'
import { getWorkspace, runBuild } from '../workspace-actions.ts'

const HOUR = 3_600_000
const start = Date.parse('2026-03-02T08:00:00Z')
const clock = createFakeClock(start)
let server: TestServer
let owner: CoderClient
let member: CoderClient
let other: CoderClient
let template: Template
let fixed: Template
let mine: Workspace
let params: { workspace: string }

beforeAll(async () => {
  server = await startTestServer({ clock, allowWorkspaceRenames: true })
  owner = await server.ownerClient()
  member = await server.memberClient('grace')
  other = await server.memberClient('linus')
  template = await createQuietTemplate(owner, 'quiet', { default_ttl_ms: 8 * HOUR })
  fixed = await createQuietTemplate(owner, 'fixed', {
    default_ttl_ms: 2 * HOUR,
    allow_user_autostart: false,
    allow_user_autostop: false,
  })
  mine = await createQuietWorkspace(member, template, 'alpha')
  params = { workspace: mine.id }
})
afterAll(() => server.close())

const invalid = (field: string) => ({ status: 400, validations: [{ field }] })
const read = () => getWorkspace(member, mine.id)

describe('a schedule', () => {
  const set = (schedule: string | null, client = member) =>
    client.call(workspaceSettingsRoutes.autostart, { params, body: { schedule } })

  it('is set, shows when it comes true next, and is switched off', async () => {
    await set('CRON_TZ=Europe/Berlin 30 9 * * 1-5')
    // A quarter past eight in London is a quarter past nine in Berlin.
    expect(await read()).toMatchObject({
      autostart_schedule: 'CRON_TZ=Europe/Berlin 30 9 * * 1-5',
      next_start_at: '2026-03-02T08:30:00.000Z',
    })
    await set('')
    expect((await read()).autostart_schedule).toBeUndefined()
    await set('30 9 * * *')
    await set(null)
    expect((await read()).next_start_at).toBeNull()
  })

  it('is refused when it is none, and where the template forbids it', async () => {
    await expect(set('tomorrow at nine')).rejects.toMatchObject(invalid('schedule'))
    await expect(set('CRON_TZ=Nowhere 30 9 * * *')).rejects.toMatchObject(invalid('schedule'))
    const create = (id: string, schedule: string) =>
      createQuietWorkspace(member, { id }, 'beta', { autostart_schedule: schedule })
    await expect(create(template.id, '30 9 1 * *')).rejects.toMatchObject(invalid('schedule'))
    await expect(create(fixed.id, '30 9 * * *')).rejects.toMatchObject(invalid('schedule'))
  })
})

describe('the time to live', () => {
  const set = (ttl: number | null, id = mine.id) =>
    member.call(workspaceSettingsRoutes.ttl, { params: { workspace: id }, body: { ttl_ms: ttl } })

  it("begins as the template's, is cut to minutes, and leaves a running deadline alone", async () => {
    const deadline = new Date(start + 8 * HOUR).toISOString()
    expect(await read()).toMatchObject({ ttl_ms: 8 * HOUR, latest_build: { deadline } })
    await set(HOUR + 30_000)
    expect(await read()).toMatchObject({ ttl_ms: HOUR, latest_build: { deadline } })
    await expect(set(59_000)).rejects.toMatchObject(invalid('ttl_ms'))
    await expect(set(31 * 24 * HOUR)).rejects.toMatchObject(invalid('ttl_ms'))
  })

  it("is always the template's where people may not choose", async () => {
    const workspace = await createQuietWorkspace(member, fixed, 'bound', { ttl_ms: 5 * HOUR })
    expect(workspace).toMatchObject({
      ttl_ms: 2 * HOUR,
      latest_build: { deadline: new Date(start + 2 * HOUR).toISOString() },
    })
    await expect(set(HOUR, workspace.id)).rejects.toMatchObject(invalid('ttl_ms'))
  })

  it('takes the deadline of the running build with it when it is switched off', async () => {
    await set(null)
    const { ttl_ms: ttl, latest_build: build } = await read()
    expect([ttl, build.deadline]).toEqual([undefined, null])
  })
})

describe('a deadline', () => {
  const extend = (at: number, id = mine.id) =>
    member.call(workspaceSettingsRoutes.extend, {
      params: { workspace: id },
      body: { deadline: new Date(at).toISOString() },
    })

  it('can only be moved where there is one, and by half an hour at least', async () => {
    await expect(extend(start + 2 * HOUR)).rejects.toMatchObject({ status: 409, message: /manual/ })
    const workspace = await createQuietWorkspace(member, template, 'limited', { ttl_ms: HOUR })
    const answer = await extend(start + 3 * HOUR, workspace.id)
    expect(answer.message).toMatch(/^Deadline updated to /)
    expect((await getWorkspace(member, workspace.id)).latest_build.deadline).toBe(
      new Date(start + 3 * HOUR).toISOString(),
    )
    await expect(extend(start + HOUR / 4, workspace.id)).rejects.toMatchObject({
      status: 400,
      message: /30 minutes/,
    })
    await runBuild(member, workspace.id, 'stop')
    await expect(extend(start + 3 * HOUR, workspace.id)).rejects.toMatchObject({
      status: 409,
      message: /must be started/,
    })
  })

  it("cannot go beyond the template's limit", async () => {
    const strict = await createQuietTemplate(owner, 'strict', {
      autostop_requirement: { days_of_week: ['tuesday'], weeks: 1 },
    })
    const workspace = await createQuietWorkspace(member, strict, 'strict')
    const limit = '2026-03-03T00:00:00.000Z'
    expect(workspace.latest_build).toMatchObject({ deadline: limit, max_deadline: limit })
    await expect(extend(Date.parse(limit) + HOUR, workspace.id)).rejects.toMatchObject({
      status: 400,
      message: /max deadline/,
    })
  })
})

describe('a name', () => {
  const rename = (name: string, id = mine.id) =>
    member.call(workspaceSettingsRoutes.rename, { params: { workspace: id }, body: { name } })

  it('can be changed to one that is free', async () => {
    await rename('omega')
    expect(await read()).toMatchObject({ name: 'omega', allow_renames: true })
    await createQuietWorkspace(member, template, 'taken')
    await expect(rename('TAKEN')).rejects.toMatchObject({ status: 409, validations: [{ field: 'name' }] })
    await expect(rename('not a name')).rejects.toMatchObject(invalid('name'))
    await rename('alpha')
  })

  it('stays where renames are off', async () => {
    const plain = await startTestServer({ clock })
    try {
      const client = await plain.ownerClient()
      const workspace = await createQuietWorkspace(client, await createQuietTemplate(client, 'quiet'), 'kept')
      expect(workspace.allow_renames).toBe(false)
      const call = (name: string) =>
        client.call(workspaceSettingsRoutes.rename, { params: { workspace: workspace.id }, body: { name } })
      await expect(call('other')).rejects.toMatchObject({ status: 400, message: /not allowed/ })
      await call('kept')
    } finally {
      await plain.close()
    }
  })
})

describe('dormancy by hand', () => {
  const set = (dormant: boolean) =>
    rawRequest(`${server.url}/api/v2/workspaces/${mine.id}/dormant`, {
      method: 'PUT',
      headers: { 'coder-session-token': token },
      body: JSON.stringify({ dormant }),
    })
  let token: string
  beforeAll(async () => {
    token = await server.deployment.mintOwnerSession('Ada Lovelace')
  })

  it('is set and lifted, and says when nothing changes', async () => {
    const asleep = await set(true)
    expect(asleep.status).toBe(200)
    expect(asleep.json()).toMatchObject({ id: mine.id, dormant_at: new Date(start).toISOString() })
    expect((await set(true)).status).toBe(304)
    const { workspaces } = await member.call(workspacesRoutes.list, { query: { q: 'dormant:true' } })
    expect(workspaces.map((workspace) => workspace.id)).toEqual([mine.id])
    expect((await set(false)).json()).toMatchObject({ dormant_at: null, deleting_at: null })
    expect((await set(false)).status).toBe(304)
  })

  it('ends when the workspace is started', async () => {
    await set(true)
    await runBuild(member, mine.id, 'start')
    expect((await read()).dormant_at).toBeNull()
  })
})

describe('automatic updates', () => {
  it('are always or never', async () => {
    const set = (value: string) =>
      member.call(workspaceSettingsRoutes.automaticUpdates, {
        params,
        body: { automatic_updates: value as 'always' },
      })
    await set('always')
    expect((await read()).automatic_updates).toBe('always')
    await expect(set('sometimes')).rejects.toMatchObject(invalid('automatic_updates'))
    const resolved = await member.call(workspaceSettingsRoutes.resolveAutostart, { params })
    expect(resolved).toEqual({ parameter_mismatch: false })
    await set('never')
  })
})

describe('what others may have', () => {
  it('is not the workspace: sharing is off and external agents need a licence', async () => {
    const refused = { status: 403 }
    await expect(member.call(workspaceSharingRoutes.acl, { params })).rejects.toMatchObject(refused)
    const body = { user_roles: {} }
    await expect(member.call(workspaceSharingRoutes.updateAcl, { params, body })).rejects.toMatchObject(
      refused,
    )
    await expect(member.call(workspaceSharingRoutes.deleteAcl, { params })).rejects.toMatchObject(refused)
    await expect(
      member.call(workspaceSharingRoutes.externalAgentCredentials, { params: { ...params, agent: 'main' } }),
    ).rejects.toMatchObject({ status: 403, message: /Premium/ })
  })

  it('are workspaces made for them by whoever may, by both paths', async () => {
    const place = { organization: 'default', user: 'me' }
    const find = (client: CoderClient, q: string) =>
      client.call(workspaceSharingRoutes.availableUsers, { params: place, query: { q } })
    expect((await find(owner, '')).map((user) => user.username)).toEqual(['ada-lovelace', 'grace', 'linus'])
    expect((await find(owner, 'gra')).map((user) => user.username)).toEqual(['grace'])
    await expect(find(member, '')).rejects.toMatchObject({ status: 403 })
    await expect(find(owner, 'shoe:9')).rejects.toMatchObject({ status: 400 })
    const give = () =>
      owner.call(workspacesRoutes.createOfMember, {
        params: { organization: 'default', user: 'grace' },
        body: { template_id: template.id, name: 'gift' },
      })
    expect(await give()).toMatchObject({
      owner_name: 'grace',
      latest_build: { initiator_name: 'ada-lovelace' },
    })
    await expect(give()).rejects.toMatchObject({ status: 409 })
  })
})

describe('a deleted workspace', () => {
  it('answers 410, and 405 to a new name', async () => {
    const gone = await createQuietWorkspace(member, template, 'gone')
    await runBuild(member, gone.id, 'delete')
    const at = { workspace: gone.id }
    const calls = [
      () => member.call(workspaceSettingsRoutes.autostart, { params: at, body: { schedule: null } }),
      () => member.call(workspaceSettingsRoutes.ttl, { params: at, body: { ttl_ms: HOUR } }),
      () => member.call(workspaceSettingsRoutes.dormant, { params: at, body: { dormant: true } }),
      () => member.call(workspaceSharingRoutes.portShares, { params: at }),
    ]
    for (const call of calls) await expect(call()).rejects.toMatchObject({ status: 410 })
    await expect(
      member.call(workspaceSettingsRoutes.rename, { params: at, body: { name: 'back' } }),
    ).rejects.toMatchObject({ status: 405 })
  })
})

describe('a workspace of somebody else', () => {
  it('has no settings for anybody but the owner of the deployment', async () => {
    const deadline = new Date(start + 2 * HOUR).toISOString()
    const share = { agent_name: 'main', port: 8080 }
    const calls = (client: CoderClient) => [
      () => client.call(workspaceSettingsRoutes.rename, { params, body: { name: 'stolen' } }),
      () => client.call(workspaceSettingsRoutes.autostart, { params, body: { schedule: null } }),
      () => client.call(workspaceSettingsRoutes.ttl, { params, body: { ttl_ms: null } }),
      () => client.call(workspaceSettingsRoutes.extend, { params, body: { deadline } }),
      () => client.call(workspaceSettingsRoutes.dormant, { params, body: { dormant: true } }),
      () =>
        client.call(workspaceSettingsRoutes.automaticUpdates, {
          params,
          body: { automatic_updates: 'never' },
        }),
      () => client.call(workspaceSettingsRoutes.resolveAutostart, { params }),
      () => client.call(workspaceSharingRoutes.acl, { params }),
      () => client.call(workspaceSharingRoutes.portShares, { params }),
      () =>
        client.call(workspaceSharingRoutes.sharePort, { params, body: { ...share, share_level: 'public' } }),
      () => client.call(workspaceSharingRoutes.unsharePort, { params, body: share }),
      () =>
        client.call(workspaceSharingRoutes.externalAgentCredentials, {
          params: { ...params, agent: 'main' },
        }),
    ]
    for (const call of calls(other)) await expect(call()).rejects.toMatchObject({ status: 404 })
    for (const call of calls(server.client())) await expect(call()).rejects.toMatchObject({ status: 401 })
    await owner.call(workspaceSettingsRoutes.autostart, { params, body: { schedule: '0 7 * * *' } })
    expect((await read()).autostart_schedule).toBe('0 7 * * *')
  })
})
