import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { CoderClient } from '../../client/coder-client.ts'
import type { AgentEvent } from '../../contract/agent-link.ts'
import { workspaceAgentsRoutes, type WorkspaceAgent } from '../../contract/workspace-agents.ts'
import { workspacesRoutes } from '../../contract/workspaces.ts'
import { createIdleProcessHost, dialAndTurnAway, dialAsAgent, type HostileAgent } from '../hostile-agent.ts'
import { rawRequest } from '../raw-request.ts'
import { startTestServer, type TestServer } from '../start-server.ts'
import { waitFor } from '../wait-for.ts'
import { createTemplate, waitForAgent } from '../workspace-actions.ts'

const { host, inits } = createIdleProcessHost()
let server: TestServer
let client: CoderClient
let agentId: string
let agent: HostileAgent

beforeAll(async () => {
  server = await startTestServer({ processHost: host })
  client = await server.ownerClient()
  const template = await createTemplate(client, 'small')
  await client.call(workspacesRoutes.create, {
    params: { user: 'me' },
    body: { template_id: template.id, name: 'main' },
  })
  const init = await waitFor('the agent is started', async () => inits[0])
  agentId = init.agentId
})
afterAll(() => server.close())
beforeEach(async () => {
  agent = await dialAsAgent(server.url, inits[0]!.agentToken)
})
afterEach(() => agent.close())

const getAgent = (): Promise<WorkspaceAgent> =>
  client.call(workspaceAgentsRoutes.get, { params: { workspaceagent: agentId } })
const readLogs = () =>
  client.call(workspaceAgentsRoutes.logs, { params: { workspaceagent: agentId }, query: { after: 0 } })
const line = (seq: number, output: string): string => {
  const event: AgentEvent = {
    type: 'log',
    log_source_id: randomUUID(),
    created_at: '2026-01-01T00:00:00Z',
    level: 'info',
    output,
    seq,
  }
  return `${JSON.stringify(event)}\n`
}

describe('an agent that is hostile', () => {
  it.each<[string, (say: (text: string) => void) => void]>([
    ['an event without an end', (say) => say('x'.repeat(3 * 1024 * 1024))],
    [
      'an event without an end, drop by drop',
      (say) => {
        for (let drop = 0; drop < 300; drop += 1) say('"'.repeat(8 * 1024))
      },
    ],
    ['what is no JSON', (say) => say('nonsense\n')],
    ['JSON of another shape', (say) => say('{"type":"become-owner"}\n')],
    ['an event with more in it', (say) => say(line(1, 'x').replace('{', '{"agent_id":"other",'))],
    ['endless depth', (say) => say(`${'['.repeat(200_000)}\n`)],
    ['a number that is none of a line', (say) => say(line(1, 'x').replace('"seq":1', '"seq":1e300'))],
  ])('is cut off when it sends %s, and the server goes on', async (_, send) => {
    send(agent.say)
    await agent.cut
    await waitFor('the agent is missed', async () =>
      (await getAgent()).status === 'connected' ? undefined : true,
    )
    expect((await rawRequest(`${server.url}/healthz`)).status).toBe(200)
  })

  it('is cut off when it takes no further request, and the server goes on', async () => {
    await dialAndTurnAway(server.url, inits[0]!.agentToken)
    expect((await rawRequest(`${server.url}/healthz`)).status).toBe(200)
  })

  it('says about itself no more than fits', async () => {
    const long = 'x'.repeat(100_000)
    const hello = { type: 'hello', version: long, operating_system: long, architecture: long }
    agent.say(`${JSON.stringify({ ...hello, expanded_directory: long })}\n`)
    const { version, expanded_directory } = await waitFor('it has said hello', async () => {
      const known = await getAgent()
      return known.version === '' ? undefined : known
    })
    expect([version.length, expanded_directory?.length]).toEqual([4096, 4096])
  })

  it('cannot end the scripts of another agent', async () => {
    const { scripts } = await getAgent()
    agent.say(
      `${JSON.stringify({
        type: 'script-completed',
        script_id: randomUUID(),
        exit_code: 0,
        started_at: '2026-01-01T00:00:00Z',
        ended_at: '2026-01-01T00:00:00Z',
        stage: 'start',
        status: 'ok',
      })}\n${line(1, 'after the script')}`,
    )
    await waitFor('it was read', async () => ((await readLogs()).length > 0 ? true : undefined))
    expect((await getAgent()).scripts).toEqual(scripts)
  })

  it('fills neither disk nor memory with its log: not by bytes, and not by empty lines', async () => {
    agent.say(line(10, 'y'.repeat(700_000)))
    agent.say(line(11, 'y'.repeat(348_000)))
    for (let seq = 12; seq < 4000; seq += 1) agent.say(line(seq, ''))
    // A line that lies about its place is a repeat.
    agent.say(line(5, 'again'))
    const overflowed = await waitFor('the log is full', async () => {
      const known = await getAgent()
      return known.logs_overflowed ? known : undefined
    })
    expect(overflowed.logs_length).toBeLessThanOrEqual(1024 * 1024)
    const rows = await readLogs()
    expect(rows.length).toBeLessThan(1000)
    expect(rows.filter((row) => row.output === 'again')).toEqual([])
  })

  it('may use its token for nothing but its link', async () => {
    const { agentToken } = inits[0]!
    for (const headers of [
      { 'coder-session-token': agentToken },
      { authorization: `Bearer ${agentToken}` },
      { cookie: `coder_session_token=${agentToken}` },
    ]) {
      expect((await rawRequest(`${server.url}/api/v2/users/me`, { headers })).status).toBe(401)
      expect((await rawRequest(`${server.url}/api/v2/workspaces`, { headers })).status).toBe(401)
    }
  })
})

// Last: the agent becomes ready.
it('a healthy event after all of that is believed', async () => {
  agent.say(`${JSON.stringify({ type: 'lifecycle', state: 'ready', changed_at: '2026-01-01T00:00:00Z' })}\n`)
  const { workspaces } = await client.call(workspacesRoutes.list, {})
  await waitForAgent(client, workspaces[0]!.id)
})
