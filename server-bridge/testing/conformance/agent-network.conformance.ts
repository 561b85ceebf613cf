import { afterAll, beforeAll, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import type { CoderClient } from '../../client/coder-client.ts'
import { agentNetworkRoutes, decodeDerpMap } from '../../contract/agent-network.ts'
import { deploymentRoutes } from '../../contract/deployment.ts'
import { narrowedClient } from '../accounts.ts'
import { rawRequest } from '../raw-request.ts'
import { startTestServer, type TestServer } from '../start-server.ts'
import { createRunningWorkspace, createTemplate } from '../workspace-actions.ts'

let server: TestServer
let client: CoderClient
let member: CoderClient
let agentId: string
beforeAll(async () => {
  server = await startTestServer()
  client = await server.ownerClient()
  member = await server.memberClient('grace')
  const { agent } = await createRunningWorkspace(client, await createTemplate(client, 'small'), 'main')
  agentId = agent.id
})
afterAll(() => server.close())

const of = (workspaceagent: string) => ({ params: { workspaceagent } })

it('the map of relays comes as one binary frame of JSON, and the socket stays open', async () => {
  const { url, headers } = member.socket(agentNetworkRoutes.derpMap, {})
  const socket = new WebSocket(url, { headers })
  const [data, isBinary] = await new Promise<[Buffer, boolean]>((resolve, reject) => {
    socket.once('message', (bytes: Buffer, binary) => resolve([bytes, binary]))
    socket.once('error', reject)
    socket.once('close', (code) => reject(new Error(`closed with ${code}`)))
  })
  expect(isBinary).toBe(true)
  const { Regions } = decodeDerpMap(data)
  for (const [id, region] of Object.entries(Regions)) expect(String(region.RegionID)).toBe(id)
  const pong = new Promise((resolve) => socket.once('pong', resolve))
  socket.ping()
  await pong
  const closed = new Promise((resolve) => socket.once('close', resolve))
  socket.close(1000)
  await closed
})

it('the map of relays is a socket for who is signed in', async () => {
  const get = (headers: Record<string, string>) => rawRequest(`${server.url}/api/v2/derp-map`, { headers })
  expect((await get({})).status).toBe(401)
  const { headers } = client.socket(agentNetworkRoutes.derpMap, {})
  expect((await get(headers as Record<string, string>)).status).toBe(426)
})

it('a connection is described alike for all agents and for one', async () => {
  const info = await client.call(agentNetworkRoutes.connectionInfo, {})
  const { hostname_suffix } = await client.call(deploymentRoutes.ssh, {})
  expect(info.hostname_suffix).toBe(hostname_suffix)
  expect(await client.call(agentNetworkRoutes.agentConnectionInfo, of(agentId))).toEqual(info)
})

it('a connection to an agent is described to those who may read its workspace', async () => {
  const unknown = '00000000-0000-4000-8000-000000000000'
  const get = (caller: CoderClient, id: string) => caller.call(agentNetworkRoutes.agentConnectionInfo, of(id))
  await expect(get(member, agentId)).rejects.toMatchObject({ status: 404 })
  await expect(get(client, unknown)).rejects.toMatchObject({ status: 404 })
  await expect(get(client, 'x')).rejects.toMatchObject({ status: 400 })
  const narrow = await narrowedClient(server, client, { scopes: ['template:read'] })
  await expect(get(narrow, agentId)).rejects.toMatchObject({ status: 403 })
})
