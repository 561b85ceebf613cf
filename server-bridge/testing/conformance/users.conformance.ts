import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CoderClient } from '../../client/coder-client.ts'
import { apiKeysRoutes } from '../../contract/api-keys.ts'
import { organizationsRoutes } from '../../contract/organizations.ts'
import { userAccountsRoutes } from '../../contract/user-accounts.ts'
import { usersRoutes } from '../../contract/users.ts'
import { workspacesRoutes } from '../../contract/workspaces.ts'
import { createUser, strongPassword, whoAmI } from '../accounts.ts'
import { startTestServer, type TestServer } from '../start-server.ts'
import { createTemplate, runBuild } from '../workspace-actions.ts'

let server: TestServer
let owner: CoderClient
let organizationId: string

const of = (user: string) => ({ params: { user } })
const get = (client: CoderClient, user: string) => client.call(usersRoutes.get, of(user))
const request = (username: string, more: object = {}) => ({
  username,
  email: `${username}@example.com`,
  password: strongPassword,
  organization_ids: [organizationId],
  ...more,
})
const create = (client: CoderClient, username: string, more: object = {}) =>
  client.call(userAccountsRoutes.create, { body: request(username, more) })
const setRoles = (client: CoderClient, user: string, roles: string[]) =>
  client.call(userAccountsRoutes.updateRoles, { ...of(user), body: { roles } })
const names = async (client: CoderClient, query: object) => {
  const { users, count } = await client.call(userAccountsRoutes.list, { query })
  return { names: users.map((user) => user.username), count }
}

beforeAll(async () => {
  server = await startTestServer()
  owner = await server.ownerClient()
  organizationId = (await whoAmI(owner)).organization_ids[0]!
})
afterAll(() => server.close())

describe('making an account', () => {
  it('gives one that is dormant until it is used, in the organization', async () => {
    const made = await create(owner, 'grace', { name: 'Grace Hopper', roles: ['auditor', 'member'] })
    expect(made).toMatchObject({
      username: 'grace',
      name: 'Grace Hopper',
      status: 'dormant',
      login_type: 'password',
      organization_ids: [organizationId],
      roles: [{ name: 'auditor', display_name: 'Auditor' }],
    })
    const body = { email: 'GRACE@example.com', password: strongPassword }
    const { session_token } = await server.client().call(usersRoutes.login, { body })
    expect((await whoAmI(server.client(session_token))).status).toBe('active')
    expect((await create(owner, 'active', { user_status: 'active' })).status).toBe('active')
  })

  it('refuses what is wrong with it, field by field', async () => {
    const cases: [object, object][] = [
      [{ organization_ids: [] }, { status: 400, validations: [{ field: 'organization_ids' }] }],
      [{ password: 'abcdefgh' }, { status: 400, validations: [{ field: 'password' }] }],
      [{ password: '' }, { status: 400, validations: [{ field: 'password' }] }],
      [{ username: 'not ok' }, { status: 400, validations: [{ field: 'username' }] }],
      [{ email: 'nowhere' }, { status: 400, validations: [{ field: 'email' }] }],
      [{ email: '' }, { status: 400, validations: [{ field: 'email' }] }],
      [{ login_type: 'none' }, { status: 400, message: /service accounts/ }],
      [{ login_type: 'oidc' }, { status: 400, message: /no sign-in of the type "oidc"/ }],
      [{ roles: ['emperor'] }, { status: 400, message: /not a supported role/ }],
      [{ organization_ids: ['00000000-0000-4000-8000-000000000009'] }, { status: 404 }],
    ]
    for (const [more, refusal] of cases) {
      await expect(create(owner, 'wrong', more)).rejects.toMatchObject(refusal)
    }
  })

  it('names each field that is taken', async () => {
    await expect(create(owner, 'GRACE', { email: 'new@example.com' })).rejects.toMatchObject({
      status: 409,
      message: 'User already exists.',
      validations: [{ field: 'username', detail: 'This value is already in use and should be unique.' }],
    })
    await expect(create(owner, 'fresh', { email: 'Grace@Example.com' })).rejects.toMatchObject({
      status: 409,
      validations: [{ field: 'email' }],
    })
    await expect(create(owner, 'grace')).rejects.toMatchObject({
      validations: [{ field: 'username' }, { field: 'email' }],
    })
  })

  it('twice at the same time makes one and refuses one', async () => {
    const both = await Promise.allSettled([create(owner, 'twin'), create(owner, 'twin')])
    expect(both.map((result) => result.status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(both.find((result) => result.status === 'rejected')?.reason).toMatchObject({ status: 409 })
    expect((await names(owner, { q: 'username:twin' })).count).toBe(1)
  })

  it('makes service accounts that cannot sign in', async () => {
    const service = { service_account: true, email: '', password: '' }
    expect(await create(owner, 'robot', service)).toMatchObject({
      is_service_account: true,
      login_type: 'none',
      email: '',
    })
    // The missing email is nobody's, so a second one may lack it too.
    await create(owner, 'robot-two', service)
    await expect(
      create(owner, 'robot-three', { ...service, password: strongPassword }),
    ).rejects.toMatchObject({
      status: 400,
    })
    expect((await names(owner, { q: 'service_account:true' })).names).toEqual(['robot', 'robot-two'])
    const { key } = await owner.call(apiKeysRoutes.createToken, { ...of('robot'), body: {} })
    expect((await whoAmI(server.client(key))).username).toBe('robot')
  })

  it('is for owners and user admins', async () => {
    const { client: member } = await createUser(server, owner, 'plain')
    await expect(create(member, 'nope')).rejects.toMatchObject({ status: 403 })
    const { client: admin } = await createUser(server, owner, 'ursula', ['user-admin'])
    expect((await create(admin, 'hired')).username).toBe('hired')
    await expect(create(admin, 'boss', { roles: ['owner'] })).rejects.toMatchObject({ status: 403 })
  })
})

describe('the list of accounts', () => {
  it('is found by every key, and refuses others', async () => {
    const cases: [string, string[]][] = [
      ['hopper', ['grace']],
      ['GRACE@example', ['grace']],
      ['username:grace', ['grace']],
      ['email:grace@example.com', ['grace']],
      ['name:hop', ['grace']],
      ['role:auditor', ['grace']],
      ['role:auditor,user-admin', ['grace', 'ursula']],
      ['status:active username:active', ['active']],
      ['status:suspended', []],
      ['login_type:none', ['robot', 'robot-two']],
      ['created_after:"2999-01-01T00:00:00Z"', []],
      ['last_seen_after:"2999-01-01T00:00:00Z"', []],
      ['created_before:"2999-01-01T00:00:00Z" username:grace', ['grace']],
      ['github_com_user_id:1', []],
    ]
    for (const [q, wanted] of cases) expect([q, (await names(owner, { q })).names]).toEqual([q, wanted])
    for (const q of ['colour:red', 'status:sleepy', 'a:b:c', 'created_after:soon']) {
      await expect(names(owner, { q })).rejects.toMatchObject({ status: 400 })
    }
  })

  it('comes in pages, by name', async () => {
    const all = await names(owner, {})
    expect(all.names).toEqual([...all.names].sort())
    expect(all.count).toBe(all.names.length)
    const page = await names(owner, { limit: 2, offset: 1 })
    expect(page).toEqual({ names: all.names.slice(1, 3), count: all.count })
    const after = (await get(owner, all.names[1]!)).id
    expect((await names(owner, { after_id: after, limit: 2 })).names).toEqual(all.names.slice(2, 4))
    expect((await names(owner, { after_id: organizationId })).names).toEqual([])
    await expect(names(owner, { limit: '-1' })).rejects.toMatchObject({ status: 400 })
  })

  it('shows members themselves, and auditors everybody', async () => {
    const { client: member } = await createUser(server, owner, 'lonely')
    expect(await names(member, {})).toEqual({ names: ['lonely'], count: 1 })
    const { client: auditor } = await createUser(server, owner, 'aud', ['auditor'])
    expect((await names(auditor, {})).count).toBe((await names(owner, {})).count)
  })
})

describe('roles', () => {
  it('are read by those who may read the account', async () => {
    const roles = await owner.call(userAccountsRoutes.roles, of('grace'))
    expect(roles).toEqual({ roles: ['auditor'], organization_roles: { [organizationId]: [] } })
    const { client: member } = await createUser(server, owner, 'reader')
    expect((await member.call(userAccountsRoutes.roles, of('me'))).roles).toEqual([])
    await expect(member.call(userAccountsRoutes.roles, of('grace'))).rejects.toMatchObject({ status: 404 })
  })

  it('are changed by owners, not by oneself, and only to ones that exist', async () => {
    expect((await setRoles(owner, 'grace', ['template-admin', 'member'])).roles).toEqual([
      { name: 'template-admin', display_name: 'Template Admin' },
    ])
    await expect(setRoles(owner, 'grace', ['emperor'])).rejects.toMatchObject({ status: 400 })
    await expect(setRoles(owner, 'me', [])).rejects.toMatchObject({ status: 400, message: /your own roles/ })
    const { client: member } = await createUser(server, owner, 'climber')
    await expect(setRoles(member, 'me', ['owner'])).rejects.toMatchObject({ status: 403 })
    await expect(setRoles(member, 'grace', [])).rejects.toMatchObject({ status: 404 })
    const { client: admin } = await createUser(server, owner, 'hr', ['user-admin'])
    await expect(setRoles(admin, 'climber', ['owner'])).rejects.toMatchObject({ status: 403 })
    await expect(setRoles(admin, 'grace', [])).rejects.toMatchObject({ status: 403 })
    expect((await setRoles(admin, 'climber', ['member'])).roles).toEqual([])
  })

  it('of an owner cannot all be taken, also not at the same time', async () => {
    const { user: second, client } = await createUser(server, owner, 'second', ['owner'])
    const first = await whoAmI(owner)
    const results = await Promise.allSettled([setRoles(owner, second.id, []), setRoles(client, first.id, [])])
    expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1)
    const left = server.deployment.services.accounts.owner()!
    expect(['second', first.username]).toContain(left.username)
    // Whoever lost the role gets it back, for the tests that follow.
    const winner = left.id === first.id ? owner : client
    await setRoles(winner, left.id === first.id ? second.id : first.id, ['owner'])
    await setRoles(owner, second.id, [])
  })
})

describe('suspending', () => {
  it('ends every call at once, until the account is activated', async () => {
    const { client } = await createUser(server, owner, 'mallory')
    const suspend = (who: CoderClient, user: string) => who.call(userAccountsRoutes.suspend, of(user))
    expect((await suspend(owner, 'mallory')).status).toBe('suspended')
    await expect(whoAmI(client)).rejects.toMatchObject({ status: 401, message: /suspended/ })
    expect((await names(owner, { q: 'status:suspended' })).names).toEqual(['mallory'])
    expect((await owner.call(userAccountsRoutes.activate, of('mallory'))).status).toBe('active')
    expect((await whoAmI(client)).username).toBe('mallory')
    await expect(suspend(client, 'grace')).rejects.toMatchObject({ status: 404 })
  })

  it('stops at oneself and at owners', async () => {
    const { user } = await createUser(server, owner, 'boss', ['owner'])
    const suspend = (who: string) => owner.call(userAccountsRoutes.suspend, of(who))
    await expect(suspend('me')).rejects.toMatchObject({ status: 400, message: /suspend yourself/ })
    await expect(suspend(user.id)).rejects.toMatchObject({ status: 400, message: /"owner" role/ })
  })
})

describe('deleting', () => {
  const remove = (who: CoderClient, user: string) => who.call(userAccountsRoutes.delete, of(user))

  it('is not for oneself, nor for members, nor for owners by others than owners', async () => {
    await expect(remove(owner, 'me')).rejects.toMatchObject({ status: 403, message: /delete yourself/ })
    const { client: member } = await createUser(server, owner, 'weak')
    await expect(remove(member, 'me')).rejects.toMatchObject({ status: 403 })
    await expect(remove(member, 'grace')).rejects.toMatchObject({ status: 404 })
    const { client: admin } = await createUser(server, owner, 'remover', ['user-admin'])
    await expect(remove(admin, 'boss')).rejects.toMatchObject({ status: 403 })
    await expect(remove(owner, 'nobody-here')).rejects.toMatchObject({ status: 404 })
  })

  it('takes keys and settings with it, and frees the name', async () => {
    const { user, client } = await createUser(server, owner, 'leaver')
    expect((await remove(owner, 'leaver')).message).toBe('User has been deleted!')
    await expect(whoAmI(client)).rejects.toMatchObject({ status: 401 })
    await expect(get(owner, user.id)).rejects.toMatchObject({ status: 404 })
    expect((await names(owner, { q: 'username:leaver' })).count).toBe(0)
    const { sessionsOf } = server.deployment.services.keys
    expect(sessionsOf(user.id)).toEqual([])
    const again = await createUser(server, owner, 'leaver')
    expect(again.user.id).not.toBe(user.id)
    await expect(
      server.client().call(usersRoutes.login, { body: { email: 'gone@example.com', password: 'x' } }),
    ).rejects.toMatchObject({ status: 401 })
  })

  it('waits until the workspaces are gone, and leaves the builds their name', async () => {
    const template = await createTemplate(owner, 'small')
    const { client } = await createUser(server, owner, 'builder')
    const { id } = await client.call(workspacesRoutes.create, {
      ...of('me'),
      body: { template_id: template.id, name: 'space' },
    })
    await expect(remove(owner, 'builder')).rejects.toMatchObject({ status: 417 })
    expect(await runBuild(client, id, 'delete')).toBe('deleted')
    await remove(owner, 'builder')
    const kept = await owner.call(workspacesRoutes.get, {
      params: { workspace: id },
      query: { include_deleted: true },
    })
    expect(kept.owner_name).toBe('builder')
  })
})

describe('organizations of an account', () => {
  it('are found by name', async () => {
    const find = (organizationname: string) =>
      owner.call(organizationsRoutes.ofUser, { params: { user: 'grace', organizationname } })
    expect((await find('coder')).id).toBe(organizationId)
    await expect(find('other')).rejects.toMatchObject({ status: 404 })
  })
})

describe('the audit log', () => {
  it('has every write, and no secret', () => {
    const rows = server.deployment.services.auditLog.newest(1000)
    const actions = new Set(rows.map((row) => `${row.resource_type} ${row.action} ${row.status_code}`))
    for (const wanted of ['user create 201', 'user write 200', 'user delete 200']) {
      expect(actions).toContain(wanted)
    }
    expect(JSON.stringify(rows)).not.toContain(strongPassword)
  })
})
