import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { CoderClient } from '../../client/coder-client.ts'
import { chatMessagesRoutes } from '../../contract/chats-messages.ts'
import { mcpServersRoutes } from '../../contract/mcp-servers.ts'
import { defaultPolicies } from '../../server/services/chats/tool-policy.ts'
import { allowAllTools, chatIs, configureModel, createChat, getChat, messagesOf } from '../chat-fixture.ts'
import { type GatedMcpServer, startGatedMcpServer } from '../gated-mcp-server.ts'
import { type ScriptedModel, startScriptedModel } from '../scripted-model.ts'
import type { ScriptedCall } from '../scripted-model-formats.ts'
import { startTestServer, type TestServer } from '../start-server.ts'
import { waitFor } from '../wait-for.ts'

let server: TestServer
let model: ScriptedModel
let mcp: GatedMcpServer
let admin: CoderClient
let grace: CoderClient
let count = 0
const SECRET = 'seeded-secret-header'

beforeAll(async () => {
  server = await startTestServer()
  model = await startScriptedModel()
  mcp = await startGatedMcpServer({ 'X-Api-Key': SECRET })
  admin = await server.ownerClient()
  grace = await server.memberClient('grace')
  await configureModel(admin, model)
  await allowAllTools(grace)
})
afterEach(() => {
  expect(model.left()).toBe(0)
})
afterAll(async () => {
  await server.close()
  await model.close()
  await mcp.close()
})

/** A server that wants a value of each user; the answer is its id and slug. */
async function configure(body: object = {}) {
  const slug = `tools-${(count += 1)}`
  const { id } = await admin.call(mcpServersRoutes.create, {
    body: {
      display_name: `Tools ${count}`,
      slug,
      transport: 'streamable_http',
      url: mcp.currentUrl,
      auth_type: 'custom_headers',
      availability: 'default_off',
      enabled: true,
      custom_headers_user_keys: ['X-Api-Key'],
      ...body,
    },
  })
  return { id, slug }
}
const giveValue = (mcpserver: string, value = SECRET, user = grace) =>
  user.call(mcpServersRoutes.putUserHeaders, {
    params: { mcpserver },
    body: { values: { 'X-Api-Key': value } },
  })

interface Part {
  readonly result?: { readonly output?: string; readonly error?: string }
  readonly mcp_server_config_id?: string | null
}
/** Runs one step with these calls; what they answered, and what the model was offered first beside our own tools. */
async function run(ids: readonly string[], calls: readonly ScriptedCall[], more: object = {}) {
  const first = model.requests.length
  model.script({ calls }, { text: 'done' })
  const chat = await createChat(grace, 'go', { mcp_server_ids: [...ids], ...more })
  await chatIs(grace, chat.id, 'waiting')
  const body = model.requests[first]?.body
  const results = (await messagesOf(grace, chat.id)).filter(({ role }) => role === 'tool')
  return {
    chat,
    tools: ((body?.['tools'] ?? []) as { name: string; input_schema: object }[]).filter(
      ({ name }) => !Object.hasOwn(defaultPolicies, name),
    ),
    asked: JSON.stringify(body),
    parts: results.map(({ content }) => content?.[0] as Part),
  }
}

describe('MCP servers of a chat', () => {
  it.each([
    ['current', () => mcp.currentUrl, 'streamable_http'],
    ['with sessions', () => mcp.url, 'streamable_http'],
    ['of the SSE kind', () => mcp.sseUrl, 'sse'],
  ])('that are %s get the owner’s values, and their tools run', async (_, url, transport) => {
    const { id, slug } = await configure({ url: url(), transport, forward_coder_headers: true })
    await giveValue(id)
    const { chat, parts } = await run(
      [id],
      [
        { name: `${slug}__echo`, args: { text: 'hello there' } },
        { name: `${slug}__whoami`, args: {} },
      ],
    )
    expect(parts[0]).toMatchObject({ result: { output: 'hello there' }, mcp_server_config_id: id })
    expect(JSON.parse(parts[1]?.result?.output ?? '')).toMatchObject({
      'x-api-key': SECRET,
      'x-coder-chat-id': chat.id,
      'x-coder-owner-id': chat.owner_id,
    })
    expect(JSON.stringify(model.requests.at(-2)?.body)).not.toContain(SECRET)
    await waitFor('no session is left', () => (mcp.sessions.size === 0 ? true : undefined))
  })

  it.each([
    ['removed', (mcpserver: string) => admin.call(mcpServersRoutes.delete, { params: { mcpserver } })],
    [
      'switched off',
      (mcpserver: string) =>
        admin.call(mcpServersRoutes.update, { params: { mcpserver }, body: { enabled: false } }),
    ],
  ])('that are %s while a call waits for the owner are waited for no more', async (_, end) => {
    const { id, slug } = await configure()
    // A tool that was not offered is none, and nobody would be asked.
    await giveValue(id, SECRET, admin)
    model.script({ calls: [{ name: `${slug}__echo`, args: { text: 'x' } }] })
    const chat = await createChat(admin, 'go', { mcp_server_ids: [id] })
    await chatIs(admin, chat.id, 'requires_action')
    model.script({ text: 'done' })
    await end(id)
    await chatIs(admin, chat.id, 'waiting')
  })

  it('without a value of the owner are left out, which the model is told', async () => {
    const { id, slug } = await configure()
    const { tools, asked, parts } = await run([id], [{ name: `${slug}__echo`, args: { text: 'x' } }])
    expect(tools).toEqual([])
    expect(asked).toContain('needs your value for X-Api-Key')
    expect(parts[0]?.result?.error).toContain('needs your value for X-Api-Key')
  })

  it('that fail cost their own tools only, and nothing they know is told', async () => {
    const good = await configure()
    const refused = await configure()
    const gone = await configure({ url: 'http://127.0.0.1:9/mcp' })
    await giveValue(good.id)
    await giveValue(refused.id, 'wrong-seeded-value')
    await giveValue(gone.id)
    const { tools, asked, parts } = await run(
      [good.id, refused.id, gone.id],
      [{ name: `${good.slug}__echo`, args: { text: 'fine' } }],
    )
    expect(tools.map(({ name }) => name).toSorted()).toEqual([`${good.slug}__echo`, `${good.slug}__whoami`])
    expect(parts[0]?.result?.output).toBe('fine')
    expect(asked).toContain('cannot be used now')
    expect(asked).not.toContain('wrong-seeded-value')
  })

  it.each([
    [{ tool_allow_list: ['echo'], tool_deny_list: ['echo'] }, ['echo']],
    [{ tool_deny_list: ['echo'] }, ['whoami']],
  ])('offer what %j leaves', async (lists, names) => {
    const { id, slug } = await configure(lists)
    await giveValue(id)
    const other = names[0] === 'echo' ? 'whoami' : 'echo'
    const { tools, parts } = await run([id], [{ name: `${slug}__${other}`, args: {} }])
    expect(tools.map(({ name }) => name)).toEqual(names.map((name) => `${slug}__${name}`))
    expect(parts[0]?.result?.error).toContain('no tool named')
  })

  it('may want to know what a call is for', async () => {
    const { id, slug } = await configure({ model_intent: true })
    await giveValue(id)
    const args = { model_intent: 'Say it', properties: { text: 'wrapped' } }
    const { tools, parts } = await run([id], [{ name: `${slug}__echo`, args }])
    expect(JSON.stringify(tools[0]?.input_schema)).toContain('model_intent')
    expect(parts[0]?.result?.output).toBe('wrapped')
  })

  it('have names that every model takes', async () => {
    const { id } = await configure({
      slug: 'a.slug.with.dots.that.is.much.longer.than.any.provider.would.ever.take',
    })
    await giveValue(id)
    const name = 'a_slug_with_dots_that_is_much_longer_than_any_provider_would_ever'.slice(0, 64)
    const { tools } = await run([id], [{ name: 'x', args: {} }])
    // Both tools are cut to one name: one of them is out of reach.
    expect(tools.map((tool) => tool.name)).toEqual([name])
  })

  it('that are switched off, or not for planning, are not asked', async () => {
    const { id } = await configure()
    await giveValue(id)
    const before = mcp.requests.length
    await run([id], [{ name: 'x', args: {} }], { plan_mode: 'plan' })
    await admin.call(mcpServersRoutes.update, { params: { mcpserver: id }, body: { enabled: false } })
    const { chat } = await run([id], [{ name: 'x', args: {} }])
    expect(mcp.requests.length).toBe(before)
    expect((await getChat(grace, chat.id)).mcp_server_ids).toEqual([id])
    model.script({ text: 'none' })
    await grace.call(chatMessagesRoutes.send, {
      params: { chat: chat.id },
      body: { content: [{ type: 'text', text: 'go on' }], mcp_server_ids: [] },
    })
    expect((await chatIs(grace, chat.id, 'waiting')).mcp_server_ids).toEqual([])
  })
})
