// Against a real local deployment in a process of its own, through the router.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createCoderClient, type CoderClient } from '#bridge/client/coder-client'
import { mcpServersRoutes } from '#bridge/contract/mcp-servers'
import { userAccountsRoutes } from '#bridge/contract/user-accounts'
import { usersRoutes } from '#bridge/contract/users'
import { startHarness, type AppHarness } from '../../testing/app-harness.ts'
import { testUuid } from '../../testing/builders.ts'
import { CallFailure } from '../../testing/in-memory-page.ts'
import { startStandaloneDeployment, type StandaloneDeployment } from '../../testing/standalone-deployment.ts'
import { startStubDeployment } from '../../testing/stub-deployment.ts'
import { untilConnected } from '../../testing/until-connected.ts'

const LOCAL = { deploymentId: 'local' }
const SECRET = 'seeded-secret-admin-value'
const TIMEOUT = 60_000

let deployment: StandaloneDeployment
let admin: CoderClient
let harness: AppHarness
let slug = 0

beforeAll(async () => {
  deployment = await startStandaloneDeployment()
  admin = createCoderClient({ baseUrl: deployment.url, token: deployment.token })
}, TIMEOUT)
afterAll(() => deployment.close(), TIMEOUT)

async function connect(local: { readonly url: string; readonly token: string }): Promise<AppHarness> {
  const started = await startHarness({ local })
  await untilConnected(started.page)
  return started
}
beforeEach(async () => {
  harness = await connect(deployment)
})
afterEach(async () => {
  const text = JSON.stringify([harness.page.received, harness.logger])
  expect(text, 'a secret must not come back to the window or reach a log').not.toContain(SECRET)
  await harness.close()
})

const server = (change: object = {}) => ({
  display_name: 'Weather',
  slug: `weather-${(slug += 1)}`,
  transport: 'streamable_http' as const,
  url: 'https://mcp.example.com/mcp',
  auth_type: 'custom_headers' as const,
  availability: 'default_on' as const,
  enabled: true,
  custom_headers: { 'X-Tenant': SECRET },
  custom_headers_user_keys: ['X-Api-Key'],
  ...change,
})
const create = (change?: object) =>
  harness.page.call('mcpServerAdmin.create', { ...LOCAL, server: server(change) })
const failureOf = async (call: Promise<unknown>) => {
  const thrown = await call.then(
    () => undefined,
    (error: unknown) => error,
  )
  if (!(thrown instanceof CallFailure)) throw new Error('It did not fail as a call does.')
  return thrown.error
}

describe('an administrator', () => {
  it('makes a server, changes what it names and deletes it', async () => {
    const made = await create()
    expect(made).toMatchObject({ has_custom_headers: true, custom_headers_user_keys: ['X-Api-Key'] })
    const changed = await harness.page.call('mcpServerAdmin.update', {
      ...LOCAL,
      serverId: made.id,
      expectedUpdatedAt: made.updated_at,
      changes: { description: 'Forecasts' },
    })
    expect(changed).toMatchObject({ description: 'Forecasts', has_custom_headers: true })
    const target = { ...LOCAL, serverId: made.id }
    expect(await harness.page.call('mcpServerAdmin.delete', target)).toBeNull()
    expect((await failureOf(harness.page.call('mcpServerAdmin.get', target))).code).toBe('not_found')
  })

  it('is told how many users have values', async () => {
    const { id } = await create()
    const target = { ...LOCAL, serverId: id }
    expect((await harness.page.call('mcpServerAdmin.get', target)).userCount).toBe(0)
    await admin.call(mcpServersRoutes.putUserHeaders, {
      params: { mcpserver: id },
      body: { values: { 'X-Api-Key': SECRET } },
    })
    expect((await harness.page.call('mcpServerAdmin.get', target)).userCount).toBe(1)
  })

  it('is told of a taken slug and of each field that the deployment refuses', async () => {
    const made = await create()
    expect((await failureOf(create({ slug: made.slug.toUpperCase() }))).code).toBe('slug_taken')
    const refused = await failureOf(create({ custom_headers_user_keys: ['x-tenant', 'X-B', 'x-b'] }))
    expect(refused).toMatchObject({
      code: 'deployment_error',
      details: {
        validations: [{ field: 'custom_headers_user_keys' }, { field: 'custom_headers_user_keys' }],
      },
    })
  })

  it('does not overwrite what somebody else has changed meanwhile', async () => {
    const made = await create()
    const theirs = await admin.call(mcpServersRoutes.update, {
      params: { mcpserver: made.id },
      body: { description: 'Theirs' },
    })
    const update = (expectedUpdatedAt: string) =>
      harness.page.call('mcpServerAdmin.update', {
        ...LOCAL,
        serverId: made.id,
        expectedUpdatedAt,
        changes: { description: 'Mine' },
      })
    expect((await failureOf(update(made.updated_at))).code).toBe('changed_meanwhile')
    expect((await update(theirs.updated_at)).description).toBe('Mine')
  })
})

describe('access', () => {
  it('is for who may change the configuration of the deployment', async () => {
    expect(await harness.page.call('mcpServerAdmin.access', LOCAL)).toEqual({
      mayManage: true,
      hasUserKeys: true,
    })
    const [organization = ''] = (await admin.call(usersRoutes.get, { params: { user: 'me' } }))
      .organization_ids
    const account = { email: 'grace@example.test', password: 'Correct-Horse-Battery-8' }
    await admin.call(userAccountsRoutes.create, {
      body: { ...account, username: 'grace', organization_ids: [organization] },
    })
    const open = createCoderClient({ baseUrl: deployment.url })
    const { session_token: token } = await open.call(usersRoutes.login, { body: account })
    const member = await connect({ url: deployment.url, token })
    try {
      expect(await member.page.call('mcpServerAdmin.access', LOCAL)).toEqual({
        mayManage: false,
        hasUserKeys: true,
      })
      const made = await create()
      const target = { ...LOCAL, serverId: made.id }
      expect((await failureOf(member.page.call('mcpServerAdmin.delete', target))).code).toBe('forbidden')
    } finally {
      await member.close()
    }
  })

  it('is nobody’s where servers belong to organizations, and without user keys where there are none', async () => {
    const token = 'Abcdefghij-0123456789abcdefghijkl'
    const stub = await startStubDeployment(token)
    const other = await connect({ url: stub.url, token })
    const id = testUuid(1)
    const old = [{ id, slug: 'weather', display_name: 'Weather', auth_type: 'none', enabled: true }]
    try {
      stub.override = ({ path }) =>
        path === '/api/experimental/mcp/servers'
          ? { status: 404, body: { message: 'Route not found.' } }
          : path.startsWith('/api/experimental/organizations/')
            ? { status: 200, body: [] }
            : undefined
      expect(await other.page.call('mcpServerAdmin.access', LOCAL)).toEqual({
        mayManage: false,
        hasUserKeys: false,
      })
      stub.override = ({ path }) =>
        path === '/api/experimental/mcp/servers'
          ? { status: 200, body: old }
          : path === '/api/v2/authcheck'
            ? { status: 200, body: { read: true, update: true } }
            : path === `/api/experimental/mcp/servers/${id}`
              ? { status: 200, body: old[0] }
              : undefined
      expect(await other.page.call('mcpServerAdmin.access', LOCAL)).toEqual({
        mayManage: true,
        hasUserKeys: false,
      })
      const got = await other.page.call('mcpServerAdmin.get', { ...LOCAL, serverId: id })
      expect(got.userCount).toBeNull()
    } finally {
      await other.close()
      await stub.close()
    }
  })
})
