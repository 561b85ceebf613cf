import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CoderClient } from '../../client/coder-client.ts'
import { apiKeysRoutes } from '../../contract/api-keys.ts'
import { organizationsRoutes } from '../../contract/organizations.ts'
import type { Template } from '../../contract/templates.ts'
import { templatesRoutes } from '../../contract/templates.ts'
import { userAccountsRoutes } from '../../contract/user-accounts.ts'
import { usersRoutes } from '../../contract/users.ts'
import { workspaceAgentsRoutes } from '../../contract/workspace-agents.ts'
import { workspaceBuildsRoutes } from '../../contract/workspace-builds.ts'
import { type Workspace, workspacesRoutes } from '../../contract/workspaces.ts'
import { createUser, narrowedClient, whoAmI } from '../accounts.ts'
import { createFakeClock } from '../fake-clock.ts'
import { rawRequest } from '../raw-request.ts'
import { externalTarget } from '../conformance-target.ts'
import { startTestServer, type TestServer } from '../start-server.ts'
import { createTemplate } from '../workspace-actions.ts'

const HOUR_MS = 3_600_000
const tokens = { params: { user: 'me' } }
let server: TestServer
let owner: CoderClient
let member: CoderClient

const create = (client: CoderClient, template: Template, name: string): Promise<Workspace> =>
  client.call(workspacesRoutes.create, { ...tokens, body: { template_id: template.id, name } })
const byName = (client: CoderClient, keyname: string) =>
  client.call(apiKeysRoutes.getByName, { params: { user: 'me', keyname } })

// They drive the clock.
describe.skipIf(externalTarget() !== undefined)('tokens', () => {
  const clock = createFakeClock(Date.parse('2026-11-22T10:00:00Z'))

  beforeAll(async () => {
    server = await startTestServer({ clock })
    owner = await server.ownerClient()
    member = (await createUser(server, owner, 'grace')).client
  })
  afterAll(() => server.close())

  it('may ask for the listed scopes, which everybody may read', async () => {
    const { external } = await server.client().call(apiKeysRoutes.scopes, {})
    expect(external).toEqual([...external].sort())
    expect(external).toEqual(
      expect.arrayContaining(['coder:all', 'coder:workspaces.operate', 'workspace:read', 'workspace:*']),
    )
    expect(external).not.toContain('all')
    for (const [index, scope] of external.entries()) {
      await member.call(apiKeysRoutes.createToken, {
        ...tokens,
        body: { scopes: [scope], token_name: `scope-${String(index)}` },
      })
    }
  })

  it('show what they allow, with the old word where there is one', async () => {
    const cases = [
      [{}, 'all', ['coder:all']],
      [{ scope: 'application_connect' }, 'application_connect', ['coder:application_connect']],
      [{ scope: 'all' }, 'all', ['coder:all']],
      [{ scopes: ['all'] }, 'all', ['coder:all']],
      [{ scopes: ['workspace:read', 'workspace:read'], scope: 'all' }, '', ['workspace:read']],
    ] as const
    for (const [index, [limits, scope, scopes]] of cases.entries()) {
      const token_name = `shown-${String(index)}`
      await member.call(apiKeysRoutes.createToken, {
        ...tokens,
        body: { ...limits, scopes: 'scopes' in limits ? [...limits.scopes] : [], token_name },
      })
      expect(await byName(member, token_name)).toMatchObject({ scope, scopes, allow_list: ['*:*'] })
    }
  })

  it('show their allow list without what a wider entry covers', async () => {
    const id = '0b6df9c0-2f5e-4a41-a0e0-7e6f1b0c9a11'
    const allow_list = [`workspace:${id.toUpperCase()}`, `template:${id}`, 'template:*', `workspace:${id}`]
    await member.call(apiKeysRoutes.createToken, { ...tokens, body: { allow_list, token_name: 'narrow' } })
    expect((await byName(member, 'narrow')).allow_list).toEqual(['template:*', `workspace:${id}`])
  })

  it('live seven days when nothing is said, and at most as long as the deployment says', async () => {
    await member.call(apiKeysRoutes.createToken, { ...tokens, body: { token_name: 'week' } })
    const week = await byName(member, 'week')
    expect(Date.parse(week.expires_at) - Date.parse(week.created_at)).toBe(7 * 24 * HOUR_MS)
    const { max_token_lifetime: most } = await member.call(apiKeysRoutes.tokenConfig, tokens)
    expect(most).toBe(876_600 * 3600 * 1e9)
    await member.call(apiKeysRoutes.createToken, { ...tokens, body: { lifetime: most, token_name: 'long' } })
    await expect(
      member.call(apiKeysRoutes.createToken, { ...tokens, body: { lifetime: most + 3600 * 1e9 } }),
    ).rejects.toMatchObject({ status: 400, message: /validate create API key request/ })
  })

  it('have unique names, also when two ask at the same time', async () => {
    const ask = () => member.call(apiKeysRoutes.createToken, { ...tokens, body: { token_name: 'twin' } })
    const results = await Promise.allSettled([ask(), ask()])
    expect(results.map((result) => result.status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(results.find((result) => result.status === 'rejected')?.reason).toMatchObject({
      status: 409,
      validations: [{ field: 'name' }],
    })
  })

  it('end when they are told to, and can still be seen', async () => {
    const { key } = await member.call(apiKeysRoutes.createToken, { ...tokens, body: { token_name: 'brief' } })
    const { id } = await byName(member, 'brief')
    await member.call(apiKeysRoutes.expire, { params: { user: 'me', keyid: id } })
    await expect(whoAmI(server.client(key))).rejects.toMatchObject({ status: 401, detail: /expired/ })
    const list = (query: object) => member.call(apiKeysRoutes.listTokens, { ...tokens, query })
    expect((await list({ include_expired: true })).map((each) => each.id)).toContain(id)
    expect((await list({})).map((each) => each.id)).not.toContain(id)
    await expect(
      owner.call(apiKeysRoutes.expire, { params: { user: 'me', keyid: id } }),
    ).rejects.toMatchObject({ status: 404 })
  })

  it('remember their last use by the hour', async () => {
    const { key } = await member.call(apiKeysRoutes.createToken, { ...tokens, body: { token_name: 'used' } })
    const last = async () => Date.parse((await byName(member, 'used')).last_used)
    expect(await last()).toBe(0)
    await whoAmI(server.client(key))
    const first = await last()
    expect(first).toBe(clock.now())
    clock.advance(HOUR_MS / 2)
    await whoAmI(server.client(key))
    expect(await last()).toBe(first)
    clock.advance(HOUR_MS)
    await whoAmI(server.client(key))
    expect(await last()).toBe(clock.now())
  })

  it('of others are for owners only', async () => {
    const { user, client } = await createUser(server, owner, 'ursula', ['user-admin'])
    const forGrace = (who: CoderClient) =>
      who.call(apiKeysRoutes.createToken, { params: { user: 'grace' }, body: {} })
    await expect(forGrace(client)).rejects.toMatchObject({ status: 404 })
    expect((await whoAmI(server.client((await forGrace(owner)).key))).username).toBe('grace')
    const seen = await client.call(apiKeysRoutes.listTokens, { ...tokens, query: { include_all: true } })
    expect(seen.every((each) => each.user_id === user.id)).toBe(true)
    await expect(byName(client, 'week')).rejects.toMatchObject({ status: 404 })
  })

  it('that are narrow cannot make wide ones', async () => {
    const narrow = await narrowedClient(server, member, {
      scopes: ['coder:apikeys.manage_self', 'workspace:*'],
    })
    const ask = (body: object) => narrow.call(apiKeysRoutes.createToken, { ...tokens, body })
    expect(
      await ask({ scopes: ['workspace:read', 'api_key:*'] }).catch((error: unknown) => error),
    ).toMatchObject({
      status: 403,
    })
    expect((await ask({ scopes: ['workspace:read', 'api_key:read'] })).key).toBeTruthy()
    for (const body of [{}, { scopes: ['template:read'] }, { scopes: ['coder:all'] }]) {
      await expect(ask(body)).rejects.toMatchObject({ status: 403 })
    }
    await expect(narrow.call(apiKeysRoutes.createSession, tokens)).rejects.toMatchObject({ status: 403 })
  })
})

describe('a narrowed token', () => {
  let template: Template
  let mine: Workspace
  let other: Workspace

  beforeAll(async () => {
    server = await startTestServer()
    owner = await server.ownerClient()
    member = (await createUser(server, owner, 'grace')).client
    template = await createTemplate(owner, 'small')
    ;[mine, other] = await Promise.all([create(member, template, 'mine'), create(member, template, 'other')])
  })
  afterAll(() => server.close())

  it('to reading cannot create, start, open or change', async () => {
    const reader = await narrowedClient(server, member, { scopes: ['workspace:read'] })
    const params = { workspace: mine.id }
    expect((await reader.call(workspacesRoutes.get, { params })).name).toBe('mine')
    expect((await reader.call(workspacesRoutes.list, {})).count).toBe(2)
    expect((await reader.call(workspaceBuildsRoutes.list, { params })).length).toBe(1)
    for (const attempt of [
      () => create(reader, template, 'third'),
      () => reader.call(workspaceBuildsRoutes.create, { params, body: { transition: 'delete' } }),
      () => reader.call(workspacesRoutes.favorite, { params }),
      () => reader.call(workspacesRoutes.usage, { params, body: {} }),
      () => reader.call(templatesRoutes.list, {}),
      () => whoAmI(reader),
    ]) {
      await expect(attempt()).rejects.toMatchObject({ status: 403, message: 'Forbidden.' })
    }
    expect((await member.call(workspacesRoutes.list, {})).count).toBe(2)
  })

  it('to one transition cannot do another', async () => {
    const starter = await narrowedClient(server, member, { scopes: ['workspace:read', 'workspace:start'] })
    await expect(
      starter.call(workspaceBuildsRoutes.create, {
        params: { workspace: mine.id },
        body: { transition: 'delete' },
      }),
    ).rejects.toMatchObject({ status: 403 })
  })

  it('to creating also needs the template', async () => {
    const without = await narrowedClient(server, member, { scopes: ['workspace:create', 'workspace:read'] })
    await expect(create(without, template, 'bare')).rejects.toMatchObject({ status: 404 })
    const creator = await narrowedClient(server, member, { scopes: ['coder:workspaces.create'] })
    expect((await create(creator, template, 'made')).owner_name).toBe('grace')
  })

  it('to some resources sees and touches no other', async () => {
    const narrow = await narrowedClient(server, member, { allow_list: [`workspace:${mine.id}`] })
    const get = (workspace: string) => narrow.call(workspacesRoutes.get, { params: { workspace } })
    expect((await get(mine.id)).name).toBe('mine')
    await expect(get(other.id)).rejects.toMatchObject({ status: 403 })
    const listed = await narrow.call(workspacesRoutes.list, {})
    expect([listed.count, listed.workspaces.map((each) => each.name)]).toEqual([1, ['mine']])
    const named = (workspacename: string) =>
      narrow.call(workspacesRoutes.getByName, { params: { user: 'me', workspacename } })
    expect((await named('MINE')).id).toBe(mine.id)
    await expect(named('other')).rejects.toMatchObject({ status: 403 })
    const build = (workspacebuild: string) =>
      narrow.call(workspaceBuildsRoutes.get, { params: { workspacebuild } })
    expect((await build(mine.latest_build.id)).workspace_id).toBe(mine.id)
    await expect(build(other.latest_build.id)).rejects.toMatchObject({ status: 403 })
    await expect(create(narrow, template, 'fresh')).rejects.toMatchObject({ status: 403 })
    await expect(
      narrow.call(templatesRoutes.get, { params: { template: template.id } }),
    ).rejects.toMatchObject({ status: 403 })
    await expect(narrow.call(organizationsRoutes.list, {})).rejects.toMatchObject({ status: 403 })
    await expect(narrow.call(userAccountsRoutes.list, {})).rejects.toMatchObject({ status: 403 })
  })

  it('to a template lists that one', async () => {
    const second = await createTemplate(owner, 'second')
    const narrow = await narrowedClient(server, member, { allow_list: [`template:${second.id}`] })
    expect((await narrow.call(templatesRoutes.list, {})).map((each) => each.name)).toEqual([second.name])
    const params = { organization: 'default', templatename: second.name }
    expect((await narrow.call(templatesRoutes.getByName, { params })).id).toBe(second.id)
    await expect(
      narrow.call(templatesRoutes.getByName, { params: { ...params, templatename: 'small' } }),
    ).rejects.toMatchObject({ status: 403 })
  })

  it('of an owner is no way past its limits', async () => {
    const narrow = await narrowedClient(server, owner, { allow_list: [`workspace:${mine.id}`] })
    await expect(
      narrow.call(workspacesRoutes.get, { params: { workspace: other.id } }),
    ).rejects.toMatchObject({ status: 403 })
    const reader = await narrowedClient(server, owner, { scopes: ['user:read'] })
    expect((await whoAmI(reader)).username).toBeTruthy()
    await expect(reader.call(userAccountsRoutes.delete, { params: { user: 'grace' } })).rejects.toMatchObject(
      { status: 403 },
    )
    const bypass = await rawRequest(`${server.url}/api/v2/users/me`, {
      headers: {
        ...reader.socket(usersRoutes.get, { params: { user: 'me' } }).headers,
        'x-coder-bypass-ratelimit': 'true',
      },
    })
    expect(bypass.status).toBe(428)
    await expect(reader.call(usersRoutes.logout, {})).resolves.toBeTruthy()
    await expect(whoAmI(reader)).rejects.toMatchObject({ status: 401 })
  })

  it('without the right to shells opens no terminal', async () => {
    const reader = await narrowedClient(server, member, { scopes: ['workspace:read'] })
    await expect(
      reader.call(workspaceAgentsRoutes.pty, {
        params: { workspaceagent: '00000000-0000-4000-8000-000000000001' },
        query: { reconnect: '00000000-0000-4000-8000-000000000002', width: 80, height: 24 },
      }),
    ).rejects.toMatchObject({ status: 403 })
  })
})
