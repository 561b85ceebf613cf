// A stand-in for a deployment whose user is in several organizations, which needs a licence at a real one.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startHarness, type AppHarness } from '../../testing/app-harness.ts'
import { testUuid } from '../../testing/builders.ts'
import { startStubDeployment, type StubAnswer, type StubDeployment } from '../../testing/stub-deployment.ts'
import { untilConnected } from '../../testing/until-connected.ts'

const LOCAL = { deploymentId: 'local' }
const token = 'Abcdefghij-0123456789abcdefghijkl'
const [first, platform, workspaceId] = [testUuid(901), testUuid(902), testUuid(903)]
const times = { created_at: '2026-11-01T10:00:00Z', updated_at: '2026-11-01T10:00:00Z' }
const content = [{ type: 'text' as const, text: 'Go' }]

let stub: StubDeployment
let harness: AppHarness
let organizations: StubAnswer

const bodiesOf = (path: string): unknown[] =>
  stub.requests
    .filter((one) => one.method === 'POST' && one.path === path)
    .map(({ body }): unknown => JSON.parse(body))

beforeEach(async () => {
  stub = await startStubDeployment(token)
  organizations = {
    status: 200,
    body: [
      { ...times, id: first, name: 'coder', display_name: '', is_default: true },
      { ...times, id: platform, name: 'platform', display_name: 'Platform' },
    ],
  }
  stub.override = ({ path, method }) => {
    if (path === '/api/v2/users/me/organizations') return organizations
    if (path === `/api/v2/workspaces/${workspaceId}`) return { status: 404, body: { message: 'No.' } }
    if (method !== 'POST') return undefined
    if (path.startsWith('/api/experimental/chats/files?')) return { status: 201, body: { id: testUuid(5) } }
    return path === '/api/experimental/chats' ? { status: 400, body: { message: 'Enough seen.' } } : undefined
  }
  harness = await startHarness({ local: { url: stub.url, token } })
  await untilConnected(harness.page)
})
afterEach(async () => {
  await harness.close()
  await stub.close()
})

describe('organizations of the user', () => {
  it('are told by their names', async () => {
    expect(await harness.page.call('chats.organizations', LOCAL)).toEqual([
      { id: first, name: 'coder', isDefault: true },
      { id: platform, name: 'Platform', isDefault: false },
    ])
  })

  it('are told apart where two are called the same', async () => {
    const body = [
      { ...times, id: first, name: 'north', display_name: 'Platform' },
      { ...times, id: platform, name: 'south', display_name: 'Platform' },
    ]
    organizations = { status: 200, body }
    expect((await harness.page.call('chats.organizations', LOCAL)).map(({ name }) => name)).toEqual([
      'Platform (north)',
      'Platform (south)',
    ])
  })

  it('are none where the deployment does not tell them', async () => {
    organizations = { status: 404, body: { message: 'Route not found.' } }
    expect(await harness.page.call('chats.organizations', LOCAL)).toEqual([])
  })
})

it('a chat and its files are made in the chosen organization, else in the first', async () => {
  const create = (more: object) =>
    harness.page.call('chats.create', { ...LOCAL, content, ...more }).catch(() => undefined)
  await create({ organizationId: platform })
  await create({})
  expect(bodiesOf('/api/experimental/chats')).toMatchObject([
    { organization_id: platform },
    { organization_id: first },
  ])
  const piece = { name: 'a.txt', mediaType: 'text/plain', at: 0, piece: 'eA==', isLast: true }
  await harness.page.call('chats.uploadFile', {
    ...LOCAL,
    ...piece,
    organizationId: platform,
    uploadId: testUuid(6),
  })
  await harness.page.call('chats.uploadFile', { ...LOCAL, ...piece, uploadId: testUuid(7) })
  expect(stub.requests.map(({ path }) => path).filter((path) => path.includes('/files?'))).toEqual([
    `/api/experimental/chats/files?organization=${platform}`,
    `/api/experimental/chats/files?organization=${first}`,
  ])
})

it('a chat whose workspace is gone is not made in another organization than that', async () => {
  const asked = { ...LOCAL, content, organizationId: platform, workspaceId }
  await expect(harness.page.call('chats.create', asked)).rejects.toThrow()
  expect(bodiesOf('/api/experimental/chats')).toEqual([])
})
