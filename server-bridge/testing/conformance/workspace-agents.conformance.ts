import { join } from 'node:path'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import type { CoderClient } from '../../client/coder-client.ts'
import { agentLinkPath } from '../../contract/agent-link.ts'
import type { Template } from '../../contract/templates.ts'
import { workspaceAgentsRoutes } from '../../contract/workspace-agents.ts'
import { workspacesRoutes } from '../../contract/workspaces.ts'
import { rawRequest, upgradeHeaders } from '../raw-request.ts'
import { startTestServer, type TestServer } from '../start-server.ts'
import { waitFor } from '../wait-for.ts'
import {
  createRunningWorkspace,
  createTemplate,
  openTerminal,
  runBuild,
  waitForAgent,
} from '../workspace-actions.ts'

let server: TestServer
let client: CoderClient
let template: Template
let workspaceId: string
let agentId: string

beforeAll(async () => {
  server = await startTestServer()
  client = await server.ownerClient()
  template = await createTemplate(client, 'small')
  const { workspace, agent } = await createRunningWorkspace(client, template, 'main')
  workspaceId = workspace.id
  agentId = agent.id
})
afterAll(() => server.close())

const getAgent = () => client.call(workspaceAgentsRoutes.get, { params: { workspaceagent: agentId } })
const ptyUrl = (query: string, id = agentId): string =>
  `${server.url}/api/v2/workspaceagents/${id}/pty?${query}`
const credentials = (): Record<string, string> => ({
  ...client.socket(workspacesRoutes.list, {}).headers,
  ...upgradeHeaders,
})

describe('an agent', () => {
  it('tells what it is and how it fares', async () => {
    const agent = await getAgent()
    expect(agent).toMatchObject({
      name: 'main',
      status: 'connected',
      lifecycle_state: 'ready',
      health: { healthy: true },
      parent_id: null,
    })
    expect(agent.expanded_directory).toBe(join(server.dataDir, 'workspaces', 'main'))
    expect(agent.version).toMatch(/^v\d/)
    expect(agent.scripts).toMatchObject([{ run_on_start: true, exit_code: 0, status: 'ok' }])
    expect(agent.log_sources.map((source) => source.id)).toEqual([agent.scripts[0]!.log_source_id])
    expect(agent.first_connected_at).toBeTruthy()
  })

  it('has logs by REST, as text and followed from the first batch on', async () => {
    const params = { workspaceagent: agentId }
    const rows = await client.call(workspaceAgentsRoutes.logs, { params, query: {} })
    expect(rows.map((row) => row.output)).toContain('hello from the startup script')
    const target = client.socket(workspaceAgentsRoutes.followLogs, { params, query: { follow: 'true' } })
    const socket = new WebSocket(target.url, { headers: target.headers })
    const [first] = await once(socket, 'message')
    expect(JSON.parse(String(first))).toEqual(rows)
    expect(String(first).endsWith(']\n')).toBe(true)
    socket.terminate()
    const late = client.socket(workspaceAgentsRoutes.followLogs, {
      params,
      query: { follow: 'true', after: rows.at(-1)!.id },
    })
    const empty = new WebSocket(late.url, { headers: late.headers })
    expect(String((await once(empty, 'message'))[0])).toBe('[]\n')
    empty.terminate()
  })

  it('that is unknown is not found', async () => {
    await expect(
      client.call(workspaceAgentsRoutes.get, { params: { workspaceagent: randomUUID() } }),
    ).rejects.toMatchObject({ status: 404 })
  })

  it('comes back with another process when it is killed', async () => {
    const [child] = [...server.agentProcesses]
    process.kill(child!.pid!, 'SIGKILL')
    await waitFor('the agent is missed', async () =>
      (await getAgent()).status === 'disconnected' ? true : undefined,
    )
    const { agent } = await waitForAgent(client, workspaceId)
    expect(agent.id).toBe(agentId)
    const [next] = [...server.agentProcesses]
    expect(next!.pid).not.toBe(child!.pid)
    const terminal = await openTerminal(client, agentId, { reconnect: randomUUID() })
    terminal.send({ data: 'echo alive-$((1 + 1))\r' })
    await terminal.shows('alive-2')
    await terminal.close()
  })
})

describe('the agent link', () => {
  it('is only for agents that should run', async () => {
    const dial = (headers: Record<string, string>) =>
      rawRequest(server.url + agentLinkPath, { headers: { ...upgradeHeaders, ...headers } })
    expect((await dial({})).status).toBe(401)
    expect((await dial({ 'coder-session-token': randomUUID() })).status).toBe(401)
    expect((await dial(credentials())).status).toBe(401)
    const { records } = server.deployment.services.agents
    const { workspace, agent } = await createRunningWorkspace(client, template, 'short')
    await runBuild(client, workspace.id, 'stop')
    const token = records.mintToken(agent.id)
    expect((await dial({ 'coder-session-token': token })).status).toBe(410)
    await runBuild(client, workspace.id, 'delete')
  })
})

describe('a terminal', () => {
  const echo = async (terminal: Awaited<ReturnType<typeof openTerminal>>, mark: string): Promise<void> => {
    terminal.send({ data: `echo ${mark}-$((40 + 2))\r` })
    await terminal.shows(`${mark}-42`)
  }

  it('is shared by all sockets of one id, and apart from others', async () => {
    const reconnect = randomUUID()
    const [one, two] = [
      await openTerminal(client, agentId, { reconnect }),
      await openTerminal(client, agentId, { reconnect }),
    ]
    const apart = await openTerminal(client, agentId, { reconnect: randomUUID() })
    await echo(one, 'shared')
    await two.shows('shared-42')
    await echo(apart, 'apart')
    expect(apart.output()).not.toContain('shared')
    await Promise.all([one.close(), two.close(), apart.close()])
  })

  it('runs a command in the size that was asked for, and closes with it', async () => {
    const terminal = await openTerminal(client, agentId, {
      reconnect: randomUUID(),
      width: 101,
      height: 33,
      command: 'stty size; echo done-$TERM',
    })
    expect(await terminal.closed).toMatchObject({ code: 1000 })
    expect(terminal.output()).toContain('33 101')
    expect(terminal.output()).toContain('done-xterm-256color')
  })

  it('resizes, and takes input split at any byte', async () => {
    const terminal = await openTerminal(client, agentId, { reconnect: randomUUID() })
    terminal.send({ width: 77, height: 22 })
    const bytes = Buffer.from(JSON.stringify({ data: 'stty size; echo grüße-$((1 + 1))\r' }))
    for (const byte of bytes) terminal.socket.send(Buffer.from([byte]), { binary: true })
    await terminal.shows('22 77')
    await terminal.shows('grüße-2')
    await terminal.close()
  })

  it('closes with 1003 on a text frame and with 1009 on one that is too large', async () => {
    const text = await openTerminal(client, agentId, { reconnect: randomUUID() })
    text.socket.send('{"data":"x"}')
    expect((await text.closed).code).toBe(1003)
    const large = await openTerminal(client, agentId, { reconnect: randomUUID() })
    large.socket.send(Buffer.alloc(5 * 1024 * 1024), { binary: true })
    expect((await large.closed).code).toBe(1009)
  })

  it('ends a stream that is no JSON, and only that socket', async () => {
    const reconnect = randomUUID()
    const good = await openTerminal(client, agentId, { reconnect })
    await echo(good, 'before')
    const bad = await openTerminal(client, agentId, { reconnect })
    bad.socket.send(Buffer.from('no json'), { binary: true })
    expect((await bad.closed).code).toBe(1011)
    await echo(good, 'after')
    await good.close()
  })

  it('holds back a shell whose reader is slow, and loses nothing', async () => {
    const terminal = await openTerminal(client, agentId, {
      reconnect: randomUUID(),
      command: 'seq 1 400000; echo the-end',
    })
    terminal.socket.pause()
    const other = await openTerminal(client, agentId, { reconnect: randomUUID() })
    await echo(other, 'meanwhile')
    await other.close()
    terminal.socket.resume()
    expect((await terminal.closed).code).toBe(1000)
    expect(terminal.output()).toContain('the-end')
    expect(terminal.output().match(/\r\n/g)).toHaveLength(400_001)
  })

  it('is refused before it opens: without an id, for nobody, and for an agent that is not there', async () => {
    const open = (query: string, headers = credentials(), id = agentId) =>
      rawRequest(ptyUrl(query, id), { headers })
    expect((await open('')).status).toBe(400)
    expect((await open(`reconnect=nonsense`)).status).toBe(400)
    const anonymous = await open(`reconnect=${randomUUID()}`, { ...upgradeHeaders })
    expect([anonymous.status, anonymous.headers['content-type']]).toEqual([
      404,
      'application/json; charset=utf-8',
    ])
    const unknown = await open(`reconnect=${randomUUID()}`, credentials(), randomUUID())
    expect([unknown.status, unknown.headers['content-type']]).toEqual([404, 'text/html; charset=utf-8'])
    expect(
      (
        await rawRequest(ptyUrl(`reconnect=${randomUUID()}`), {
          headers: client.socket(workspacesRoutes.list, {}).headers,
        })
      ).status,
    ).toBe(426)
  })

  it('on the workspace of a member is not for the owner of the deployment', async () => {
    const member = await server.memberClient('grace')
    const { agent } = await createRunningWorkspace(member, template, 'private')
    const { status } = await rawRequest(ptyUrl(`reconnect=${randomUUID()}`, agent.id), {
      headers: credentials(),
    })
    expect(status).toBe(404)
  })

  it('ends when its workspace stops', async () => {
    const terminal = await openTerminal(client, agentId, { reconnect: randomUUID() })
    const follow = client.socket(workspaceAgentsRoutes.followLogs, {
      params: { workspaceagent: agentId },
      query: { follow: 'true' },
    })
    const logs = new WebSocket(follow.url, { headers: follow.headers })
    const logsClosed = once(logs, 'close')
    await once(logs, 'message')
    expect(await runBuild(client, workspaceId, 'stop')).toBe('stopped')
    expect([1000, 1011]).toContain((await terminal.closed).code)
    expect((await logsClosed)[0]).toBe(1000)
    const refused = await rawRequest(ptyUrl(`reconnect=${randomUUID()}`), { headers: credentials() })
    expect(refused.status).toBe(404)
  })
})
