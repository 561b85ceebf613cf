import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CoderClient } from '../../client/coder-client.ts'
import { apiKeysRoutes } from '../../contract/api-keys.ts'
import { buildInfoRoutes } from '../../contract/build-info.ts'
import { deploymentRoutes } from '../../contract/deployment.ts'
import { isLocalDeployment } from '../../contract/features.ts'
import { organizationsRoutes } from '../../contract/organizations.ts'
import { usersRoutes } from '../../contract/users.ts'
import { createFakeClock } from '../fake-clock.ts'
import { rawRequest } from '../raw-request.ts'
import { startTestServer, type TestServer } from '../start-server.ts'

const DAY_MS = 24 * 3_600_000
const password = 'correct horse Battery 9 staple'
const firstUser = { email: 'ada@example.com', username: 'ada', name: 'Ada Lovelace', password }

const clock = createFakeClock(Date.parse('2026-11-22T10:00:00Z'))
let server: TestServer
let anonymous: CoderClient
let owner: CoderClient
let member: CoderClient

const me = (client: CoderClient) => client.call(usersRoutes.get, { params: { user: 'me' } })
const tokenOf = (client: CoderClient): string =>
  client.socket(usersRoutes.get, { params: { user: 'me' } }).headers['Coder-Session-Token']!

beforeAll(async () => {
  server = await startTestServer({ clock })
  anonymous = server.client()
})
afterAll(() => server.close())

describe('the first user', () => {
  it('is missing on a fresh folder', async () => {
    await expect(anonymous.call(usersRoutes.getFirst, {})).rejects.toMatchObject({ status: 404 })
  })

  it('needs a strong password and a proper name', async () => {
    const create = (more: object) =>
      anonymous.call(usersRoutes.createFirst, { body: { ...firstUser, ...more } })
    await expect(create({ password: 'abcdefgh' })).rejects.toMatchObject({
      status: 400,
      validations: [{ field: 'password' }],
    })
    await expect(create({ password: `${password}${'é'.repeat(20)}` })).rejects.toMatchObject({ status: 400 })
    await expect(create({ username: 'new' })).rejects.toMatchObject({ validations: [{ field: 'username' }] })
    await expect(create({ email: 'nobody' })).rejects.toMatchObject({ validations: [{ field: 'email' }] })
  })

  it('is made once, and only once also when two ask at the same time', async () => {
    const both = await Promise.allSettled([
      anonymous.call(usersRoutes.createFirst, { body: firstUser }),
      anonymous.call(usersRoutes.createFirst, {
        body: { ...firstUser, username: 'eve', email: 'eve@example.com' },
      }),
    ])
    expect(both.map((result) => result.status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(both.find((result) => result.status === 'rejected')?.reason).toMatchObject({ status: 409 })
    expect((await anonymous.call(usersRoutes.getFirst, {})).message).toMatch(/already been created/)
    expect(server.deployment.services.accounts.owner()?.username).toMatch(/^(ada|eve)$/)
  })
})

describe('signing in', () => {
  it('takes the email and the password, and gives a session that is the owner', async () => {
    const email = server.deployment.services.accounts.owner()!.email
    const { session_token } = await anonymous.call(usersRoutes.login, { body: { email, password } })
    expect(session_token).toMatch(/^[0-9A-Za-z]{10}-[0-9A-Za-z]{22}$/)
    owner = server.client(session_token)
    const user = await me(owner)
    expect(user.roles).toEqual([{ name: 'owner', display_name: 'Owner' }])
    expect(user.organization_ids).toHaveLength(1)
  })

  it('sets the cookie', async () => {
    const { email } = server.deployment.services.accounts.owner()!
    const { headers, json } = await rawRequest(`${server.url}/api/v2/users/login`, {
      method: 'POST',
      body: JSON.stringify({ email, password }),
    })
    expect(headers['set-cookie']?.[0]).toBe(
      `coder_session_token=${json().session_token}; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax`,
    )
  })

  it('refuses a wrong password and an unknown email alike', async () => {
    const { email } = server.deployment.services.accounts.owner()!
    for (const body of [
      { email, password: 'wrong' },
      { email: 'nobody@example.com', password },
    ]) {
      await expect(anonymous.call(usersRoutes.login, { body })).rejects.toMatchObject({
        status: 401,
        message: 'Incorrect email or password.',
      })
    }
  })

  it('is by password for accounts that sign in by one alone', async () => {
    const { database, services } = server.deployment
    const { id, email } = services.accounts.owner()!
    const signInBy = (login_type: string) =>
      database.run(database.sql.updateTable('users').set({ login_type }).where('id', '=', id))
    signInBy('oidc')
    await expect(anonymous.call(usersRoutes.login, { body: { email, password } })).rejects.toMatchObject({
      status: 403,
      message: expect.stringContaining('"oidc"') as string,
    })
    signInBy('password')
  })

  it('says which methods there are', async () => {
    const methods = await anonymous.call(usersRoutes.authMethods, {})
    expect([methods.password.enabled, methods.github.enabled, methods.oidc.enabled]).toEqual([
      true,
      false,
      false,
    ])
  })
})

describe('accounts', () => {
  beforeAll(async () => {
    member = await server.memberClient('grace')
  })

  it('are found by uuid, name and me', async () => {
    const self = await me(member)
    for (const user of [self.id, 'grace', 'GRACE', 'me']) {
      expect((await member.call(usersRoutes.get, { params: { user } })).id).toBe(self.id)
    }
    expect((await owner.call(usersRoutes.get, { params: { user: 'grace' } })).roles).toEqual([])
  })

  it('of others are not readable for members, and junk is told from unknown', async () => {
    const { username } = await me(owner)
    const get = (client: CoderClient, user: string) => client.call(usersRoutes.get, { params: { user } })
    await expect(get(member, username)).rejects.toMatchObject({ status: 404 })
    await expect(get(owner, 'nobody')).rejects.toMatchObject({ status: 404 })
    await expect(get(owner, 'not a name')).rejects.toMatchObject({ status: 400 })
  })

  it('belong to the default organization, which has several names', async () => {
    const [organization] = await member.call(organizationsRoutes.list, {})
    expect(organization).toMatchObject({ name: 'coder', is_default: true })
    for (const reference of ['default', 'coder', organization!.id, '00000000-0000-0000-0000-000000000000']) {
      const found = await member.call(organizationsRoutes.get, { params: { organization: reference } })
      expect(found.id).toBe(organization!.id)
    }
    await expect(
      member.call(organizationsRoutes.get, { params: { organization: 'other' } }),
    ).rejects.toMatchObject({ status: 404 })
    const ofUser = await owner.call(organizationsRoutes.listOfUser, { params: { user: 'grace' } })
    expect(ofUser.map((entry) => entry.id)).toEqual([organization!.id])
  })
})

describe('sessions and tokens', () => {
  const listTokens = (client: CoderClient, query = {}) =>
    client.call(apiKeysRoutes.listTokens, { params: { user: 'me' }, query })

  it('of another account cannot be made or seen by a member', async () => {
    const { username } = await me(owner)
    await expect(
      member.call(apiKeysRoutes.createSession, { params: { user: username } }),
    ).rejects.toMatchObject({ status: 404 })
    await expect(
      owner.call(apiKeysRoutes.createSession, { params: { user: 'grace' } }),
    ).rejects.toMatchObject({
      status: 403,
    })
  })

  it('are listed by name until they are deleted, and work until then', async () => {
    const { key } = await member.call(apiKeysRoutes.createToken, {
      params: { user: 'me' },
      body: { token_name: 'laptop', lifetime: DAY_MS * 1_000_000 },
    })
    const byToken = server.client(key)
    expect((await me(byToken)).username).toBe('grace')
    const [listed] = await listTokens(member)
    expect(listed).toMatchObject({ token_name: 'laptop', login_type: 'token', lifetime_seconds: 86_400 })
    expect(key.startsWith(`${listed!.id}-`)).toBe(true)
    const one = await member.call(apiKeysRoutes.get, { params: { user: 'me', keyid: listed!.id } })
    expect(one.token_name).toBe('laptop')
    await expect(
      member.call(apiKeysRoutes.createToken, { params: { user: 'me' }, body: { token_name: 'laptop' } }),
    ).rejects.toMatchObject({ status: 409 })
    await member.call(apiKeysRoutes.delete, { params: { user: 'me', keyid: listed!.id } })
    await expect(me(byToken)).rejects.toMatchObject({ status: 401 })
    await expect(
      member.call(apiKeysRoutes.delete, { params: { user: 'me', keyid: listed!.id } }),
    ).rejects.toMatchObject({ status: 404 })
    expect(await listTokens(member)).toEqual([])
  })

  it('of others are listed for owners who ask for all', async () => {
    await member.call(apiKeysRoutes.createToken, { params: { user: 'me' }, body: { token_name: 'phone' } })
    const names = (await listTokens(owner, { include_all: true })).map((entry) => [
      entry.username,
      entry.token_name,
    ])
    expect(names).toContainEqual(['grace', 'phone'])
    expect(await listTokens(owner)).toEqual([])
  })

  it('with limits that do not exist are refused instead of made with full rights', async () => {
    for (const body of [
      { scopes: ['workspace:read', 'workspace:fly'] },
      { scopes: ['system:read'] },
      { scope: 'everything' },
      { allow_list: ['workspace'] },
      { allow_list: ['spaceship:*'] },
      { allow_list: ['workspace:mine'] },
      { lifetime: -1 },
      { lifetime: 200 * 365 * DAY_MS * 1_000_000 },
    ]) {
      await expect(
        member.call(apiKeysRoutes.createToken, { params: { user: 'me' }, body }),
      ).rejects.toMatchObject({ status: 400 })
    }
  })

  it('live on while used when they are sessions, and end on time when they are tokens', async () => {
    const { key: session } = await member.call(apiKeysRoutes.createSession, { params: { user: 'me' } })
    const { key: token } = await member.call(apiKeysRoutes.createToken, {
      params: { user: 'me' },
      body: { lifetime: 7 * DAY_MS * 1_000_000 },
    })
    clock.jump(6 * DAY_MS)
    await me(server.client(session))
    await me(server.client(token))
    clock.jump(2 * DAY_MS)
    await me(server.client(session))
    await expect(me(server.client(token))).rejects.toMatchObject({ status: 401, detail: /expired/ })
    clock.jump(8 * DAY_MS)
    await expect(me(server.client(session))).rejects.toMatchObject({ status: 401 })
    owner = await server.ownerClient()
  })

  it('that have ended are gone with the next sign-in, but tokens can still be seen', async () => {
    const again = server.deployment.services.sessions.create(
      server.deployment.services.accounts.findByEmail('grace@example.com')!.id,
      { loginType: 'password' },
    )
    member = server.client(again.token)
    const seen = await listTokens(member, { include_expired: true })
    expect(seen.length).toBeGreaterThan(0)
    expect(await listTokens(member)).toEqual([])
    const sessions = server.deployment.services.keys.sessionsOf(seen[0]!.user_id)
    expect(sessions.map((row) => row.id)).toEqual([again.id])
  })

  it('end with the sign-out', async () => {
    const session = await server.ownerClient()
    expect((await session.call(usersRoutes.logout, {})).message).toBe('Logged out!')
    await expect(me(session)).rejects.toMatchObject({ status: 401 })
  })

  it('of a suspended account are refused in other words', async () => {
    const { accounts, sessions } = server.deployment.services
    const user = await accounts.create({
      username: 'mallory',
      email: 'm@example.com',
      name: '',
      password,
      role: 'member',
    })
    const { token } = sessions.create(user.id, { loginType: 'password' })
    accounts.setStatus(user.id, 'suspended')
    await expect(me(server.client(token))).rejects.toMatchObject({ status: 401, message: /suspended/ })
    await expect(
      anonymous.call(usersRoutes.login, { body: { email: 'm@example.com', password } }),
    ).rejects.toMatchObject({ status: 401, message: /suspended/ })
    accounts.setStatus(user.id, 'dormant')
    expect((await me(server.client(token))).status).toBe('active')
  })

  it('are none for a password that is changed while it is checked', async () => {
    const { database, services } = server.deployment
    const { accounts, keys, sessions, signIn } = services
    const email = 'racer@example.com'
    const user = await accounts.create({ username: 'racer', email, name: '', password, role: 'member' })
    const attempt = signIn({ email, password }, () => undefined)
    const change = database.sql.updateTable('users').set({ password_hash: 'scrypt$other$hash' })
    database.run(change.where('id', '=', user.id))
    sessions.endAll(user.id)
    await expect(attempt).rejects.toMatchObject({ status: 401 })
    expect(keys.sessionsOf(user.id)).toEqual([])
  })

  it('are kept as hashes only', () => {
    const secret = tokenOf(owner).split('-')[1]!
    for (const file of ['outpost.db', 'outpost.db-wal']) {
      expect(readFileSync(`${server.dataDir}/${file}`).includes(secret)).toBe(false)
    }
  })
})

describe('the deployment', () => {
  it('says what it is', async () => {
    const info = await anonymous.call(buildInfoRoutes.get, {})
    expect(isLocalDeployment(info)).toBe(true)
    expect(info.dashboard_url).toBe(server.url)
    expect(await owner.call(deploymentRoutes.experiments, {})).toEqual([])
    expect((await owner.call(deploymentRoutes.ssh, {})).hostname_prefix).toBe('coder.')
    expect((await rawRequest(`${server.url}/healthz`)).text).toBe('OK')
  })

  it('writes down who did what', () => {
    const actions = server.deployment.services.auditLog
      .newest(1000)
      .map((row) => `${row.resource_type} ${row.action} ${row.status_code}`)
    expect(actions).toEqual(
      expect.arrayContaining([
        'user create 201',
        'api_key login 201',
        'api_key login 401',
        'api_key create 201',
        'api_key delete 204',
        'api_key logout 200',
      ]),
    )
  })
})
