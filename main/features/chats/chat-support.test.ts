import { afterEach, beforeEach, expect, it } from 'vitest'
import { createCoderClient } from '#bridge/client/coder-client'
import { startStubDeployment, type StubDeployment } from '../../testing/stub-deployment.ts'
import { readChatSupport } from './chat-support.ts'

let deployment: StubDeployment
/** What the deployment says about desktops, by path; what is left out is not there. */
let said: Readonly<Record<string, { readonly status: number; readonly body?: unknown }>>

beforeEach(async () => {
  deployment = await startStubDeployment()
  said = {}
  deployment.override = ({ path }) => {
    const [where = ''] = path.split('?')
    if (where.endsWith('/chats')) return { status: 200, body: [] }
    if (where.endsWith('/chats/models')) return { status: 200, body: { models: [] } }
    if ([experiments, enabled, insights].includes(where))
      return said[where] ?? { status: 404, body: { message: 'Route not found.' } }
    return undefined
  }
})
afterEach(() => deployment.close())

const read = () => {
  const [token] = deployment.tokens
  const client = createCoderClient({ baseUrl: deployment.url, token, retries: 0 })
  return readChatSupport(client, AbortSignal.timeout(10_000))
}
const experiments = '/api/v2/experiments'
const enabled = '/api/experimental/chats/config/desktop-enabled'
const insights = '/api/experimental/chats/insights/pull-requests'

it.each([
  {
    name: 'the experiment is on',
    told: { [experiments]: ['oauth2', 'chat-virtual-desktop'] },
    desktop: true,
  },
  { name: 'another experiment is on', told: { [experiments]: ['oauth2'] }, desktop: false },
  { name: 'it knows of neither', told: {}, desktop: false },
  {
    name: 'an older one has switched it on',
    told: { [experiments]: [], [enabled]: { on: true } },
    desktop: true,
  },
  { name: 'an older one has switched it off', told: { [enabled]: { on: false } }, desktop: false },
])('has desktops where $name: $desktop', async ({ told, desktop }) => {
  said = Object.fromEntries(Object.entries(told).map(([path, body]) => [path, { status: 200, body }]))
  expect(await read()).toEqual({ chats: 'ready', approvals: false, desktop })
})

it.each([
  { who: 'hides its switch', switchStatus: 404, insightsStatus: 200, desktop: true },
  { who: 'refuses to tell of its switch', switchStatus: 403, insightsStatus: 403, desktop: true },
  { who: 'takes the address for that of a chat', switchStatus: 404, insightsStatus: 400, desktop: false },
  { who: 'has nothing that only older ones have', switchStatus: 404, insightsStatus: 404, desktop: false },
])('offers to look where one that $who: $desktop', async ({ switchStatus, insightsStatus, desktop }) => {
  const body = { message: 'So it is.' }
  said = { [enabled]: { status: switchStatus, body }, [insights]: { status: insightsStatus, body } }
  expect((await read()).desktop).toBe(desktop)
  said = { ...said, [insights]: { status: 500, body } }
  await expect(read()).rejects.toThrow('So it is.')
})

it('does not take a deployment that fails for one without desktops', async () => {
  said = { [experiments]: { status: 500, body: { message: 'It broke.' } } }
  await expect(read()).rejects.toThrow('It broke.')
})
