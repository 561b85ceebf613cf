/** What models were asked and answered, as it is written down for owners of chats who have switched that on. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { CoderClient } from '../../client/coder-client.ts'
import { chatApprovalsRoutes } from '../../contract/chats-approvals.ts'
import { chatDebugConfigRoutes, chatDebugRoutes, type ChatDebugRun } from '../../contract/chats-debug.ts'
import { chatMessagesRoutes } from '../../contract/chats-messages.ts'
import { chatSharingRoutes } from '../../contract/chats-sharing.ts'
import { chatTitlesRoutes } from '../../contract/chats-titles.ts'
import { chatsRoutes, type CreateChatRequest } from '../../contract/chats.ts'
import { mcpServersRoutes } from '../../contract/mcp-servers.ts'
import { userSecretsRoutes } from '../../contract/user-secrets.ts'
import { usersRoutes } from '../../contract/users.ts'
import {
  chatIs,
  configureModel,
  createChat,
  messagesOf,
  organizationOf,
  SCRIPTED_KEY,
} from '../chat-fixture.ts'
import { createFakeClock } from '../fake-clock.ts'
import { startMcpServer } from '../mcp-server.ts'
import { rawRequest } from '../raw-request.ts'
import { type ScriptedModel, startScriptedModel } from '../scripted-model.ts'
import { startTestServer, type TestServer } from '../start-server.ts'
import { waitFor } from '../wait-for.ts'

const DAY_MS = 86_400_000
const USER_SECRET = 'user-secret-5f1e09aa7c'
const HEADER_VALUE = 'mcp-header-90bd2f6e11'
const OWN_HEADER_VALUE = 'own-header-4be7c2a901'
const missing = '00000000-0000-4000-8000-00000000abcd'

let server: TestServer
let model: ScriptedModel
let admin: CoderClient
let grace: CoderClient
const clock = createFakeClock(Date.parse('2026-11-25T12:00:00Z'))

beforeAll(async () => {
  server = await startTestServer({ clock, chats: { timings: { maxAttempts: 2 } } })
  model = await startScriptedModel()
  admin = await server.ownerClient()
  grace = await server.memberClient('grace')
  await configureModel(admin, model)
})
beforeEach(async () => {
  await allow(true)
  await choose(grace, true)
})
afterEach(() => {
  expect(model.left()).toBe(0)
})
afterAll(async () => {
  await server.close()
  await model.close()
})

const allow = (allow_users: boolean, client = admin) =>
  client.call(chatDebugConfigRoutes.updateLogging, { body: { allow_users } })
const choose = (client: CoderClient, debug_logging_enabled: boolean) =>
  client.call(chatDebugConfigRoutes.updateOwnLogging, { body: { debug_logging_enabled } })
const ownLogging = (client: CoderClient) => client.call(chatDebugConfigRoutes.ownLogging, {})
const runsOf = (client: CoderClient, chat: string) => client.call(chatDebugRoutes.runs, { params: { chat } })
const runOf = (client: CoderClient, chat: string, run: string) =>
  client.call(chatDebugRoutes.run, { params: { chat, run } })
const text = (words: string) => ({ content: [{ type: 'text' as const, text: words }] })

/** A chat of grace whose turn is over. */
async function ended(words: string, more: Partial<CreateChatRequest> = {}, status = 'waiting') {
  const { id } = await createChat(grace, words, more)
  await chatIs(grace, id, status)
  return id
}

/** Waits for the call of a turn about these words to be under way: titles are asked for beside it. */
const callOf = (words: string) =>
  waitFor('the call', () =>
    model
      .underWay()
      .find(({ body }) => body['stream'] === true && JSON.stringify(body['messages']).includes(words)),
  )

/** The runs of the turns of a chat, newest first, once none of them is under way. */
const turnsOf = (chat: string): Promise<ChatDebugRun[]> =>
  waitFor('runs that are over', async () => {
    const runs = (await runsOf(grace, chat)).filter(({ kind }) => kind === 'chat_turn')
    if (runs.some(({ status }) => status === 'in_progress')) return undefined
    return Promise.all(runs.map(({ id }) => runOf(grace, chat, id)))
  })

describe('debug logging', () => {
  it('is for administrators to allow, who alone read whether they have', async () => {
    await allow(false)
    expect(await admin.call(chatDebugConfigRoutes.logging, {})).toEqual({
      allow_users: false,
      forced_by_deployment: false,
    })
    await expect(grace.call(chatDebugConfigRoutes.logging, {})).rejects.toMatchObject({ status: 404 })
    await expect(allow(true, grace)).rejects.toMatchObject({ status: 403 })
    expect(await ownLogging(grace)).toEqual({
      debug_logging_enabled: false,
      user_toggle_allowed: false,
      forced_by_deployment: false,
    })
    await expect(choose(grace, true)).rejects.toMatchObject({ status: 403 })
    // What was chosen before counts again.
    await allow(true)
    expect(await ownLogging(grace)).toMatchObject({ debug_logging_enabled: true, user_toggle_allowed: true })
  })

  it('takes only what it knows, from whoever is signed in', async () => {
    const token = await server.deployment.mintOwnerSession('Ada Lovelace')
    const statusOf = async (method: string, path: string, headers: Record<string, string> = {}) => {
      const url = `${server.url}/api/experimental/chats/${path}`
      const body = method === 'PUT' ? { body: '{"wrong":1}' } : {}
      return (await rawRequest(url, { method, headers, ...body })).status
    }
    for (const path of ['debug-logging', 'user-debug-logging', 'debug-retention-days']) {
      expect(await statusOf('GET', `config/${path}`)).toBe(401)
      expect(await statusOf('PUT', `config/${path}`)).toBe(401)
      expect(await statusOf('PUT', `config/${path}`, { 'coder-session-token': token })).toBe(400)
    }
    for (const path of [`${missing}/debug/runs`, `${missing}/debug/runs/${missing}`])
      expect(await statusOf('GET', path)).toBe(401)
  })

  it('writes nothing where it is off', async () => {
    await choose(grace, false)
    model.script({ text: 'Unheard.' })
    expect(await runsOf(grace, await ended('nothing'))).toEqual([])
  })

  it('that the deployment forces is on for all, and nobody chooses', async () => {
    const forced = await startTestServer({ chats: { isDebugLoggingForced: true } })
    try {
      const owner = await forced.ownerClient()
      expect(await ownLogging(owner)).toEqual({
        debug_logging_enabled: true,
        user_toggle_allowed: false,
        forced_by_deployment: true,
      })
      await expect(choose(owner, false)).rejects.toMatchObject({ status: 409 })
      expect(await owner.call(chatDebugConfigRoutes.logging, {})).toMatchObject({
        forced_by_deployment: true,
      })
      await configureModel(owner, model)
      model.script({ text: 'Heard.' })
      const { id } = await createChat(owner, 'listen')
      await chatIs(owner, id, 'waiting')
      expect((await runsOf(owner, id)).some(({ kind }) => kind === 'chat_turn')).toBe(true)
    } finally {
      await forced.close()
    }
  })
})

describe('a debug run', () => {
  it('has the steps of a turn, as they were asked and answered', async () => {
    model.script(
      { calls: [{ name: 'nothing', args: { path: 'a.ts' } }], usage: { input: 100, output: 20 } },
      { text: 'All done.', usage: { input: 150, output: 5 } },
    )
    const chat = await ended('do it')
    const [run] = await turnsOf(chat)
    const messages = await messagesOf(grace, chat)
    expect(run).toMatchObject({
      ...{ chat_id: chat, root_chat_id: chat, kind: 'chat_turn', status: 'completed', model: 'scripted' },
      trigger_message_id: messages[0]?.id,
      summary: { step_count: 2, total_input_tokens: 250, total_output_tokens: 25 },
    })
    expect(run?.finished_at).toBeDefined()
    expect(run?.steps).toMatchObject([
      {
        ...{ step_number: 1, operation: 'stream', status: 'completed', run_id: run?.id, chat_id: chat },
        history_tip_message_id: messages[0]?.id,
        assistant_message_id: messages[1]?.id,
        normalized_response: {
          content: [{ type: 'tool-call', tool_name: 'nothing', args: { path: 'a.ts' } }],
          finish_reason: 'tool_use',
        },
        usage: { input_tokens: 100, output_tokens: 20 },
        attempts: [{ number: 1, status: 'completed' }],
      },
      {
        ...{ step_number: 2, status: 'completed', assistant_message_id: messages.at(-1)?.id },
        normalized_response: { content: [{ type: 'text', text: 'All done.' }] },
      },
    ])
    const asked = run?.steps[1]?.normalized_request
    expect(asked?.['messages']).toMatchObject([
      { role: 'system' },
      { role: 'system', parts: [{ type: 'text' }] },
      { role: 'user', parts: [{ type: 'text', text: 'do it' }] },
      { role: 'assistant', parts: [{ tool_name: 'nothing' }] },
      { role: 'tool', parts: [{ type: 'tool-result' }] },
    ])
    expect(JSON.stringify(asked?.['tools'])).toContain('list_templates')
  })

  it('of titles, of the few words about a turn and of summaries stand for themselves, newest first', async () => {
    model.script({ text: 'Fine.' })
    model.scriptAsides({ text: 'A title' }, { text: 'A label' })
    const chat = await ended('name it')
    await waitFor('the label', async () => ((await runsOf(grace, chat)).length === 3 ? true : undefined))
    clock.jump(1)
    model.scriptAsides({ text: 'Another title' })
    await grace.call(chatTitlesRoutes.propose, { params: { chat } })
    clock.jump(1)
    model.script({ text: 'It was fine.' })
    await grace.call(chatTitlesRoutes.compact, { params: { chat } })
    await chatIs(grace, chat, 'waiting')
    const runs = await runsOf(grace, chat)
    expect(runs.map(({ kind, status }) => `${kind} ${status}`).slice(0, 2)).toEqual([
      'compaction completed',
      'title_generation completed',
    ])
    expect(runs.map(({ kind }) => kind).toSorted()).toEqual([
      'chat_turn',
      'compaction',
      'quickgen',
      'title_generation',
      'title_generation',
    ])
    const title = await runOf(grace, chat, runs[1]?.id ?? '')
    expect(title.steps).toMatchObject([
      { operation: 'generate', normalized_response: { content: [{ text: 'Another title' }] } },
    ])
  })

  it('tells of attempts that failed, and of the error that ended it', async () => {
    model.script({ status: 529 }, { status: 529, body: { error: { message: 'Overloaded for long' } } })
    const { id: chat } = await createChat(grace, 'again')
    await waitFor('the retry', () => (model.left() === 1 ? true : undefined))
    await waitFor('the end', async () => {
      clock.advance(1000)
      return (await grace.call(chatsRoutes.get, { params: { chat } })).status === 'error' ? true : undefined
    })
    const [run] = await turnsOf(chat)
    expect(run).toMatchObject({
      status: 'error',
      steps: [
        {
          status: 'error',
          attempts: [
            { number: 1, status: 'error', response_status: 529, retry_delay_ms: 1000 },
            { number: 2, status: 'error', response_status: 529 },
          ],
          error: { kind: 'overloaded', status_code: 529 },
        },
      ],
    })
  })

  it('that its owner stopped, or a server ended with itself, was interrupted', async () => {
    let goOn = (): void => undefined
    const hold = new Promise<void>((resolve) => (goOn = resolve))
    model.script({ text: 'never said to its end', hold })
    const stopped = await createChat(grace, 'stop')
    await callOf('stop')
    expect(await runsOf(grace, stopped.id)).toContainEqual(
      expect.objectContaining({ kind: 'chat_turn', status: 'in_progress' }),
    )
    await grace.call(chatsRoutes.interrupt, { params: { chat: stopped.id } })
    await chatIs(grace, stopped.id, 'waiting')
    const [run] = await turnsOf(stopped.id)
    expect(run).toMatchObject({ status: 'interrupted', steps: [{ status: 'interrupted' }] })
    expect(run?.steps[0]?.finished_at).toBeDefined()

    model.script({ text: 'nor this', hold })
    const { id: left } = await createChat(grace, 'leave')
    await callOf('leave')
    const before = model.requests.length
    model.script({ text: 'here again' })
    await server.restart()
    goOn()
    admin = await server.ownerClient()
    grace = server.client(await tokenOf('grace'))
    await chatIs(grace, left, 'waiting')
    expect(model.requests.length).toBe(before + 1)
    const runs = await turnsOf(left)
    expect(runs.map(({ status }) => status).toSorted()).toEqual(['completed', 'interrupted'])
    expect(runs.find(({ status }) => status === 'interrupted')?.steps).toMatchObject([
      { status: 'interrupted' },
    ])
  })

  it('that waits for its owner goes on when they have decided', async () => {
    const mcp = await startMcpServer([{ name: 'act' }])
    const { id: mcpServer } = await admin.call(mcpServersRoutes.create, {
      body: {
        ...{ display_name: 'Asks', slug: 'asks', transport: 'streamable_http', url: `${mcp.url}/mcp` },
        ...{ auth_type: 'none', availability: 'default_off', enabled: true },
      },
    })
    model.script({ calls: [{ name: 'asks__act', args: {} }] })
    const chat = await ended('ask me', { mcp_server_ids: [mcpServer] }, 'requires_action')
    expect((await runsOf(grace, chat)).filter(({ kind }) => kind === 'chat_turn')).toMatchObject([
      { status: 'in_progress' },
    ])
    const [, asked] = await messagesOf(grace, chat)
    model.script({ text: 'As you say.' })
    await grace.call(chatApprovalsRoutes.decide, {
      params: { chat },
      body: {
        decisions: [{ tool_call_id: asked?.content?.[0]?.tool_call_id ?? '', decision: 'deny' }],
      },
    })
    await chatIs(grace, chat, 'waiting')
    expect(await turnsOf(chat)).toMatchObject([{ status: 'completed', summary: { step_count: 2 } }])
    await mcp.close()
  })

  it('begins anew with each message', async () => {
    model.script({ text: 'One.' }, { text: 'Two.' })
    const chat = await ended('one')
    clock.jump(1)
    await grace.call(chatMessagesRoutes.send, { params: { chat }, body: text('two') })
    await chatIs(grace, chat, 'waiting')
    const runs = await turnsOf(chat)
    const own = (await messagesOf(grace, chat)).filter(({ role }) => role === 'user')
    expect(runs.map((run) => run.trigger_message_id)).toEqual(own.map(({ id }) => id).toReversed())
  })
})

describe('what is in a debug run', () => {
  it('holds no secret of its owner, of a provider or of a server of tools', async () => {
    const owner = await grace.call(usersRoutes.get, { params: { user: 'me' } })
    await grace.call(userSecretsRoutes.create, {
      params: { user: owner.id },
      body: { name: 'deploy', value: USER_SECRET },
    })
    const mcp = await startMcpServer([{ name: 'act' }])
    await admin.call(mcpServersRoutes.create, {
      body: {
        ...{ display_name: 'Keyed', slug: 'keyed', transport: 'streamable_http', url: `${mcp.url}/mcp` },
        ...{ auth_type: 'api_key', api_key_header: 'X-Key', api_key_value: HEADER_VALUE },
        ...{ availability: 'default_off', enabled: true },
      },
    })
    const { id: own } = await admin.call(mcpServersRoutes.create, {
      body: {
        ...{ display_name: 'Owned', slug: 'owned', transport: 'streamable_http', url: `${mcp.url}/mcp` },
        ...{ auth_type: 'custom_headers', custom_headers_user_keys: ['X-Own'] },
        ...{ availability: 'default_off', enabled: true },
      },
    })
    await grace.call(mcpServersRoutes.putUserHeaders, {
      params: { mcpserver: own },
      body: { values: { 'X-Own': OWN_HEADER_VALUE } },
    })
    const secrets = [USER_SECRET, HEADER_VALUE, OWN_HEADER_VALUE, SCRIPTED_KEY]
    const token = await tokenOf('grace')
    const said = [...secrets, `CODER_SESSION_TOKEN=${token}`].join(' and ')
    model.script(
      { calls: [{ name: 'nothing', args: { command: said, nested: { list: [said] } } }] },
      { status: 400, body: { error: { message: `Not with ${said}` } } },
    )
    const chat = await ended(`use ${said}`, {}, 'error')
    const [run] = await turnsOf(chat)
    expect(run?.steps).toHaveLength(2)
    const shown = JSON.stringify(run)
    for (const secret of [...secrets, token]) expect(shown).not.toContain(secret)
    expect(shown).toContain('[secret]')
    expect(JSON.stringify(model.requests.at(-1)?.body)).toContain(USER_SECRET)
    await mcp.close()
  })

  it('is cut to a size, and says what is left out', async () => {
    const long = 'long'.repeat(50_000)
    model.script({ text: long }, { text: long }, { text: 'Enough.' })
    const chat = await ended('begin')
    for (const words of ['x'.repeat(200_000), 'y'.repeat(200_000)]) {
      clock.jump(1)
      await grace.call(chatMessagesRoutes.send, { params: { chat }, body: text(words) })
      await chatIs(grace, chat, 'waiting')
    }
    for (const run of await turnsOf(chat)) expect(JSON.stringify(run).length).toBeLessThan(250_000)
    expect(JSON.stringify((await turnsOf(chat))[0])).toMatch(/\[\d+ more characters\]/)
  })

  it('is for its owner and for administrators, not for who reads the chat along', async () => {
    model.script({ text: 'Between us.' })
    const chat = await ended('private')
    const [run] = await turnsOf(chat)
    const id = run?.id ?? ''
    const linus = await server.memberClient('linus')
    const reader = await linus.call(usersRoutes.get, { params: { user: 'me' } })
    const refused = async () => {
      await expect(runsOf(linus, chat)).rejects.toMatchObject({ status: 404 })
      await expect(runOf(linus, chat, id)).rejects.toMatchObject({ status: 404 })
    }
    await refused()
    await grace.call(chatSharingRoutes.update, {
      params: { chat },
      body: { user_roles: { [reader.id]: 'read' } },
    })
    expect((await linus.call(chatsRoutes.get, { params: { chat } })).id).toBe(chat)
    await refused()
    expect(await runsOf(admin, chat)).toHaveLength((await runsOf(grace, chat)).length)
    expect((await runOf(admin, chat, id)).id).toBe(id)
    // A run is found by its own chat only.
    model.script({ text: 'Other.' })
    const other = await ended('other')
    await expect(runOf(grace, other, id)).rejects.toMatchObject({ status: 404 })
    await expect(runOf(grace, chat, missing)).rejects.toMatchObject({ status: 404 })
    for (const odd of ['no-uuid', await organizationOf(grace)]) {
      const status = odd === 'no-uuid' ? 400 : 404
      await expect(runsOf(grace, odd)).rejects.toMatchObject({ status })
      await expect(runOf(grace, odd, id)).rejects.toMatchObject({ status })
    }
  })

  it('goes after the days an administrator has set', async () => {
    const days = (debug_retention_days: number, client = admin) =>
      client.call(chatDebugConfigRoutes.updateRetentionDays, { body: { debug_retention_days } })
    expect(await grace.call(chatDebugConfigRoutes.retentionDays, {})).toEqual({ debug_retention_days: 30 })
    await expect(days(1, grace)).rejects.toMatchObject({ status: 403 })
    await expect(days(3651)).rejects.toMatchObject({ status: 400 })
    model.script({ text: 'Old.' })
    const chat = await ended('keep')
    await turnsOf(chat)
    await days(0)
    // Not every hour of them has to come.
    clock.jump(31 * DAY_MS)
    clock.advance(3_600_000)
    grace = server.client(await tokenOf('grace'))
    admin = await server.ownerClient()
    expect(await turnsOf(chat)).toHaveLength(1)
    await days(7)
    clock.advance(3_600_000)
    expect(await runsOf(grace, chat)).toEqual([])
  })
})

/** A session of that member. */
async function tokenOf(username: string): Promise<string> {
  const { services } = server.deployment
  const ada = await server.ownerClient()
  const { id } = await ada.call(usersRoutes.get, { params: { user: username } })
  return services.sessions.create(id, { loginType: 'password' }).token
}
