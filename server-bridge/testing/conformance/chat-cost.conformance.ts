import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { CoderClient } from '../../client/coder-client.ts'
import { chatCostRoutes } from '../../contract/chats-cost.ts'
import type { Chat, CreateChatRequest } from '../../contract/chats.ts'
import { chatMessagesRoutes } from '../../contract/chats-messages.ts'
import { usersRoutes } from '../../contract/users.ts'
import {
  chatIs,
  configureModel,
  createChat,
  messagesOf,
  organizationOf,
  outline,
} from '../chat-fixture.ts'
import { createFakeClock, type FakeClock } from '../fake-clock.ts'
import { rawRequest } from '../raw-request.ts'
import { type ScriptedModel, startScriptedModel } from '../scripted-model.ts'
import { startTestServer, type TestServer } from '../start-server.ts'

const DAY_MS = 86_400_000
/** A Wednesday. */
const BEGIN = Date.parse('2026-11-25T12:00:00Z')
const cost = { input_price_per_million_tokens: '1', output_price_per_million_tokens: '10' }

let server: TestServer
let clock: FakeClock
let model: ScriptedModel
let admin: CoderClient
let grace: CoderClient
let count = 0

beforeAll(async () => {
  clock = createFakeClock(BEGIN)
  server = await startTestServer({ clock })
  model = await startScriptedModel()
  admin = await server.ownerClient()
  await configureModel(admin, model, { config: { display_name: 'Priced', model_config: { cost } } })
  grace = await server.memberClient('grace')
})
afterEach(async () => {
  expect(model.left()).toBe(0)
  await limit({ spend_limit_micros: null, chat_spend_limit_micros: null, period: 'month' })
})
afterAll(async () => {
  await server.close()
  await model.close()
})

const limit = (body: object, client = admin) =>
  client.call(chatCostRoutes.updateLimits, {
    body: { spend_limit_micros: null, period: 'month', ...body },
  })
const statusOf = (client: CoderClient) => client.call(chatCostRoutes.status, {})
const summaryOf = (client: CoderClient, user: string, query: object = {}) =>
  client.call(chatCostRoutes.summary, { params: { user }, query })
const costOf = (client: CoderClient, chat: string) => client.call(chatCostRoutes.chat, { params: { chat } })
const text = (words: string) => ({ content: [{ type: 'text' as const, text: words }] })
const send = (client: CoderClient, chat: string, words: string) =>
  client.call(chatMessagesRoutes.send, { params: { chat }, body: text(words) })
/** 100 tokens in and 20 out: 300 micros. */
const usage = { input: 100, output: 20 }
const someone = () => server.memberClient(`member${(count += 1)}`)

/** A chat that has cost 300 micros. */
async function spend(client: CoderClient, more: Partial<CreateChatRequest> = {}): Promise<Chat> {
  model.script({ text: 'fine', usage })
  const chat = await createChat(client, 'go', more)
  const idle = await chatIs(client, chat.id, 'waiting')
  // The time that is asked for ends now, and what happens now is not within it.
  clock.jump(1)
  return idle
}

describe('what chats cost', () => {
  it('is told of a user, by model and by chat, also of what was taken back', async () => {
    const user = await someone()
    const chat = await spend(user)
    const [first] = await messagesOf(user, chat.id)
    model.script({ text: 'again', usage: { ...usage, cacheRead: 5 } })
    await user.call(chatMessagesRoutes.edit, {
      params: { chat: chat.id, message: String(first?.id) },
      body: text('go again'),
    })
    await chatIs(user, chat.id, 'waiting')
    clock.jump(1)
    const totals = {
      total_cost_micros: 600,
      total_input_tokens: 200,
      total_output_tokens: 40,
      total_cache_read_tokens: 5,
      total_cache_creation_tokens: 0,
      message_count: 2,
    }
    const { message_count: priced_message_count, ...sums } = totals
    const summary = await summaryOf(user, 'me')
    expect(summary).toMatchObject({
      start_date: new Date(clock.now() - 30 * DAY_MS).toISOString(),
      ...sums,
      priced_message_count,
      unpriced_message_count: 0,
      by_model: [{ display_name: 'Priced', model: 'scripted', ...totals }],
      by_chat: [{ root_chat_id: chat.id, chat_title: 'go', ...totals }],
      usage_limit: { is_limited: false, current_spend: 600 },
    })
    expect(await costOf(user, chat.id)).toEqual({
      chat_id: chat.id,
      total_cost_micros: 600,
      request_count: 2,
      unpriced_request_count: 0,
      spend_limit_micros: null,
    })
  })

  it('is nothing where a model has no price, which is counted', async () => {
    const user = await someone()
    const bare = await configureModel(admin, model)
    const chat = await spend(user, { model_config_id: bare.id })
    expect(await summaryOf(user, 'me')).toMatchObject({
      total_cost_micros: 0,
      priced_message_count: 0,
      unpriced_message_count: 1,
    })
    expect(await costOf(user, chat.id)).toMatchObject({ request_count: 1, unpriced_request_count: 1 })
    expect((await admin.call(chatCostRoutes.limits, {})).unpriced_model_count).toBe(1)
  })

  it('is asked for of a time, and of oneself unless one may see more', async () => {
    const user = await someone()
    await spend(user)
    const { id } = await user.call(usersRoutes.get, { params: { user: 'me' } })
    const before = { start_date: '2026-01-01T00:00:00Z', end_date: '2026-02-01T00:00:00+01:00' }
    expect(await summaryOf(user, 'me', before)).toMatchObject({
      end_date: '2026-01-31T23:00:00.000Z',
      total_cost_micros: 0,
      by_chat: [],
    })
    expect((await summaryOf(admin, id)).total_cost_micros).toBe(300)
    await expect(summaryOf(grace, id)).rejects.toMatchObject({ status: 404 })
    for (const query of [
      { start_date: 'yesterday' },
      { start_date: '2026-02-01T00:00:00Z', end_date: '2026-01-01T00:00:00Z' },
    ])
      await expect(summaryOf(user, 'me', query)).rejects.toMatchObject({ status: 400 })
  })

  it('is told of all users to administrators', async () => {
    const [poor, rich] = [await someone(), await someone()]
    await spend(poor)
    await spend(rich)
    await spend(rich)
    const users = (query: object) => admin.call(chatCostRoutes.users, { query })
    const found = await users({ username: 'MEMBER', limit: 1 })
    expect(found.count).toBeGreaterThan(1)
    expect(found.users).toHaveLength(1)
    const all = await users({ username: 'member', limit: 100 })
    const { username } = await rich.call(usersRoutes.get, { params: { user: 'me' } })
    expect(all.users.find((user) => user.username === username)).toMatchObject({
      total_cost_micros: 600,
      message_count: 2,
      chat_count: 2,
    })
    const costs = all.users.map((user) => user.total_cost_micros)
    expect(costs).toEqual(costs.toSorted((a, b) => b - a))
    await expect(users({ limit: 1000 })).rejects.toMatchObject({ status: 400 })
    await expect(grace.call(chatCostRoutes.users, { query: {} })).rejects.toMatchObject({ status: 403 })
  })
})

describe('a limit', () => {
  it('refuses to create, send and edit once it is reached, until the next period', async () => {
    const user = await someone()
    const chat = await spend(user)
    await limit({ spend_limit_micros: 300, period: 'week' })
    expect(await statusOf(user)).toEqual({
      is_limited: true,
      period: 'week',
      spend_limit_micros: 300,
      current_spend: 300,
      period_start: '2026-11-23T00:00:00.000Z',
      period_end: '2026-11-30T00:00:00.000Z',
    })
    const refused = { status: 409, message: expect.stringContaining('2026-11-30') as string }
    await expect(createChat(user, 'more')).rejects.toMatchObject(refused)
    await expect(send(user, chat.id, 'more')).rejects.toMatchObject(refused)
    const [first] = await messagesOf(user, chat.id)
    await expect(
      user.call(chatMessagesRoutes.edit, {
        params: { chat: chat.id, message: String(first?.id) },
        body: text('x'),
      }),
    ).rejects.toMatchObject(refused)
    clock.jump(Date.parse('2026-11-30T00:00:00Z') - clock.now())
    expect(await statusOf(user)).toMatchObject({ current_spend: 0 })
    model.script({ text: 'on', usage })
    await send(user, chat.id, 'more')
    await chatIs(user, chat.id, 'waiting')
  })

  it('says how much and until when, in the answer itself', async () => {
    const user = await someone()
    await spend(user)
    await limit({ spend_limit_micros: 1, period: 'day' })
    const { token } = server.deployment.services.sessions.create(
      (await user.call(usersRoutes.get, { params: { user: 'me' } })).id,
      { loginType: 'password' },
    )
    const answer = await rawRequest(`${server.url}/api/experimental/chats`, {
      method: 'POST',
      headers: { 'coder-session-token': token },
      body: JSON.stringify({ organization_id: await organizationOf(user), ...text('hi') }),
    })
    expect([answer.status, answer.json()]).toEqual([
      409,
      {
        message: expect.stringContaining('300 of 1 millionths') as string,
        spent_micros: 300,
        limit_micros: 1,
        resets_at: expect.stringMatching(/T00:00:00.000Z$/) as string,
      },
    ])
  })

  it('stops a turn that passes it before the next call to the model', async () => {
    const user = await someone()
    await limit({ spend_limit_micros: 300 })
    model.script({ calls: [{ name: 'nothing', args: {} }], usage })
    const chat = await createChat(user, 'go')
    const stopped = await chatIs(user, chat.id, 'error')
    expect(stopped.last_error).toMatchObject({ kind: 'usage_limit', retryable: false })
    expect(stopped.last_error?.message).toContain('limit for chats is reached')
    expect(outline(await messagesOf(user, chat.id))).toEqual([
      'user: go',
      'assistant: nothing',
      'tool: nothing',
    ])
  })

  it('is another one for some, whom administrators name', async () => {
    const user = await someone()
    const { id, username } = await user.call(usersRoutes.get, { params: { user: 'me' } })
    const chat = await spend(user)
    await limit({ spend_limit_micros: 300 })
    const set = (reference: string, spend_limit_micros: number, client = admin) =>
      client.call(chatCostRoutes.setOverride, {
        params: { user: reference },
        body: { spend_limit_micros },
      })
    expect(await set(username, 500)).toMatchObject({ user_id: id, username, spend_limit_micros: 500 })
    const entry = server.deployment.services.auditLog.newest(1)[0]
    expect(entry).toMatchObject({ resource_type: 'user_ai_budget_override', resource_id: id })
    expect((await admin.call(chatCostRoutes.limits, {})).overrides).toMatchObject([{ user_id: id }])
    model.script({ text: 'more', usage })
    await send(user, chat.id, 'more')
    await chatIs(user, chat.id, 'waiting')
    await expect(send(user, chat.id, 'more')).rejects.toMatchObject({ status: 409 })
    await expect(set(id, 0)).rejects.toMatchObject({ status: 400 })
    await expect(set('nobody', 1)).rejects.toMatchObject({ status: 404 })
    await expect(set(id, 1, grace)).rejects.toMatchObject({ status: 404 })
    const remove = () => admin.call(chatCostRoutes.deleteOverride, { params: { user: id } })
    await remove()
    await expect(remove()).rejects.toMatchObject({ status: 404 })
    expect(await statusOf(user)).toMatchObject({ spend_limit_micros: 300 })
  })

  it('of each chat is the narrower one of the deployment and the owner', async () => {
    const user = await someone()
    const chat = await spend(user)
    const set = (spend_limit_micros: number | null, client = user) =>
      client.call(chatCostRoutes.limitChat, { params: { chat: chat.id }, body: { spend_limit_micros } })
    expect(await set(300)).toMatchObject({ total_cost_micros: 300, spend_limit_micros: 300 })
    await expect(send(user, chat.id, 'more')).rejects.toMatchObject({
      status: 409,
      message: expect.stringContaining('limit of this chat') as string,
    })
    await limit({ chat_spend_limit_micros: 200 })
    expect(await costOf(user, chat.id)).toMatchObject({ spend_limit_micros: 200 })
    expect(await set(null)).toMatchObject({ spend_limit_micros: 200 })
    await limit({ chat_spend_limit_micros: 301 })
    model.script({ text: 'more', usage })
    await send(user, chat.id, 'more')
    await chatIs(user, chat.id, 'waiting')
    await spend(user)
    await expect(set(1, grace)).rejects.toMatchObject({ status: 404 })
    await expect(set(1, admin)).rejects.toMatchObject({ status: 403 })
  })

  it('is for administrators to set', async () => {
    expect(await limit({ spend_limit_micros: 5, period: 'day' })).toMatchObject({
      spend_limit_micros: 5,
      period: 'day',
      group_overrides: [],
    })
    const entry = server.deployment.services.auditLog.newest(1)[0]
    expect(entry).toMatchObject({ resource_type: 'chat_settings', action: 'write' })
    await expect(limit({}, grace)).rejects.toMatchObject({ status: 403 })
    await expect(grace.call(chatCostRoutes.limits, {})).rejects.toMatchObject({ status: 403 })
    await expect(limit({ spend_limit_micros: 0 })).rejects.toMatchObject({ status: 400 })
    await expect(limit({ period: 'year' })).rejects.toMatchObject({ status: 400 })
  })
})
