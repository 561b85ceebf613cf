import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CoderClient } from '../../client/coder-client.ts'
import { apiKeysRoutes } from '../../contract/api-keys.ts'
import { organizationMembersRoutes } from '../../contract/organization-members.ts'
import { userAccountsRoutes } from '../../contract/user-accounts.ts'
import { usersRoutes } from '../../contract/users.ts'
import { createUser, narrowedClient, strongPassword, whoAmI } from '../accounts.ts'
import { startTestServer, type TestServer } from '../start-server.ts'

const newPassword = 'another Horse 7 battery!'
let server: TestServer
let owner: CoderClient

beforeAll(async () => {
  server = await startTestServer()
  owner = await server.ownerClient()
})
afterAll(() => server.close())

const setPassword = (client: CoderClient, user: string) =>
  client.call(userAccountsRoutes.updatePassword, { params: { user }, body: { password: newPassword } })

const newAccount = async (username: string) => ({
  username,
  email: `${username}@example.com`,
  password: strongPassword,
  organization_ids: (await whoAmI(owner)).organization_ids,
})

describe('a narrowed token for accounts', () => {
  it('makes no owner, and does not become one', async () => {
    const { user: second } = await createUser(server, owner, 'second', ['owner'])
    const { user: plain } = await createUser(server, owner, 'plain')
    const narrow = await narrowedClient(server, owner, { scopes: ['user:*'] })
    const body = { ...(await newAccount('made')), roles: ['owner'] }
    const params = { user: second.id }
    for (const attempt of [
      () => narrow.call(userAccountsRoutes.create, { body }),
      () =>
        narrow.call(userAccountsRoutes.updateRoles, {
          params: { user: plain.id },
          body: { roles: ['owner'] },
        }),
      () => setPassword(narrow, second.id),
      () => narrow.call(userAccountsRoutes.delete, { params }),
    ]) {
      await expect(attempt()).rejects.toMatchObject({ status: 403 })
    }
  })

  it('sets no password that somebody else signs in with', async () => {
    const { client: admin } = await createUser(server, owner, 'ada', ['user-admin'])
    await createUser(server, owner, 'mia')
    const body = await newAccount('known')
    for (const client of [owner, admin]) {
      const narrow = await narrowedClient(server, client, { scopes: ['user:read', 'user:update_personal'] })
      await expect(setPassword(narrow, 'mia')).rejects.toMatchObject({ status: 403, message: /narrowed/ })
      const maker = await narrowedClient(server, client, { scopes: ['user:*'] })
      await expect(maker.call(userAccountsRoutes.create, { body })).rejects.toMatchObject({ status: 403 })
    }
    const login = { email: 'mia@example.com', password: strongPassword }
    expect((await server.client().call(usersRoutes.login, { body: login })).session_token).toBeTruthy()
  })

  it('makes service accounts, which nobody signs in to', async () => {
    const narrow = await narrowedClient(server, owner, { scopes: ['user:*'] })
    const { organization_ids } = await whoAmI(owner)
    const body = { username: 'robot', service_account: true, organization_ids }
    expect(await narrow.call(userAccountsRoutes.create, { body })).toMatchObject({ login_type: 'none' })
  })

  it('gives no role and makes no token for others, also where its list names what that takes', async () => {
    const { user } = await createUser(server, owner, 'listed')
    const narrow = await narrowedClient(server, owner, {
      allow_list: ['user:*', 'assign_role:*', 'assign_org_role:*', 'organization_member:*', 'api_key:*'],
    })
    const params = { user: user.id }
    for (const attempt of [
      () => narrow.call(userAccountsRoutes.updateRoles, { params, body: { roles: ['owner'] } }),
      () =>
        narrow.call(organizationMembersRoutes.updateRoles, {
          params: { ...params, organization: 'default' },
          body: { roles: ['organization-admin'] },
        }),
      () => narrow.call(apiKeysRoutes.createToken, { params, body: { allow_list: ['user:*'] } }),
    ]) {
      await expect(attempt()).rejects.toMatchObject({ status: 403 })
    }
    expect((await owner.call(usersRoutes.get, { params })).roles).toEqual([])
  })
})

describe('the password of an account with roles', () => {
  const giveOrganizationRole = (user: string, role: string) =>
    owner.call(organizationMembersRoutes.updateRoles, {
      params: { organization: 'default', user },
      body: { roles: [role] },
    })

  it('is set by who may give every one of them', async () => {
    const { client: admin } = await createUser(server, owner, 'ursula', ['user-admin'])
    for (const role of ['template-admin', 'auditor', 'user-admin']) {
      await createUser(server, owner, `is-${role}`, [role])
      await expect(setPassword(admin, `is-${role}`)).rejects.toMatchObject({ status: 403, message: /role/ })
    }
    await createUser(server, owner, 'oscar')
    await giveOrganizationRole('oscar', 'organization-admin')
    await expect(setPassword(admin, 'oscar')).rejects.toMatchObject({ status: 403, message: /role/ })
    await giveOrganizationRole('oscar', 'organization-workspace-access')
    await setPassword(admin, 'oscar')
    await setPassword(owner, 'is-template-admin')
  })
})
