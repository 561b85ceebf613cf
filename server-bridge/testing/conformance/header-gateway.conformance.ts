/** The header gateway, from a client of MCP inside a workspace to a real MCP server and back. */
import { randomInt } from 'node:crypto'
import {
  existsSync,
  lchownSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createBearer } from '../../lib/bearer.ts'
import type { DeploymentAccess } from '../../bridge/deployment-access.ts'
import { createHeaderGateways, type HeaderGateways } from '../../bridge/gateway/header-gateways.ts'
import type { GatewayState, OpenGateway } from '../../contract/header-gateway.ts'
import { workspaceBuildsRoutes } from '../../contract/workspace-builds.ts'
import type { CoderClient } from '../../client/coder-client.ts'
import { systemClock } from '../../lib/clock.ts'
import { createPinoLogger } from '../../lib/pino-logger.ts'
import { createWebSocketTransport } from '../../transport/workspace-transport.ts'
import { startGatedMcpServer, type GatedMcpServer } from '../gated-mcp-server.ts'
import { createOpenSshClient, patienceMs, type OpenSshClient } from '../open-ssh.ts'
import { startTestServer, type TestServer } from '../start-server.ts'
import { waitFor } from '../wait-for.ts'
import { createRunningWorkspace, createTemplate, getWorkspace, waitForAgent } from '../workspace-actions.ts'

const secret = 'tok_3f9ac27d51e8b6'
const headers = { 'X-Obs-Token': secret }
const gatewayId = 'local/obs/main'

let server: TestServer
let client: CoderClient
let ssh: OpenSshClient
let mcp: GatedMcpServer
let folder: string
let workspaceId: string
let access: DeploymentAccess

let gateways: HeaderGateways
let states: GatewayState[]
let request: OpenGateway
const lines: string[] = []
const logger = createPinoLogger({
  name: 'bridge',
  level: 'debug',
  sinks: [{ write: (line) => void lines.push(line) }],
})

beforeAll(async () => {
  server = await startTestServer()
  const token = await server.deployment.mintOwnerSession('Ada Lovelace')
  client = server.client(token)
  const { workspace } = await createRunningWorkspace(client, await createTemplate(client, 'small'), 'main')
  workspaceId = workspace.id
  folder = join(server.dataDir, 'workspaces', 'main')
  ssh = await createOpenSshClient({ url: server.url, token })
  access = { url: server.url, token, client, transport: createWebSocketTransport({ url: server.url, token }) }
  mcp = await startGatedMcpServer(headers)
  writeFileSync(join(folder, 'agent.mjs'), agentProgram)
})
afterAll(async () => {
  await mcp.close()
  await ssh.close()
  await server.close()
})

beforeEach(() => {
  states = []
  gateways = createHeaderGateways({
    accessOf: () => access,
    clock: systemClock,
    logger,
    onState: (state) => states.push(state),
    onSignedOut: () => undefined,
  })
  request = {
    type: 'open-gateway',
    gatewayId,
    deploymentId: 'local',
    workspaceId,
    name: 'observability',
    target: { url: mcp.url, transport: 'streamable_http', headers },
    bearer: createBearer(),
    port: 21_000 + randomInt(5000),
  }
})
afterEach(async () => {
  await gateways.closeAll()
})

/** What an agent does: reads its configuration and calls tools. */
const agentProgram = `
import { readFileSync } from 'node:fs'
import { Client, SSEClientTransport, StreamableHTTPClientTransport } from ${JSON.stringify(import.meta.resolve('@modelcontextprotocol/client'))}
const { mcpServers } = JSON.parse(readFileSync('.mcp.json', 'utf8'))
const { type, url, headers } = mcpServers[process.argv[2]]
const Transport = type === 'sse' ? SSEClientTransport : StreamableHTTPClientTransport
const client = new Client({ name: 'agent', version: '1.0.0' })
await client.connect(new Transport(new URL(url), { requestInit: { headers } }))
const { tools } = await client.listTools()
const call = async (name, given = {}) => (await client.callTool({ name, arguments: given })).content[0].text
console.log(JSON.stringify({ tools: tools.length, echo: await call('echo', { text: 'from inside' }), whoami: await call('whoami') }))
await client.close()
`

const inWorkspace = (command: string): ReturnType<OpenSshClient['run']> =>
  ssh.run('ssh', ['coder.main', command])
const runAgent = (name = 'observability'): ReturnType<OpenSshClient['run']> =>
  inWorkspace(`node agent.mjs ${name}`)
const config = (): string => readFileSync(join(folder, '.mcp.json'), 'utf8')
const hasConfig = (): boolean => existsSync(join(folder, '.mcp.json'))

const until = (what: string, check: () => boolean): Promise<true> =>
  waitFor(what, () => (check() ? true : undefined), patienceMs)
const lastKind = (): string | undefined => states.at(-1)?.connection.kind
async function open(more: Partial<OpenGateway> = {}): Promise<number> {
  gateways.open({ ...request, ...more })
  await until(
    'the configuration is written',
    () => lastKind() === 'open' && hasConfig() && config().includes(request.bearer),
  )
  const last = states.at(-1)?.connection
  return last?.kind === 'open' ? last.port : 0
}

describe('a client of MCP in a workspace', () => {
  it.each(['streamable_http', 'sse'] as const)(
    'reaches the tools over %s without knowing the value',
    async (transport) => {
      await open({ target: { url: transport === 'sse' ? mcp.sseUrl : mcp.url, transport, headers } })
      const { code, stdout, stderr } = await runAgent()
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
      const told = JSON.parse(stdout.toString()) as { tools: number; echo: string; whoami: string }
      expect(told.echo).toBe('from inside')
      expect(told.tools).toBeGreaterThan(3)
      expect(told.whoami).toContain('*'.repeat(secret.length))
      expect(told.whoami).not.toContain(secret)
      await until('the calls are counted', () => states.reduce((sum, { calls }) => sum + calls, 0) === 2)
    },
  )

  it('fails in words when the value is wrong, and the person is told', async () => {
    await open({ target: { ...request.target, headers: { 'X-Obs-Token': 'expired-value' } } })
    const { code, stderr } = await runAgent()
    expect(code).not.toBe(0)
    expect(stderr).toContain('X-Obs-Token is missing or wrong')
    await until('it is told', () => states.at(-1)?.problem?.status === 401)
  })

  it('fails without the bearer', async () => {
    const port = await open()
    const answer = await fetch(`http://127.0.0.1:${String(port)}/mcp`, { method: 'POST', body: '{}' })
    expect(answer.status).toBe(401)
  })
})

describe('the value', () => {
  it('is nowhere in the workspace: not in its files, environments, command lines or answers', async () => {
    await open()
    const answers = await runAgent()
    expect(answers.code).toBe(0)
    const look = [
      'env',
      'cat /proc/*/environ 2>/dev/null | tr "\\0" "\\n"',
      'cat /proc/*/cmdline 2>/dev/null | tr "\\0" "\\n"',
      'ps -eo args 2>/dev/null',
      'find . -type f -size -1000k -exec cat {} +',
      'true',
    ].join('; ')
    const { code, stdout } = await inWorkspace(look)
    expect(code).toBe(0)
    const all = Buffer.concat([stdout, answers.stdout]).toString('latin1')
    // The look has found something: what may be known is there.
    expect(all).toContain(request.bearer)
    for (const form of [
      secret,
      Buffer.from(secret).toString('base64').slice(0, -3),
      Buffer.from(secret).toString('hex'),
    ]) {
      expect(all).not.toContain(form)
    }
    expect(lines.join('\n')).not.toContain(secret)
    expect(lines.join('\n')).not.toContain(request.bearer)
    expect(JSON.stringify(states)).not.toContain(secret)
  })
})

describe('the configuration', () => {
  it('keeps what others wrote, is readable by its owner alone, and is gone with the gateway', async () => {
    const others =
      '{\n    "mcpServers": {\n        "files": { "command": "files" }\n    },\n    "more": 1\n}\n'
    writeFileSync(join(folder, '.mcp.json'), others, { mode: 0o644 })
    const port = await open()
    expect(JSON.parse(config())).toEqual({
      mcpServers: {
        files: { command: 'files' },
        observability: {
          type: 'http',
          url: `http://127.0.0.1:${String(port)}/mcp`,
          headers: { Authorization: `Bearer ${request.bearer}` },
        },
      },
      more: 1,
    })
    expect(statSync(join(folder, '.mcp.json')).mode & 0o777).toBe(0o600)
    gateways.close(gatewayId)
    await gateways.closeAll()
    expect(JSON.parse(config())).toEqual(JSON.parse(others))
    await inWorkspace('rm .mcp.json')
  })

  it('of two gateways lists both, and each goes alone', async () => {
    const second = {
      ...request,
      gatewayId: 'second',
      name: 'second',
      bearer: createBearer(),
      port: request.port + 100,
    }
    gateways.open(request)
    gateways.open(second)
    await until(
      'both are there',
      () => hasConfig() && config().includes(request.bearer) && config().includes(second.bearer),
    )
    gateways.close('second')
    await until('one is gone', () => !config().includes(second.bearer))
    expect(config()).toContain(request.bearer)
    await gateways.closeAll()
    expect(hasConfig()).toBe(false)
    expect(readdirSync(folder).filter((name) => name.includes('.mcp.json'))).toEqual([])
  })

  it('that is a link stays one: the file behind it is written at once, and emptied in the end', async () => {
    mkdirSync(join(folder, 'kept'))
    writeFileSync(join(folder, 'kept', 'servers.json'), '{"mcpServers":{}}', { mode: 0o644 })
    symlinkSync('kept/servers.json', join(folder, 'between.json'))
    symlinkSync('between.json', join(folder, '.mcp.json'))
    await open()
    expect(readlinkSync(join(folder, '.mcp.json'))).toBe('between.json')
    expect(lstatSync(join(folder, 'kept', 'servers.json')).isFile()).toBe(true)
    expect(config()).toContain(request.bearer)
    gateways.close(gatewayId)
    await gateways.closeAll()
    expect(readlinkSync(join(folder, '.mcp.json'))).toBe('between.json')
    expect(config()).toBe('{}\n')
    expect(readdirSync(join(folder, 'kept'))).toEqual(['servers.json'])
    await inWorkspace('rm -r .mcp.json between.json kept')
  })

  it.each([
    ['to nothing', 'gone.json', 'is a link to a file that does not exist'],
    ['to itself', '.mcp.json', 'is a link that leads back to itself'],
    ['to a folder', '.', 'is a link to something that is not a file'],
    ['to a device', '/dev/null', 'is a link to something that is not a file'],
    ['to a file of another user', '/etc/hosts', 'is a link to a file of another user'],
  ])('that is a link %s stays as it is, which is told', async (_what, target, words) => {
    symlinkSync(target, join(folder, '.mcp.json'))
    // That file is root's, so where root runs this the link is somebody else's.
    if (target === '/etc/hosts' && process.getuid?.() === 0)
      lchownSync(join(folder, '.mcp.json'), 65_534, 65_534)
    gateways.open(request)
    await until('it is told', () => states.at(-1)?.configProblem?.includes(words) === true)
    await gateways.closeAll()
    expect(readlinkSync(join(folder, '.mcp.json'))).toBe(target)
    await inWorkspace('rm .mcp.json')
  })

  it('that is no JSON stays as it is, which is told', async () => {
    writeFileSync(join(folder, '.mcp.json'), '{ // mine\n}')
    gateways.open(request)
    await until('it is told', () => states.at(-1)?.configProblem?.includes('is not JSON') === true)
    await gateways.closeAll()
    expect(config()).toBe('{ // mine\n}')
    await inWorkspace('rm .mcp.json')
  })
})

describe('a gateway', () => {
  it('ends at once, with its port', async () => {
    const port = await open()
    gateways.close(gatewayId)
    await gateways.closeAll()
    await waitFor(
      'nobody listens any more',
      () =>
        fetch(`http://127.0.0.1:${String(port)}/mcp`).then(
          () => undefined,
          () => true as const,
        ),
      patienceMs,
    )
  })

  it('takes another port where its own is in use', async () => {
    const port = await open()
    const other = { ...request, gatewayId: 'second', name: 'second', bearer: createBearer(), port }
    gateways.open(other)
    await until('the second is open', () =>
      states.some((state) => state.gatewayId === 'second' && state.connection.kind === 'open'),
    )
    expect(
      states.find((state) => state.gatewayId === 'second' && state.connection.kind === 'open')?.connection,
    ).toEqual({
      kind: 'open',
      port: port + 1,
    })
  })

  it('waits while the workspace is stopped, and comes back on the same port with the same bearer', async () => {
    const port = await open()
    const build = (transition: 'start' | 'stop') =>
      client.call(workspaceBuildsRoutes.create, { params: { workspace: workspaceId }, body: { transition } })
    await build('stop')
    await until('it waits', () => lastKind() === 'waiting')
    expect(states.at(-1)?.connection).toMatchObject({
      reason: expect.stringMatching(/^Opens when|was lost|closed/) as string,
    })
    await waitFor('it is stopped', async () => {
      const { latest_build } = await getWorkspace(client, workspaceId)
      return latest_build.status === 'stopped' ? true : undefined
    })
    await build('start')
    await waitForAgent(client, workspaceId)
    gateways.retry(gatewayId)
    await until('it is open again', () => lastKind() === 'open')
    expect(states.at(-1)?.connection).toEqual({ kind: 'open', port })
    writeFileSync(join(folder, 'agent.mjs'), agentProgram)
    await waitFor(
      'the agent reaches it',
      async () => ((await runAgent()).code === 0 ? true : undefined),
      patienceMs,
    )
  })
})
