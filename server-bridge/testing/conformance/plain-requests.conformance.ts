/** Every route that is a socket tells a request that asks for none what is missing. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { fillPath, type RouteDefinition } from '../../contract/route.ts'
import { templateDryRunsRoutes } from '../../contract/template-dry-runs.ts'
import { configureModel, createChat } from '../chat-fixture.ts'
import { rawRequest } from '../raw-request.ts'
import { startScriptedModel, type ScriptedModel } from '../scripted-model.ts'
import { startTestServer, type TestServer } from '../start-server.ts'
import { createRunningWorkspace, createTemplate } from '../workspace-actions.ts'

let server: TestServer
let model: ScriptedModel
let ids: Record<string, string>
let tokens: Record<RouteDefinition['auth'], string>

beforeAll(async () => {
  server = await startTestServer()
  model = await startScriptedModel()
  const owner = await server.ownerClient()
  const template = await createTemplate(owner, 'small')
  const { workspace, agent } = await createRunningWorkspace(owner, template, 'main')
  const { id: dryRun } = await owner.call(templateDryRunsRoutes.create, {
    params: { templateversion: template.active_version_id },
    body: {},
  })
  await configureModel(owner, model)
  model.script({ text: 'Hello there.' })
  ids = {
    workspace: workspace.id,
    workspacebuild: workspace.latest_build.id,
    workspaceagent: agent.id,
    templateversion: template.active_version_id,
    provisionerjob: dryRun,
    chat: (await createChat(owner, 'hi', { workspace_id: workspace.id })).id,
  }
  const { records } = server.deployment.services.agents
  const user = await server.deployment.mintOwnerSession('Ada Lovelace')
  // The agent that runs keeps its link; only the next one would need this token.
  tokens = { user, agent: records.mintToken(agent.id), none: '' }
})
afterAll(async () => {
  await server.close()
  await model.close()
})

/** What makes a followed variant of a path, and what a terminal has to be told. */
const QUERY = `follow&reconnect=${randomUUID()}&width=80&height=24`

it('a plain request for a socket is answered with what it lacks', async () => {
  const sockets = server.deployment.routes.filter(({ stream }) => stream !== undefined && stream !== 'sse')
  expect(sockets.length).toBeGreaterThan(15)
  const answers: string[] = []
  for (const route of sockets.filter(({ errors }) => errors.includes(426))) {
    // The inbox takes no key it does not know.
    const query = route.path.endsWith('/inbox/watch') ? '' : `?${QUERY}`
    const { status, headers } = await rawRequest(server.url + fillPath(route.path, ids) + query, {
      headers: { 'coder-session-token': tokens[route.auth] },
    })
    if (status !== 426 || headers['upgrade'] !== 'websocket') answers.push(`${route.path} ${status}`)
  }
  // An experiment, which is off here.
  expect(answers).toEqual(['/api/experimental/chats/{chat}/stream/desktop 403'])
})
