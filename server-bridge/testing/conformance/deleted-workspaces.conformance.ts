/** What is asked of a workspace that was deleted, by people and by its agent, answers 410 and not as if it never was. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { fillPath, type RouteDefinition } from '../../contract/route.ts'
import { zeroUuid } from '../../contract/zero-values.ts'
import { rawRequest } from '../raw-request.ts'
import { startTestServer, type TestServer } from '../start-server.ts'
import { createRunningWorkspace, createTemplate, runBuild } from '../workspace-actions.ts'

let server: TestServer
let workspaceId: string
let agentToken: string

beforeAll(async () => {
  server = await startTestServer()
  const owner = await server.ownerClient()
  const template = await createTemplate(owner, 'small')
  const { workspace, agent } = await createRunningWorkspace(owner, template, 'gone')
  workspaceId = workspace.id
  agentToken = server.deployment.services.agents.records.mintToken(agent.id)
  expect(await runBuild(owner, workspaceId, 'delete')).toBe('deleted')
})
afterAll(() => server.close())

/** A body that would do for a workspace that is there. */
const BODIES: Readonly<Record<string, unknown>> = {
  'PUT /api/v2/workspaces/{workspace}/autostart': { schedule: null },
  'PUT /api/v2/workspaces/{workspace}/ttl': { ttl_ms: null },
  'PUT /api/v2/workspaces/{workspace}/extend': { deadline: '2126-01-01T00:00:00Z' },
  'PUT /api/v2/workspaces/{workspace}/dormant': { dormant: true },
  'PUT /api/v2/workspaces/{workspace}/autoupdates': { automatic_updates: 'never' },
  'POST /api/v2/workspaces/{workspace}/port-share': {
    agent_name: 'main',
    port: 8080,
    share_level: 'authenticated',
    protocol: 'http',
  },
  'DELETE /api/v2/workspaces/{workspace}/port-share': { agent_name: 'main', port: 8080 },
  'PATCH /api/v2/workspaces/{workspace}/acl': {},
  'PATCH /api/v2/workspaceagents/me/logs': { log_source_id: zeroUuid, logs: [] },
  'POST /api/v2/workspaceagents/me/log-source': { id: randomUUID(), display_name: 'x', icon: '' },
  'PATCH /api/v2/workspaceagents/me/app-status': { app_slug: 'web', state: 'working' },
}

async function statusesWith(token: string, auth: RouteDefinition['auth']): Promise<string[]> {
  const answers: string[] = []
  for (const route of server.deployment.routes) {
    const isAbout = auth === 'agent' || route.path.includes('{workspace}')
    if (route.auth !== auth || !isAbout || !route.errors.includes(410)) continue
    const name = `${route.method} ${route.path}`
    const body = BODIES[name]
    const { status, json } = await rawRequest(
      server.url + fillPath(route.path, { workspace: workspaceId, agent: 'main' }),
      {
        method: route.method,
        headers: { 'coder-session-token': token },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      },
    )
    answers.push(`${name} ${status} ${typeof json().message}`)
  }
  return answers
}

it('people are told that it was deleted', async () => {
  const answers = await statusesWith(await server.deployment.mintOwnerSession('Ada Lovelace'), 'user')
  expect(answers.length).toBeGreaterThan(13)
  expect(answers.filter((answer) => !answer.endsWith(' 410 string'))).toEqual([])
})

it('its agent is told that it should run no more', async () => {
  const answers = await statusesWith(agentToken, 'agent')
  expect(answers).toHaveLength(5)
  expect(answers.filter((answer) => !answer.endsWith(' 410 string'))).toEqual([])
})
