import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { CoderClient } from '../../client/coder-client.ts'
import { chatsRoutes } from '../../contract/chats.ts'
import { chatConfigRoutes } from '../../contract/chats-config.ts'
import { chatMessagesRoutes } from '../../contract/chats-messages.ts'
import { allowAllTools, chatIs, configureModel, createChat, getChat, messagesOf } from '../chat-fixture.ts'
import { createHeldProvisioner } from '../held-provisioner.ts'
import { type ScriptedModel, startScriptedModel } from '../scripted-model.ts'
import type { ScriptedCall } from '../scripted-model-formats.ts'
import { startTestServer, type TestServer } from '../start-server.ts'
import { waitFor } from '../wait-for.ts'
import { createTemplate, getWorkspace, runBuild } from '../workspace-actions.ts'

let server: TestServer
let model: ScriptedModel
let client: CoderClient
let templateId: string
let allowed: (id: string) => boolean = () => true
let failure: Error | undefined
const builds = createHeldProvisioner('build')

beforeAll(async () => {
  server = await startTestServer({
    chats: { isTemplateAllowed: (id) => allowed(id) },
    provisioner: {
      ...builds.provisioner,
      build: (request) => (failure ? Promise.reject(failure) : builds.provisioner.build(request)),
    },
  })
  model = await startScriptedModel()
  client = await server.ownerClient()
  await configureModel(client, model)
  await allowAllTools(client)
  templateId = (await createTemplate(client, 'small')).id
})
afterEach(() => {
  allowed = () => true
  expect(model.left()).toBe(0)
})
afterAll(async () => {
  await server.close()
  await model.close()
})

type Result = Readonly<Record<string, unknown>>
const call = (name: string, args: object = {}): ScriptedCall => ({ name, args })
async function resultsOf(id: string, by = client): Promise<Result[]> {
  return (await messagesOf(by, id))
    .filter(({ role }) => role === 'tool')
    .map(({ content }) => content?.[0]?.result as Result)
}
/** What calls answer, each in a step of its own, in a chat that is new or goes on. */
async function run(calls: ScriptedCall[], { chat, by = client }: { chat?: string; by?: CoderClient } = {}) {
  model.script(...calls.map((one) => ({ calls: [one] })), { text: 'done' })
  const id = chat ?? (await createChat(by, 'go')).id
  if (chat !== undefined)
    await by.call(chatMessagesRoutes.send, {
      params: { chat },
      body: { content: [{ type: 'text', text: 'go on' }] },
    })
  await chatIs(by, id, 'waiting')
  return { id, results: (await resultsOf(id, by)).slice(-calls.length) }
}

describe('the templates', () => {
  it('are listed and read with what the owner may use', async () => {
    const { results } = await run([
      call('list_templates'),
      call('list_templates', { query: 'nothing like it' }),
      call('read_template', { template_id: templateId }),
      call('read_template', { template_id: '00000000-0000-4000-8000-000000000001' }),
    ])
    expect(results[0]).toMatchObject({
      templates: [{ id: templateId, name: 'small', readme_excerpt: '# small', your_workspace_count: 0 }],
      page: 1,
      recommended_template_id: templateId,
      next_step: expect.stringContaining('create_workspace') as string,
    })
    expect(results[1]).toMatchObject({ templates: [], page: 1 })
    expect(results[2]).toMatchObject({
      template: { id: templateId, name: 'small', readme: '# small' },
      presets: [],
    })
    expect(Array.isArray(results[2]?.['parameters'])).toBe(true)
    expect(results[3]?.['error']).toContain('not found')
  })

  it('are only those that an administrator allows chats to use', async () => {
    allowed = () => false
    const { results } = await run([
      call('list_templates'),
      call('read_template', { template_id: templateId }),
      call('create_workspace', { template_id: templateId }),
    ])
    expect(results[0]).toMatchObject({ templates: [] })
    expect(results[1]?.['error']).toContain('has not allowed chats')
    expect(results[2]?.['error']).toContain('has not allowed chats')
  })
})

describe('a workspace', () => {
  it('is made, used, stopped and started again, each only when the model asks', async () => {
    const body = { workspace_ttl_ms: 2 * 3_600_000 }
    await client.call(chatConfigRoutes.updateWorkspaceTtl, { body })
    const { id, results } = await run([
      call('create_workspace', { template_id: templateId, name: 'made' }),
      call('execute', { command: 'echo hello', timeout: '30s' }),
      call('create_workspace', { template_id: templateId, name: 'another' }),
    ])
    const chat = await getChat(client, id)
    const workspace = await getWorkspace(client, chat.workspace_id ?? '')
    expect(workspace).toMatchObject({ name: 'made', owner_id: chat.owner_id, ttl_ms: body.workspace_ttl_ms })
    expect(results[0]).toEqual({
      created: true,
      workspace_name: 'made',
      build_id: workspace.latest_build.id,
      status: 'running',
      agent_status: 'connected',
      lifecycle_state: 'ready',
      startup_scripts: 'succeeded',
    })
    expect(results[1]).toMatchObject({ success: true, output: 'hello\n' })
    expect(results[2]).toMatchObject({ created: false, workspace_name: 'made' })
    const entries = server.deployment.services.auditLog.newest(20)
    expect(entries.find((entry) => entry.resource_id === workspace.id)).toMatchObject({
      resource_type: 'workspace',
      action: 'create',
      user_id: chat.owner_id,
      user_agent: 'chat',
    })

    const stopped = await run(
      [call('stop_workspace'), call('stop_workspace'), call('execute', { command: 'true' })],
      { chat: id },
    )
    expect(stopped.results[0]).toMatchObject({ stopped: true, workspace_name: 'made' })
    expect(stopped.results[1]).toEqual({ stopped: true, workspace_name: 'made', no_build: true })
    expect(stopped.results[2]?.['error']).toContain('start_workspace')
    expect((await getWorkspace(client, workspace.id)).latest_build.status).toBe('stopped')

    const started = await run([call('start_workspace'), call('start_workspace')], { chat: id })
    expect(started.results[0]).toMatchObject({ started: true, status: 'running', lifecycle_state: 'ready' })
    expect(started.results[1]).toMatchObject({ started: true, no_build: true, agent_status: 'connected' })
    await runBuild(client, workspace.id, 'delete')
    const gone = await run([call('start_workspace')], { chat: id })
    expect(gone.results[0]?.['error']).toContain('create_workspace')
  })

  it('that cannot be built is bound, and told with the reason and the end of its log', async () => {
    failure = new Error('the machine is out of room')
    const { id, results } = await run([call('create_workspace', { template_id: templateId })])
    failure = undefined
    expect(results[0]).toMatchObject({
      error: expect.stringContaining('out of room') as string,
      build_id: expect.any(String) as string,
      build_log: expect.any(String) as string,
    })
    expect((await getChat(client, id)).workspace_id).toBeDefined()
    const again = await run([call('start_workspace')], { chat: id })
    expect(again.results[0]).toMatchObject({ started: true, status: 'running' })
  })

  it('is made with the rights of the chat’s owner, and its rules hold', async () => {
    const grace = await server.memberClient('grace')
    await allowAllTools(grace)
    const { id, results } = await run(
      [
        call('create_workspace', { template_id: templateId, name: 'Not A Name' }),
        call('create_workspace', { template_id: templateId, parameters: { unknown: 'x' } }),
        call('create_workspace', { template_id: templateId, name: 'hers' }),
      ],
      { by: grace },
    )
    expect(results[0]?.['error']).toContain('name')
    expect(results[1]?.['error']).toContain('unknown')
    expect(results[2]).toMatchObject({ created: true, workspace_name: 'hers' })
    const chat = await getChat(grace, id)
    expect((await getWorkspace(grace, chat.workspace_id ?? '')).owner_id).toBe(chat.owner_id)
  })

  it('is no longer waited for after an interrupt', async () => {
    builds.hold = true
    model.script({ calls: [call('create_workspace', { template_id: templateId, name: 'slow' })] })
    const chat = await createChat(client, 'go')
    await waitFor('the build', () => (builds.held.size > 0 ? true : undefined))
    await client.call(chatsRoutes.interrupt, { params: { chat: chat.id } })
    await chatIs(client, chat.id, 'waiting')
    builds.letGo()
    expect((await resultsOf(chat.id))[0]?.['error']).toBe('The call was interrupted.')
    // It is there all the same, and the chat's.
    const workspace = await getWorkspace(client, (await getChat(client, chat.id)).workspace_id ?? '')
    expect(workspace.name).toBe('slow')
  })
})
