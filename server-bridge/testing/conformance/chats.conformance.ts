import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import type { CoderClient } from '../../client/coder-client.ts'
import { chatsRoutes } from '../../contract/chats.ts'
import { chatMessagesRoutes } from '../../contract/chats-messages.ts'
import { chatWatchRoutes, type ChatWatchEvent, parseChatWatchFrame } from '../../contract/chats-watch.ts'
import {
  chatIs,
  configureModel,
  createChat,
  getChat,
  messagesOf,
  organizationOf,
  outline,
  readStream,
} from '../chat-fixture.ts'
import { rawRequest } from '../raw-request.ts'
import { type ScriptedModel, startScriptedModel } from '../scripted-model.ts'
import { startTestServer, type TestServer } from '../start-server.ts'
import { waitFor } from '../wait-for.ts'

let server: TestServer
let model: ScriptedModel
let admin: CoderClient
let grace: CoderClient

beforeAll(async () => {
  server = await startTestServer({ chats: { timings: { retryBaseMs: 5, retryCapMs: 10 } } })
  model = await startScriptedModel()
  admin = await server.ownerClient()
  grace = await server.memberClient('grace')
  await configureModel(admin, model)
})
afterAll(async () => {
  await server.close()
  await model.close()
})

const send = (id: string, text: string, more: object = {}) =>
  grace.call(chatMessagesRoutes.send, {
    params: { chat: id },
    body: { content: [{ type: 'text', text }], ...more },
  })
const update = (id: string, body: object) => grace.call(chatsRoutes.update, { params: { chat: id }, body })
const list = (query: object = {}) => grace.call(chatsRoutes.list, { query })
async function answered(text: string, reply = 'Hello there.') {
  model.script({ text: reply })
  const { id } = await createChat(grace, text)
  return chatIs(grace, id, 'waiting')
}

describe('a chat', () => {
  it('begins at work, with the first words as its title, and rests when it is answered', async () => {
    model.script({ text: 'Hello there.' })
    const chat = await createChat(grace, 'say hello to all of the world now', {
      labels: { team: 'core' },
      client_type: 'ui',
    })
    expect(chat).toMatchObject({
      title: 'say hello to all of the',
      status: 'running',
      client_type: 'ui',
      labels: { team: 'core' },
      root_chat_id: chat.id,
      owner_username: 'grace',
      archived: false,
      pin_order: 0,
      children: [],
      mcp_server_ids: [],
    })
    await chatIs(grace, chat.id, 'waiting')
    const messages = await messagesOf(grace, chat.id)
    expect(outline(messages)).toEqual(['user: say hello to all of the world now', 'assistant: Hello there.'])
    expect(messages[1]?.usage).toMatchObject({
      input_tokens: 10,
      output_tokens: 5,
      total_tokens: 15,
      context_limit: 200_000,
    })
    const { prompts } = await grace.call(chatMessagesRoutes.prompts, { params: { chat: chat.id }, query: {} })
    expect(prompts).toEqual([{ id: messages[0]?.id, text: 'say hello to all of the world now' }])
  })

  it.each<[string, object]>([
    ['no content', { content: [] }],
    ['a blank text', { content: [{ type: 'text', text: ' \n' }] }],
    ['an unknown file', { content: [{ type: 'file', file_id: '00000000-0000-4000-8000-000000000001' }] }],
    ['a bad label', { labels: { '-x': 'y' } }],
    ['an unknown model', { model_config_id: '00000000-0000-4000-8000-000000000001' }],
    ['an unknown MCP server', { mcp_server_ids: ['00000000-0000-4000-8000-000000000001'] }],
    ['an unknown workspace', { workspace_id: '00000000-0000-4000-8000-000000000001' }],
    ['a long system prompt', { system_prompt: 'x'.repeat(10_001) }],
    [
      'two tools of one name',
      {
        unsafe_dynamic_tools: [
          { name: 'a', input_schema: {} },
          { name: 'a', input_schema: {} },
        ],
      },
    ],
    ...['execute', 'web_search', 'github__get_issue', 'constructor__'].map((name): [string, object] => [
      `a tool that takes the place of ${name}`,
      { unsafe_dynamic_tools: [{ name, input_schema: {} }] },
    ]),
  ])('is not made of %s', async (_, body) => {
    await expect(createChat(grace, 'hi', body as never)).rejects.toMatchObject({ status: 400 })
  })

  it('takes bodies of up to 256 KiB', async () => {
    await expect(createChat(grace, 'x'.repeat(257 * 1024))).rejects.toMatchObject({ status: 413 })
  })

  it('belongs to its owner: others do not find it, and not even an administrator speaks in it', async () => {
    const { id } = await answered('mine')
    const linus = await server.memberClient('linus')
    const params = { params: { chat: id } }
    for (const call of [
      () => linus.call(chatsRoutes.get, params),
      () => linus.call(chatMessagesRoutes.list, { ...params, query: {} }),
      () => linus.call(chatsRoutes.update, { ...params, body: { title: 'x' } }),
      () => linus.call(chatsRoutes.interrupt, params),
    ])
      await expect(call()).rejects.toMatchObject({ status: 404 })
    expect((await getChat(admin, id)).title).toBe('mine')
    await expect(
      admin.call(chatMessagesRoutes.send, { ...params, body: { content: [{ type: 'text', text: 'x' }] } }),
    ).rejects.toMatchObject({ status: 403 })
    await expect(getChat(grace, 'nonsense')).rejects.toMatchObject({ status: 400 })
  })
})

describe('messages', () => {
  it('are paged from either end', async () => {
    const { id } = await answered('one')
    model.script({ text: 'Again.' })
    await send(id, 'two')
    await chatIs(grace, id, 'waiting')
    const all = await messagesOf(grace, id)
    const page = (query: object) => grace.call(chatMessagesRoutes.list, { params: { chat: id }, query })
    const [first, second, third, fourth] = all.map((message) => message.id)
    expect(await page({ limit: 3 })).toMatchObject({
      has_more: true,
      messages: [{ id: fourth }, { id: third }, { id: second }],
    })
    expect(await page({ after_id: first, limit: 2 })).toMatchObject({
      has_more: true,
      messages: [{ id: second }, { id: third }],
    })
    expect((await page({ before_id: third })).messages.map((message) => message.id)).toEqual([second, first])
    expect(
      (await page({ after_id: first, before_id: fourth })).messages.map((message) => message.id),
    ).toEqual([third, second])
    for (const query of [{ limit: 0 }, { limit: 201 }, { after_id: fourth, before_id: first }])
      await expect(page(query)).rejects.toMatchObject({ status: 400 })
  })

  it('are taken back by an edit, and the chat goes on from the new one', async () => {
    const { id } = await answered('wrong question')
    const before = await messagesOf(grace, id)
    model.script({ text: 'Better.' })
    const { message } = await grace.call(chatMessagesRoutes.edit, {
      params: { chat: id, message: String(before[0]?.id) },
      body: { content: [{ type: 'text', text: 'right question' }] },
    })
    expect(message.id).toBeGreaterThan(before[1]?.id ?? 0)
    await chatIs(grace, id, 'waiting')
    expect(outline(await messagesOf(grace, id))).toEqual(['user: right question', 'assistant: Better.'])
    const asked = model.requests.at(-1)?.body['messages'] as unknown[]
    expect(JSON.stringify(asked)).not.toContain('wrong question')
    const stream = await readStream(grace, id, 1_000_000)
    await stream.until('all of it', (events) => events.some(({ type }) => type === 'preview_reset'))
    expect(stream.events[0]?.type).toBe('history_reset')
    expect(stream.screen()).toHaveLength(2)
    await stream.close()
    const edit = (message: number) =>
      grace.call(chatMessagesRoutes.edit, {
        params: { chat: id, message: String(message) },
        body: { content: [{ type: 'text', text: 'x' }] },
      })
    await expect(edit(before[0]?.id ?? 0)).rejects.toMatchObject({ status: 404 })
    await expect(edit(message.id + 1)).rejects.toMatchObject({ status: 400 })
  })
})

describe('settings of a chat', () => {
  it('change one by one', async () => {
    const { id } = await answered('settings')
    await update(id, { title: '  New title ', labels: { a: 'b' }, plan_mode: 'plan' })
    expect(await getChat(grace, id)).toMatchObject({
      title: 'New title',
      labels: { a: 'b' },
      plan_mode: 'plan',
    })
    await update(id, { plan_mode: '' })
    expect((await getChat(grace, id)).plan_mode).toBeUndefined()
    for (const body of [{ title: ' ' }, { title: 'x'.repeat(201) }, { labels: { a: '' } }, { pin_order: -1 }])
      await expect(update(id, body)).rejects.toMatchObject({ status: 400 })
  })

  it('keep pins in order', async () => {
    const [a, b, c] = [await answered('a'), await answered('b'), await answered('c')].map(({ id }) => id)
    const pinned = async () => (await list()).filter((chat) => chat.pin_order > 0).map((chat) => chat.id)
    await update(a!, { pin_order: 9 })
    await update(b!, { pin_order: 1 })
    await update(c!, { pin_order: 1 })
    expect(await pinned()).toEqual([a, b, c])
    await update(c!, { pin_order: 1 })
    expect(await pinned()).toEqual([c, a, b])
    await update(a!, { pin_order: 0 })
    expect(await pinned()).toEqual([c, b])
    await update(c!, { archived: true })
    expect((await getChat(grace, c!)).pin_order).toBe(0)
    await expect(update(c!, { pin_order: 1 })).rejects.toMatchObject({ status: 400 })
    await update(b!, { pin_order: 0 })
  })

  it('archive an idle chat only', async () => {
    let finish = (): void => undefined
    model.script({ text: 'slow', hold: new Promise<void>((resolve) => (finish = resolve)) })
    const { id } = await createChat(grace, 'busy')
    await expect(update(id, { archived: true })).rejects.toMatchObject({ status: 409 })
    await expect(update(id, { archived: false })).rejects.toMatchObject({ status: 400 })
    finish()
    await chatIs(grace, id, 'waiting')
    await update(id, { archived: true })
    await expect(update(id, { archived: true })).rejects.toMatchObject({ status: 400 })
    await expect(send(id, 'x')).rejects.toMatchObject({ status: 400 })
    expect((await list()).some((chat) => chat.id === id)).toBe(false)
    expect((await list({ q: 'archived:true' })).some((chat) => chat.id === id)).toBe(true)
    await update(id, { archived: false })
    expect((await list())[0]?.id).toBe(id)
  })
})

describe('the list', () => {
  it('is searched by keys, paged, and tells what is unread', async () => {
    const linus = await server.memberClient('ada2')
    const make = async (text: string, labels: Record<string, string> = {}) => {
      model.script({ text: 'ok' })
      const { id } = await createChat(linus, text, { labels })
      return (await chatIs(linus, id, 'waiting')).id
    }
    const [x, y] = [await make('first thing', { env: 'prod' }), await make('second thing', { env: 'dev' })]
    const ids = async (query: object) =>
      (await linus.call(chatsRoutes.list, { query })).map((chat) => chat.id)
    expect(await ids({})).toEqual([y, x])
    expect(await ids({ limit: 1 })).toEqual([y])
    expect(await ids({ after_id: y })).toEqual([x])
    expect(await ids({ offset: 1 })).toEqual([x])
    expect(await ids({ q: 'title:FIRST' })).toEqual([x])
    expect(await ids({ label: 'env:dev' })).toEqual([y])
    expect(await ids({ q: 'source:shared_with_me' })).toEqual([])
    expect(await ids({ q: 'pr_status:open' })).toEqual([])
    for (const q of ['word', 'search:x', 'source:nobody', 'archived:maybe'])
      await expect(ids({ q })).rejects.toMatchObject({ status: 400 })
    expect(await ids({ q: 'has_unread:true' })).toEqual([y, x])
    const stream = await readStream(linus, x)
    await stream.close()
    await waitFor('the cursor', async () =>
      (await ids({ q: 'has_unread:true' })).length === 1 ? true : undefined,
    )
    expect((await linus.call(chatsRoutes.list, { query: {} })).map((chat) => chat.has_unread)).toEqual([
      true,
      false,
    ])
    expect((await getChat(linus, y)).has_unread).toBe(false)
  })
})

describe('a watch', () => {
  it('tells the caller of their own chats alone', async () => {
    const { url, headers } = grace.socket(chatWatchRoutes.watch, {})
    const socket = new WebSocket(url, { headers })
    const events: ChatWatchEvent[] = []
    socket.on('message', (data: Buffer) => events.push(parseChatWatchFrame(data.toString('utf8'))))
    await new Promise((resolve) => socket.once('open', resolve))
    model.script({ text: 'theirs' })
    const other = await createChat(admin, 'of somebody else')
    await chatIs(admin, other.id, 'waiting')
    const { id } = await answered('watched')
    await update(id, { title: 'renamed' })
    await update(id, { archived: true })
    await waitFor('the end', () => (events.some(({ kind }) => kind === 'deleted') ? true : undefined))
    expect(events.every(({ chat }) => chat.id === id)).toBe(true)
    expect(events.map(({ kind, chat }) => `${kind} ${chat.status}`)).toEqual([
      'created running',
      'status_change waiting',
      'title_change waiting',
      'deleted waiting',
    ])
    socket.close()
  })
})

describe('paths of older and of other servers', () => {
  it('are gone, or not there', async () => {
    const headers = { 'coder-session-token': await server.deployment.mintOwnerSession('Ada Lovelace') }
    const status = async (path: string) =>
      (await rawRequest(`${server.url}/api/experimental/chats${path}`, { headers })).status
    expect(await status('/providers')).toBe(410)
    expect(await status('/user-provider-configs/x')).toBe(410)
    for (const path of ['/config/desktop-enabled', `/${await organizationOf(admin)}/acl`])
      expect([path, await status(path)]).toEqual([path, 404])
  })
})
