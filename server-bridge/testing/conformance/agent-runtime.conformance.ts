import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import type { CoderClient } from '../../client/coder-client.ts'
import { agentRuntimeRoutes } from '../../contract/agent-runtime.ts'
import { createSseParser, parseEventMessage, type ServerSentEvent } from '../../contract/sse.ts'
import { type WorkspaceAgentMetadata, workspaceAgentsRoutes } from '../../contract/workspace-agents.ts'
import { workspacesRoutes } from '../../contract/workspaces.ts'
import { rawRequest, upgradeHeaders } from '../raw-request.ts'
import { startTestServer, type TestServer } from '../start-server.ts'
import { smallTemplate } from '../template-archive.ts'
import { waitFor } from '../wait-for.ts'
import {
  createRunningWorkspace,
  createTemplate,
  getWorkspace,
  openTerminal,
  runBuild,
} from '../workspace-actions.ts'

/** Measures two values, keeps a log file, and has a script that runs every second. */
const measuringTemplate = `${smallTemplate.replace(
  '  env = {',
  `
  metadata {
    key          = "count"
    display_name = "Count"
    script       = "echo x >> counts; wc -l < counts"
    interval     = 1
    order        = 2
  }
  metadata {
    key          = "broken"
    display_name = "Broken"
    script       = "echo partly; echo because >&2; exit 3"
    interval     = 0
    order        = 1
  }
  env = {`,
)}
resource "coder_script" "tick" {
  agent_id     = coder_agent.main.id
  display_name = "Tick"
  cron         = "* * * * * *"
  script       = "echo tick | tee ticked"
  log_path     = "~/logs/tick.log"
}
`

let server: TestServer
let owner: CoderClient
let other: CoderClient
let workspaceId: string
let agentId: string
let home: string

beforeAll(async () => {
  server = await startTestServer()
  owner = await server.ownerClient()
  other = await server.memberClient('grace')
  const template = await createTemplate(owner, 'measuring', measuringTemplate)
  const { workspace, agent } = await createRunningWorkspace(owner, template, 'main')
  workspaceId = workspace.id
  agentId = agent.id
  home = join(server.dataDir, 'workspaces', 'main')
})
afterAll(() => server.close())

const params = () => ({ params: { workspaceagent: agentId } })
const credentials = (client = owner): Record<string, string> =>
  client.socket(workspacesRoutes.list, {}).headers

describe('measured values', () => {
  const metadata = (event: ServerSentEvent | undefined): WorkspaceAgentMetadata[] =>
    (event?.data ?? []) as WorkspaceAgentMetadata[]
  const countOf = (event: ServerSentEvent | undefined): number => Number(metadata(event)[1]?.result.value)

  it('come over a socket: all at once in their order, without a ping, and again as they change', async () => {
    const target = owner.socket(agentRuntimeRoutes.watchMetadataWs, params())
    const socket = new WebSocket(target.url, { headers: target.headers })
    const events: ServerSentEvent[] = []
    socket.on('message', (data: Buffer) => events.push(parseEventMessage(data.toString('utf8'))))
    await waitFor('values', () => (countOf(events.at(-1)) > 0 ? true : undefined))
    expect(events.map(({ type }) => type)).not.toContain('ping')
    const [broken, count] = metadata(events.at(-1))
    expect(broken?.description).toEqual({
      display_name: 'Broken',
      key: 'broken',
      script: 'echo partly; echo because >&2; exit 3',
      interval: 0,
      timeout: 0,
    })
    expect(broken?.result).toMatchObject({ value: 'partly', error: 'exit status 3: because' })
    expect(count?.result).toMatchObject({ error: '' })
    const seen = countOf(events.at(-1))
    await waitFor('a change', () => (countOf(events.at(-1)) > seen ? true : undefined))
    socket.send('I should not')
    expect((await once(socket, 'close'))[0]).toBe(1002)
  })

  it('come as server-sent events', async () => {
    const abort = new AbortController()
    const response = await owner.stream(agentRuntimeRoutes.watchMetadata, params(), abort.signal)
    expect(response.headers.get('content-type')).toBe('text/event-stream')
    const parser = createSseParser()
    const decoder = new TextDecoder()
    const events: ServerSentEvent[] = []
    const reading = (async () => {
      for await (const chunk of response.body!)
        events.push(...parser.push(decoder.decode(chunk, { stream: true })))
    })().catch(() => undefined)
    await waitFor('an event', () => (events.length > 0 ? true : undefined))
    expect(metadata(events[0]).map(({ description }) => description.key)).toEqual(['broken', 'count'])
    abort.abort()
    await reading
  })

  it('are for those who may read the workspace', async () => {
    const url = `${server.url}/api/v2/workspaceagents/${agentId}/watch-metadata`
    expect((await rawRequest(url, { headers: credentials(other) })).status).toBe(404)
    const headers = { ...credentials(other), ...upgradeHeaders }
    expect((await rawRequest(`${url}-ws`, { headers })).status).toBe(404)
    expect((await rawRequest(`${url}-ws`, { headers: credentials() })).status).toBe(426)
    expect((await rawRequest(url)).status).toBe(401)
  })

  it('are attached to listed workspaces', async () => {
    const { metadata: values } = server.deployment.services.agents
    const [listed] = values.attach([await getWorkspace(owner, workspaceId)])
    const agents = listed!.latest_build.resources.flatMap((resource) => resource.agents ?? [])
    expect(agents[0]?.metadata?.map(({ description }) => description.key)).toEqual(['broken', 'count'])
  })
})

describe('scripts', () => {
  it('run on their schedule, with a file of their own and a log', async () => {
    const file = join(home, 'logs', 'tick.log')
    await waitFor('the file', () =>
      existsSync(file) && readFileSync(file, 'utf8') === 'tick\n' ? true : undefined,
    )
    expect(existsSync(join(home, 'ticked'))).toBe(true)
    const rows = await waitFor('the log', async () => {
      const all = await owner.call(workspaceAgentsRoutes.logs, { ...params(), query: {} })
      return all.some((row) => row.output === 'tick') ? all : undefined
    })
    const agent = await owner.call(workspaceAgentsRoutes.get, params())
    const tick = agent.scripts.find((script) => script.display_name === 'Tick')
    expect(rows.find((row) => row.output === 'tick')?.source_id).toBe(tick?.log_source_id)
    expect(existsSync(join(home, '.outpost', 'logs', 'coder-startup-script.log'))).toBe(true)
  })

  it('and the connection are timed', async () => {
    const { latest_build: build } = await getWorkspace(owner, workspaceId)
    const timings = await waitFor('a run by schedule', () => {
      const read = server.deployment.services.timings.read(build.job.id)
      return read.agent_script_timings.length > 1 ? read : undefined
    })
    expect(timings.agent_script_timings).toMatchObject([
      { display_name: 'Startup Script', stage: 'start', status: 'ok', exit_code: 0 },
      { display_name: 'Tick', stage: 'cron', status: 'ok', workspace_agent_name: 'main' },
    ])
    expect(timings.agent_connection_timings).toMatchObject([
      { stage: 'connect', workspace_agent_id: agentId, workspace_agent_name: 'main' },
    ])
  })
})

describe('use', () => {
  it('is reported while a terminal is open, and moves the workspace on', async () => {
    const { usage } = server.deployment.services.agents
    const before = (await getWorkspace(owner, workspaceId)).last_used_at
    const terminal = await openTerminal(owner, agentId, { reconnect: randomUUID() })
    await waitFor('the report', () => (usage.of(agentId)?.sessions.reconnecting_pty === 1 ? true : undefined))
    await waitFor('the activity', async () =>
      (await getWorkspace(owner, workspaceId)).last_used_at > before ? true : undefined,
    )
    terminal.send({ data: 'echo used-$((40 + 2))\r' })
    await terminal.shows('used-42')
    await terminal.close()
    await waitFor('the end', () => (usage.of(agentId)?.sessions.reconnecting_pty === 0 ? true : undefined))
    expect(usage.of(agentId)?.tx_bytes).toBeGreaterThan(0)
  })

  it('shows how far away the agent is', async () => {
    const { latency } = await waitFor('the first heartbeat', async () => {
      const agent = await owner.call(workspaceAgentsRoutes.get, params())
      return Object.keys(agent.latency ?? {}).length > 0 ? agent : undefined
    })
    expect(latency).toEqual({ 'Local deployment': { preferred: true, latency_ms: expect.any(Number) } })
  })
})

describe('listening ports', () => {
  const ports = async () => (await owner.call(agentRuntimeRoutes.listeningPorts, params())).ports

  it('are those of the workspace alone, by the name of their program', async () => {
    const script =
      'require("net").createServer().listen(0,"127.0.0.1",function(){console.log("at:"+this.address().port+";")})'
    const terminal = await openTerminal(owner, agentId, {
      reconnect: randomUUID(),
      command: `exec ${process.execPath} -e '${script}'`,
    })
    await terminal.shows(';')
    const port = Number(/at:(\d+);/.exec(terminal.output())?.[1])
    const listed = await ports()
    expect(listed).toContainEqual({ process_name: expect.stringMatching(/node/i), network: 'tcp', port })
    expect(listed.map((entry) => entry.port)).not.toContain(Number(new URL(server.url).port))
    terminal.send({ data: '\u0003' })
    await terminal.closed
    expect((await ports()).map((entry) => entry.port)).not.toContain(port)
  })

  it('are for those who may read the workspace', async () => {
    await expect(other.call(agentRuntimeRoutes.listeningPorts, params())).rejects.toMatchObject({
      status: 404,
    })
  })
})

describe('terminals', () => {
  const list = async () => (await owner.call(agentRuntimeRoutes.terminals, params())).terminals

  it('are listed with what they run and who looks, and one can be ended', async () => {
    const id = randomUUID()
    const command = 'printf "\\033]0;my title\\007ready"; sleep 1000'
    const terminal = await openTerminal(owner, agentId, { reconnect: id, command })
    await terminal.shows('ready')
    expect((await list()).find((entry) => entry.id === id)).toMatchObject({
      command,
      title: 'my title',
      clients: 1,
    })
    const end = () =>
      owner.call(agentRuntimeRoutes.endTerminal, { params: { workspaceagent: agentId, terminal: id } })
    await end()
    expect((await terminal.closed).code).toBe(1000)
    expect((await list()).map((entry) => entry.id)).not.toContain(id)
    await expect(end()).rejects.toMatchObject({ status: 404 })
  })

  it('are for the owner of the workspace alone', async () => {
    await expect(other.call(agentRuntimeRoutes.terminals, params())).rejects.toMatchObject({ status: 404 })
    const url = `${server.url}/api/experimental/workspaceagents/${agentId}/terminals/nonsense`
    expect((await rawRequest(url, { method: 'DELETE', headers: credentials() })).status).toBe(400)
  })
})

describe('containers', () => {
  it('are switched off', async () => {
    const base = `${server.url}/api/v2/workspaceagents/${agentId}/containers`
    const dev = `${base}/devcontainers/${randomUUID()}`
    const status = async (url: string, init: { method?: string; headers?: Record<string, string> } = {}) =>
      (await rawRequest(url, { ...init, headers: { ...credentials(), ...init.headers } })).status
    expect(await status(base)).toBe(403)
    expect(await status(`${base}/watch`, { headers: upgradeHeaders })).toBe(403)
    expect(await status(`${dev}/recreate`, { method: 'POST' })).toBe(403)
    expect(await status(dev, { method: 'DELETE' })).toBe(403)
    expect((await rawRequest(base, { headers: credentials(other) })).status).toBe(404)
  })
})

// Last: it stops the workspace.
it('what is asked of an agent that is gone is refused with its state', async () => {
  await runBuild(owner, workspaceId, 'stop')
  for (const route of [
    agentRuntimeRoutes.listeningPorts,
    agentRuntimeRoutes.containers,
    agentRuntimeRoutes.terminals,
  ] as const) {
    const error: unknown = await owner.call(route, params()).catch((reason: unknown) => reason)
    expect(error).toMatchObject({ status: 400 })
    expect(String(error)).toContain('disconnected')
  }
})
