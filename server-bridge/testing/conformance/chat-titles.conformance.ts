import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import type { CoderClient } from '../../client/coder-client.ts'
import type { AIProviderType } from '../../contract/ai-providers.ts'
import { chatsRoutes } from '../../contract/chats.ts'
import { chatMessagesRoutes } from '../../contract/chats-messages.ts'
import { chatTitlesRoutes } from '../../contract/chats-titles.ts'
import { chatWatchRoutes, type ChatWatchEvent, parseChatWatchFrame } from '../../contract/chats-watch.ts'
import { chatIs, configureModel, createChat, getChat, messagesOf, outline } from '../chat-fixture.ts'
import { type ScriptedModel, startScriptedModel } from '../scripted-model.ts'
import { startTestServer, type TestServer } from '../start-server.ts'
import { waitFor } from '../wait-for.ts'

let server: TestServer
let model: ScriptedModel
let closeModel = async (): Promise<void> => undefined
let client: CoderClient
const events: ChatWatchEvent[] = []
let socket: WebSocket

beforeAll(async () => {
  server = await startTestServer()
  client = await server.ownerClient()
  socket = await watch()
})
beforeEach(async () => {
  await closeModel()
  model = await startScriptedModel()
  closeModel = () => model.close()
  await configureModel(client, model, { config: { is_default: true } })
})
afterAll(async () => {
  socket.close()
  await server.close()
  await model.close()
})

async function watch(): Promise<WebSocket> {
  const { url, headers } = client.socket(chatWatchRoutes.watch, {})
  const opened = new WebSocket(url, { headers })
  opened.on('message', (data: Buffer) => events.push(parseChatWatchFrame(data.toString('utf8'))))
  await new Promise((resolve) => opened.once('open', resolve))
  return opened
}
const told = (id: string, kind: string): Promise<ChatWatchEvent> =>
  waitFor(`${kind} of ${id}`, () => events.find((event) => event.chat.id === id && event.kind === kind))
/** A promise and what fulfils it. */
function gate(): { readonly opened: Promise<void>; open(): void } {
  let open = (): void => undefined
  const opened = new Promise<void>((resolve) => (open = resolve))
  return { opened, open: () => open() }
}

describe('the title of a chat, by the wire format of', () => {
  it.each<AIProviderType>(['anthropic', 'openai', 'openai-compat'])(
    '%s, is its first words until a model has found a better one',
    async (type) => {
      const cost = { input_price_per_million_tokens: '3', output_price_per_million_tokens: '10' }
      const config = await configureModel(client, model, {
        type,
        config: { display_name: type, model_config: { cost } },
      })
      model.script({ text: 'All mended.' })
      model.scriptAsides(
        { text: '"Mend the login test."', usage: { input: 100, output: 7 } },
        { text: 'Mended the login test', usage: { input: 50, output: 5 } },
      )
      const chat = await createChat(client, 'please mend the test of the login page', {
        model_config_id: config.id,
      })
      expect(chat.title).toBe('please mend the test of the')
      expect((await told(chat.id, 'title_change')).chat.title).toBe('Mend the login test')
      expect((await told(chat.id, 'summary_change')).chat.last_turn_summary).toBe('Mended the login test')
      const [row] = await client.call(chatsRoutes.list, { query: { limit: 1 } })
      expect(row).toMatchObject({ title: 'Mend the login test', last_turn_summary: 'Mended the login test' })
      // Nobody sees the calls, and everybody pays for them: 100 × 3 + 7 × 10 and 50 × 3 + 5 × 10, and the turn itself.
      expect(outline(await messagesOf(client, chat.id))).toHaveLength(2)
      const { db } = server.deployment.services
      const costs = db.all<{ total_cost_micros: number | null }>(
        db.sql.selectFrom('chat_messages').select('total_cost_micros').where('chat_id', '=', chat.id),
      )
      expect(costs.flatMap((one) => one.total_cost_micros ?? []).toSorted((a, b) => a - b)).toEqual([
        80, 200, 370,
      ])
      expect(JSON.stringify(model.asides[0]?.body)).toContain('please mend the test of the login page')
      expect(model.asides.every(({ body }) => JSON.stringify(body['tools'] ?? []) === '[]')).toBe(true)
    },
  )
})

describe('a title', () => {
  it('that its owner gave stays, whatever the model comes up with', async () => {
    const held = gate()
    model.script({ text: 'Hello.' })
    model.scriptAsides({ text: 'Too late', hold: held.opened })
    const { id } = await createChat(client, 'hello there')
    await waitFor('the question', () => (model.asides.length > 0 ? true : undefined))
    await client.call(chatsRoutes.update, { params: { chat: id }, body: { title: 'Mine' } })
    model.scriptAsides({ text: 'Said hello' })
    held.open()
    await told(id, 'summary_change')
    expect((await getChat(client, id)).title).toBe('Mine')
  })

  it('that cannot be made leaves the chat as it is, and its turn goes on', async () => {
    model.script({ text: 'Hello.' }, { text: 'Again.' })
    model.scriptAsides({ status: 500 }, { status: 500 }, { text: 'Greeted again' })
    const { id } = await createChat(client, 'one two three')
    await chatIs(client, id, 'waiting')
    await waitFor('both questions', () => (model.asides.length === 2 ? true : undefined))
    expect(await getChat(client, id)).toMatchObject({ title: 'one two three', last_turn_summary: null })
    await client.call(chatMessagesRoutes.send, {
      params: { chat: id },
      body: { content: [{ type: 'text', text: 'again' }] },
    })
    expect((await told(id, 'summary_change')).chat.last_turn_summary).toBe('Greeted again')
  })

  it('that was not made when the server ended is made at its next start', async () => {
    const held = gate()
    model.script({ text: 'Hello.' })
    model.scriptAsides({ text: 'Never heard', hold: held.opened })
    const { id } = await createChat(client, 'survive this')
    await chatIs(client, id, 'waiting')
    await waitFor('the question', () => (model.asides.length > 0 ? true : undefined))
    model.scriptAsides({ text: 'Survived a restart' }, { text: 'Said hello' })
    socket.close()
    await server.restart(() => held.open())
    client = await server.ownerClient()
    socket = await watch()
    const chat = await waitFor('both labels', async () => {
      const now = await getChat(client, id)
      return now.last_turn_summary === null ? undefined : now
    })
    expect(chat).toMatchObject({ title: 'Survived a restart', last_turn_summary: 'Said hello' })
  })

  it('is proposed, or made anew, when its owner asks', async () => {
    const other = await server.memberClient('linus')
    model.script({ text: 'Hello.' })
    model.scriptAsides({ text: 'First' }, { text: 'Greeted' })
    const { id } = await createChat(client, 'hello')
    await told(id, 'summary_change')
    const params = { params: { chat: id } }
    model.scriptAsides({ text: 'Proposed' })
    expect(await client.call(chatTitlesRoutes.propose, params)).toEqual({ title: 'Proposed' })
    expect((await getChat(client, id)).title).toBe('First')
    model.scriptAsides({ text: 'Made anew' })
    expect((await client.call(chatTitlesRoutes.regenerate, params)).title).toBe('Made anew')
    model.scriptAsides({ status: 429 })
    await expect(client.call(chatTitlesRoutes.regenerate, params)).rejects.toMatchObject({ status: 502 })
    await expect(client.call(chatTitlesRoutes.propose, params)).rejects.toMatchObject({ status: 502 })
    expect((await getChat(client, id)).title).toBe('Made anew')
    await expect(other.call(chatTitlesRoutes.propose, params)).rejects.toMatchObject({ status: 404 })
    // An administrator reads the chat, but its owner's credentials are not for them.
    model.script({ text: 'Hi.' })
    model.scriptAsides({ text: 'Of Linus' }, { text: 'Greeted' })
    const theirs = await createChat(other, 'hello')
    await expect(
      client.call(chatTitlesRoutes.propose, { params: { chat: theirs.id } }),
    ).rejects.toMatchObject({ status: 403 })
    await waitFor('the end', async () =>
      (await getChat(other, theirs.id)).last_turn_summary ? true : undefined,
    )
  })
})
