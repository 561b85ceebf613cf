/** The official conformance suite of MCP through a header gateway, beside the same server without one. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startGatedMcpServer, type GatedMcpServer } from '../gated-mcp-server.ts'
import { startGatewayListener, type GatewayListener } from '../gateway-listener.ts'
import { runMcpSuite, startSuiteEntrance } from '../mcp-suite.ts'

const headers = { 'X-Obs-Token': 'tok_3f9ac27d51e8b6' }
const patienceMs = 240_000

let server: GatedMcpServer
let gateway: GatewayListener
let entrance: Awaited<ReturnType<typeof startSuiteEntrance>>

beforeAll(async () => {
  server = await startGatedMcpServer()
  gateway = await startGatewayListener({ url: server.url, headers })
  entrance = await startSuiteEntrance(gateway.url, gateway.authorization)
})
afterAll(async () => {
  await entrance.close()
  await gateway.close()
  await server.close()
})

it(
  'gives the same results through the gateway as without it',
  async () => {
    const direct = await runMcpSuite(server.url.replace('127.0.0.1', 'localhost'))
    server.required = headers
    const through = await runMcpSuite(entrance.url)
    expect(through).toEqual(direct)
    expect(through.filter((line) => !line.endsWith('SUCCESS'))).toEqual([])
    // As docs/mcp-servers.md has it.
    expect(through).toHaveLength(40)
  },
  patienceMs,
)
