// The real bridge in a process of its own, a real deployment, a real MCP server.
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { createCoderClient, type CoderClient } from '#bridge/client/coder-client'
import { mcpServersRoutes } from '#bridge/contract/mcp-servers'
import { listen, startMcpServer, type ListeningServer } from '#bridge/testing/mcp-server'
import { startHarness, type AppHarness } from '../../testing/app-harness.ts'
import { CallFailure } from '../../testing/in-memory-page.ts'
import { createRealProcessHost, type RealProcessHost } from '../../testing/real-process-host.ts'
import { startStandaloneDeployment, type StandaloneDeployment } from '../../testing/standalone-deployment.ts'

const SECRET = 'seeded-secret-tested-value'
const TIMEOUT = 90_000

let deployment: StandaloneDeployment
let admin: CoderClient
let mcp: ListeningServer
let silent: ListeningServer
let processHost: RealProcessHost
let harness: AppHarness
let deploymentId: string

beforeAll(async () => {
  deployment = await startStandaloneDeployment()
  admin = createCoderClient({ baseUrl: deployment.url, token: deployment.token })
  mcp = await startMcpServer([{ name: 'forecast', description: `Sends ${SECRET}` }])
  silent = await listen(() => undefined)
  processHost = createRealProcessHost()
  harness = await startHarness({ processHost })
  const { url, token } = deployment
  deploymentId = (
    await harness.page.call('deployments.add', { url, credential: { kind: 'token', token }, name: 'Harbour' })
  ).id
}, TIMEOUT)
afterAll(async () => {
  expect(JSON.stringify([harness.page.received, harness.logger])).not.toContain(SECRET)
  await harness.close()
  await processHost.allEnded()
  await Promise.all([mcp.close(), silent.close(), deployment.close()])
}, TIMEOUT)

let slug = 0
const createServer = async (url: string, keys: string[] = ['X-Api-Key']) => {
  const { id } = await admin.call(mcpServersRoutes.create, {
    body: {
      display_name: 'Weather',
      slug: `weather-${(slug += 1)}`,
      transport: 'streamable_http',
      url,
      auth_type: keys.length === 0 ? 'none' : 'custom_headers',
      availability: 'default_on',
      enabled: true,
      ...(keys.length === 0 ? {} : { custom_headers_user_keys: keys }),
    },
  })
  return { deploymentId, serverId: id }
}
const codeOf = async (call: Promise<unknown>): Promise<unknown> => {
  const thrown = await call.then(
    () => undefined,
    (error: unknown) => error,
  )
  return thrown instanceof CallFailure ? [thrown.error.code, thrown.error.details] : thrown
}

it('sends the vault’s values and tells the tools, without the values', { timeout: TIMEOUT }, async () => {
  const target = await createServer(`${mcp.url}/mcp?key=of-the-administrator`)
  expect(await codeOf(harness.page.call('mcpServers.testConnection', target))).toEqual([
    'values_missing',
    { names: ['X-Api-Key'] },
  ])
  await harness.page.call('mcpServers.saveHeaders', { ...target, values: { 'X-Api-Key': SECRET } })
  const { address, result, testedAt } = await harness.page.call('mcpServers.testConnection', target)
  expect(result).toMatchObject({
    ok: true,
    server: { name: 'sample' },
    tools: [{ name: 'forecast', description: 'Sends [your value]' }],
  })
  expect(address).toBe(`${mcp.url}/mcp`)
  expect(Math.abs(Date.now() - testedAt)).toBeLessThan(TIMEOUT)
  expect(mcp.requests.map(({ headers }) => headers['x-api-key'])).toContain(SECRET)
})

it('gives the connection up when the window cancels', { timeout: TIMEOUT }, async () => {
  const target = await createServer(silent.url, [])
  harness.page.sendRaw({
    type: 'call',
    id: 9001,
    procedure: 'mcpServers.testConnection',
    input: target,
  })
  await vi.waitUntil(() => silent.requests.length > 0, { timeout: TIMEOUT })
  const gone = new Promise((resolve) => silent.requests[0]?.once('close', resolve))
  harness.page.sendRaw({ type: 'cancel', id: 9001 })
  await gone
})

it('says so when the bridge dies on the way', { timeout: TIMEOUT }, async () => {
  const target = await createServer(silent.url, [])
  const before = silent.requests.length
  const failing = codeOf(harness.page.call('mcpServers.testConnection', target))
  await vi.waitUntil(() => silent.requests.length > before, { timeout: TIMEOUT })
  processHost.crash('bridge')
  expect(await failing).toEqual(['bridge_down', undefined])
})
