import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CoderClient } from '../../client/coder-client.ts'
import { agentLogSourceId } from '../../contract/agent-link.ts'
import { agentSideRoutes } from '../../contract/agent-runtime.ts'
import { gitSshKeyRoutes } from '../../contract/user-secrets.ts'
import { workspaceAgentsRoutes } from '../../contract/workspace-agents.ts'
import { workspacesRoutes } from '../../contract/workspaces.ts'
import { zeroUuid } from '../../contract/zero-values.ts'
import { createIdleProcessHost, dialAsAgent, type HostileAgent } from '../hostile-agent.ts'
import { rawRequest } from '../raw-request.ts'
import { startTestServer, type TestServer } from '../start-server.ts'
import { smallTemplate } from '../template-archive.ts'
import { waitFor } from '../wait-for.ts'
import { createTemplate } from '../workspace-actions.ts'

const withApp = `${smallTemplate}
resource "coder_app" "web" {
  agent_id = coder_agent.main.id
  slug     = "web"
  url      = "http://localhost:8080"
  healthcheck {
    url       = "http://localhost:8080/healthz"
    interval  = 5
    threshold = 2
  }
}
resource "coder_app" "plain" {
  agent_id = coder_agent.main.id
  slug     = "plain"
  url      = "http://localhost:8081"
}
`

const { host, inits } = createIdleProcessHost()
let server: TestServer
let owner: CoderClient
let agentId: string
let agentToken: string
let link: HostileAgent

beforeAll(async () => {
  server = await startTestServer({ processHost: host })
  owner = await server.ownerClient()
  const template = await createTemplate(owner, 'app', withApp)
  await owner.call(workspacesRoutes.create, {
    params: { user: 'me' },
    body: { template_id: template.id, name: 'main' },
  })
  ;({ agentId, agentToken } = await waitFor('the agent is started', () => inits[0]))
  link = await dialAsAgent(server.url, agentToken)
})
afterAll(async () => {
  await link.close()
  await server.close()
})

const getAgent = () => owner.call(workspaceAgentsRoutes.get, { params: { workspaceagent: agentId } })
const send = (
  route: (typeof agentSideRoutes)[keyof typeof agentSideRoutes],
  body: unknown,
  token = agentToken,
) =>
  rawRequest(server.url + route.path, {
    method: route.method,
    headers: { 'coder-session-token': token },
    body: JSON.stringify(body),
  })
const line = (output: string, level = 'warn') => ({ created_at: '2026-01-01T00:00:00Z', output, level })

describe('what an agent does by plain requests', () => {
  it('is for its own token alone', async () => {
    const body = { log_source_id: zeroUuid, logs: [line('x')] }
    expect((await send(agentSideRoutes.patchLogs, body, randomUUID())).status).toBe(401)
    const session = await server.deployment.mintOwnerSession('Ada Lovelace')
    expect((await send(agentSideRoutes.patchLogs, body, session)).status).toBe(401)
    // Who calls is asked before the body is read.
    expect((await rawRequest(server.url + agentSideRoutes.patchLogs.path, { method: 'PATCH' })).status).toBe(
      401,
    )
  })

  it('gets both halves of the owner’s git key', async () => {
    const answer = await send(agentSideRoutes.gitSshKey, undefined)
    expect(answer.status).toBe(200)
    const { public_key } = await owner.call(gitSshKeyRoutes.get, { params: { user: 'me' } })
    expect(answer.json()).toEqual({
      public_key,
      private_key: expect.stringMatching(/^-----BEGIN OPENSSH PRIVATE KEY-----\n/) as string,
    })
    expect((await send(agentSideRoutes.gitSshKey, undefined, randomUUID())).status).toBe(401)
  })

  it('makes a source of log lines once, and writes under it', async () => {
    const source = { id: randomUUID(), display_name: 'My tool', icon: '/icon.svg' }
    for (let time = 0; time < 2; time += 1) {
      const made = await send(agentSideRoutes.addLogSource, source)
      expect([made.status, made.json()]).toEqual([201, source])
    }
    expect((await getAgent()).log_sources.filter(({ id }) => id === source.id)).toHaveLength(1)
    const logs = [line('from my tool'), line('as it comes', '')]
    expect((await send(agentSideRoutes.patchLogs, { log_source_id: source.id, logs })).status).toBe(200)
    const other = { log_source_id: zeroUuid, logs: [line('from nowhere')] }
    expect((await send(agentSideRoutes.patchLogs, other)).status).toBe(200)
    const rows = await owner.call(workspaceAgentsRoutes.logs, {
      params: { workspaceagent: agentId },
      query: {},
    })
    expect(rows).toMatchObject([
      { output: 'from my tool', level: 'warn', source_id: source.id },
      { output: 'as it comes', level: 'info', source_id: source.id },
      { output: 'from nowhere', level: 'warn' },
    ])
    const sources = (await getAgent()).log_sources.map(({ id, display_name }) => [id, display_name])
    expect(sources).toContainEqual([rows[2]?.source_id, 'External'])
    const text = await rawRequest(
      `${server.url}/api/v2/workspaceagents/${agentId}/startup-logs?format=text`,
      {
        headers: owner.socket(workspacesRoutes.list, {}).headers,
      },
    )
    expect(text.text).toContain('[warn] from my tool\n')
  })

  it('puts what the agent itself says under the default source', async () => {
    const event = {
      type: 'log',
      log_source_id: agentLogSourceId,
      created_at: '2026-01-01T00:00:00.000Z',
      level: 'warn',
      output: 'The secret file could not be written.',
      seq: 1,
    }
    link.say(`${JSON.stringify(event)}\n`)
    const lines = await waitFor('the line is there', async () => {
      const all = await owner.call(workspaceAgentsRoutes.logs, {
        params: { workspaceagent: agentId },
        query: {},
      })
      const found = all.filter(({ output }) => output === 'The secret file could not be written.')
      return found.length > 0 ? found : undefined
    })
    const { log_sources: sources } = await getAgent()
    expect(sources.map(({ id }) => id)).toContain(lines[0]?.source_id)
  })

  it('may not write what makes no sense', async () => {
    const patch = (body: unknown) => send(agentSideRoutes.patchLogs, body)
    expect((await patch({ log_source_id: zeroUuid, logs: [] })).status).toBe(400)
    expect((await patch({ log_source_id: zeroUuid, logs: [line('x', 'loud')] })).status).toBe(400)
    expect((await patch({ log_source_id: randomUUID(), logs: [line('x')] })).status).toBe(400)
    expect(
      (await patch({ log_source_id: zeroUuid, logs: [{ ...line('x'), created_at: 'today' }] })).status,
    ).toBe(400)
  })

  it('makes no source without its names', async () => {
    expect((await send(agentSideRoutes.addLogSource, { id: randomUUID() })).status).toBe(400)
  })

  it('tells how its apps get on with their work', async () => {
    const patch = (body: unknown) => send(agentSideRoutes.patchAppStatus, body)
    const status = { app_slug: 'web', state: 'working', message: 'Writing tests', uri: 'https://example.com' }
    expect((await patch(status)).status).toBe(200)
    expect((await patch({ ...status, state: 'complete', needs_user_attention: true })).status).toBe(200)
    const web = (await getAgent()).apps.find(({ slug }) => slug === 'web')
    expect(web?.statuses).toMatchObject([
      { state: 'complete', message: 'Writing tests', needs_user_attention: true, agent_id: agentId },
      { state: 'working', uri: 'https://example.com', needs_user_attention: false, app_id: web?.id },
    ])
    const { workspaces } = await owner.call(workspacesRoutes.list, {})
    expect(workspaces[0]?.latest_app_status).toEqual(web?.statuses[0])
    expect((await patch({ ...status, state: 'asleep' })).status).toBe(400)
    expect((await patch({ ...status, message: 'x'.repeat(161) })).status).toBe(400)
    expect((await patch({ ...status, app_slug: 'nothing' })).status).toBe(400)
    for (let count = 0; count < 60; count += 1) await patch({ ...status, message: `step ${count}` })
    const kept = (await getAgent()).apps.find(({ slug }) => slug === 'web')?.statuses ?? []
    expect([kept.length, kept[0]?.message]).toEqual([50, 'step 59'])
  })

  it('gets no git key where its template keeps the owner’s data from it', async () => {
    const text = smallTemplate.replace('arch ', 'api_key_scope = "no_user_data"\n  arch ')
    const template = await createTemplate(owner, 'apart', text)
    await owner.call(workspacesRoutes.create, {
      params: { user: 'me' },
      body: { template_id: template.id, name: 'apart' },
    })
    const init = await waitFor('the agent is started', () => inits[1])
    const answer = await send(agentSideRoutes.gitSshKey, undefined, init.agentToken)
    expect([answer.status, answer.json()]).toEqual([403, { message: 'Forbidden.' }])
  })
})

describe('what an agent reports over its link', () => {
  const say = (event: object): void => link.say(`${JSON.stringify(event)}\n`)

  it('moves the health of apps that are checked, and of no other', async () => {
    const before = (await getAgent()).apps
    expect(before.map(({ slug, health }) => [slug, health])).toEqual([
      ['web', 'initializing'],
      ['plain', 'disabled'],
    ])
    for (const { id } of before.toReversed()) say({ type: 'app-health', app_id: id, health: 'unhealthy' })
    say({ type: 'app-health', app_id: randomUUID(), health: 'healthy' })
    const web = await waitFor('the health', async () =>
      (await getAgent()).apps.find(({ health }) => health === 'unhealthy'),
    )
    expect(web.slug).toBe('web')
    expect((await getAgent()).apps.find(({ slug }) => slug === 'plain')?.health).toBe('disabled')
  })

  it('cannot add a value nobody asked for', async () => {
    const { metadata } = server.deployment.services.agents
    const collected_at = '2026-01-01T00:00:00Z'
    say({ type: 'metadata', key: 'unknown', value: 'x', error: '', collected_at })
    say({ type: 'lifecycle', state: 'ready', changed_at: collected_at })
    await waitFor('it was read', async () =>
      (await getAgent()).lifecycle_state === 'ready' ? true : undefined,
    )
    expect(metadata.read(agentId)).toEqual([])
  })
})

// Last: the log is full after this.
it('a log that is full is refused with 413', async () => {
  const logs = Array.from({ length: 20 }, () => line('y'.repeat(60_000)))
  const full = await send(agentSideRoutes.patchLogs, { log_source_id: zeroUuid, logs })
  expect(full.status).toBe(413)
  const { logs_overflowed: overflowed, logs_length: length } = await getAgent()
  expect(overflowed).toBe(true)
  expect(length).toBeLessThanOrEqual(1024 * 1024)
  expect((await send(agentSideRoutes.patchLogs, { log_source_id: zeroUuid, logs: [line('x')] })).status).toBe(
    413,
  )
})
