import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { CoderClient } from '../../client/coder-client.ts'
import { chatCostRoutes } from '../../contract/chats-cost.ts'
import { chatsRoutes } from '../../contract/chats.ts'
import { chatMessagesRoutes } from '../../contract/chats-messages.ts'
import { chatTitlesRoutes } from '../../contract/chats-titles.ts'
import { chatIs, configureModel, createChat, messagesOf, outline, readStream } from '../chat-fixture.ts'
import { type ScriptedModel, startScriptedModel } from '../scripted-model.ts'
import type { ScriptedAnswer } from '../scripted-model-formats.ts'
import { startTestServer, type TestServer } from '../start-server.ts'

let server: TestServer
let model: ScriptedModel
let client: CoderClient

beforeAll(async () => {
  server = await startTestServer({
    chats: { timings: { retryBaseMs: 5, retryCapMs: 10, maxAttempts: 3 }, limits: { steps: 6 } },
  })
  model = await startScriptedModel()
  client = await server.ownerClient()
  await configureModel(client, model, { config: { context_limit: 1000, compression_threshold: 60 } })
})
afterEach(() => {
  expect(model.left()).toBe(0)
})
afterAll(async () => {
  await server.close()
  await model.close()
})

const tool = { name: 'nothing', args: {} }
const full = { usage: { input: 590, output: 20 } } satisfies Partial<ScriptedAnswer>
const send = (id: string, text: string) =>
  client.call(chatMessagesRoutes.send, { params: { chat: id }, body: { content: [{ type: 'text', text }] } })
const lastBody = (): string => JSON.stringify(model.requests.at(-1)?.body)

describe('a chat whose context is nearly full', () => {
  it('is summarised before the model is asked again; people still see all of it', async () => {
    model.script({ text: 'The answer is 42.', ...full })
    const { id } = await createChat(client, 'what is the answer')
    await chatIs(client, id, 'waiting')
    const stream = await readStream(client, id)
    model.script(
      { text: 'They asked; it is 42.', usage: { input: 300, output: 9 } },
      { text: 'Because of six by nine.' },
    )
    await send(id, 'and why')
    await chatIs(client, id, 'waiting')
    const messages = await messagesOf(client, id)
    expect(outline(messages)).toEqual([
      'user: what is the answer',
      'assistant: The answer is 42.',
      'user: and why',
      'assistant: chat_summarized',
      'tool: chat_summarized',
      'assistant: Because of six by nine.',
    ])
    expect(messages[4]?.content?.[0]?.result).toEqual({
      summary: 'They asked; it is 42.',
      source: 'automatic',
      threshold_percent: 60,
      usage_percent: 61,
      context_tokens: 610,
      context_limit_tokens: 1000,
    })
    expect(messages[3]?.content?.[0]).toMatchObject({
      type: 'tool-call',
      tool_call_id: messages[4]?.content?.[0]?.tool_call_id,
      args: { source: 'automatic', threshold_percent: 60 },
    })
    const [asked, answered] = model.requests.slice(-2).map(({ body }) => JSON.stringify(body))
    expect(asked).toContain('User: what is the answer')
    expect(asked).not.toContain('and why')
    expect(answered).toContain('They asked; it is 42.')
    expect(answered).toContain('and why')
    expect(answered).not.toContain('The answer is 42.')
    expect(answered).not.toContain('chat_summarized')
    await stream.until('all of it', () => stream.screen().length === 6)
    expect(stream.screen()).toEqual(messages)
    expect(stream.events.some(({ type }) => type === 'history_reset')).toBe(false)
    await stream.close()

    // An edit takes the summary back, and what it stood for is told again: here to the one who sums it up anew.
    model.script({ text: 'They asked; 42 again.' }, { text: 'I am sure.' })
    await client.call(chatMessagesRoutes.edit, {
      params: { chat: id, message: String(messages[2]?.id) },
      body: { content: [{ type: 'text', text: 'are you sure' }] },
    })
    await chatIs(client, id, 'waiting')
    expect(JSON.stringify(model.requests.at(-2)?.body)).toContain('The answer is 42.')
    expect(lastBody()).not.toContain('it is 42.')
    expect(outline(await messagesOf(client, id)).slice(1)).toEqual([
      'assistant: The answer is 42.',
      'user: are you sure',
      'assistant: chat_summarized',
      'tool: chat_summarized',
      'assistant: I am sure.',
    ])
  })

  it('in the middle of a turn is summarised with its calls and results together', async () => {
    model.script(
      { text: 'First.', calls: [tool, tool], ...full },
      { text: 'Two calls were made.' },
      { text: 'Done.' },
    )
    const { id } = await createChat(client, 'do two things')
    await chatIs(client, id, 'waiting')
    expect(outline(await messagesOf(client, id))).toEqual([
      'user: do two things',
      'assistant: First. | nothing | nothing',
      'tool: nothing',
      'tool: nothing',
      'assistant: chat_summarized',
      'tool: chat_summarized',
      'assistant: Done.',
    ])
    const asked = JSON.stringify(model.requests.at(-2)?.body)
    expect(asked).toContain('Tool call nothing')
    expect(asked).toContain('Tool result of nothing')
    expect(lastBody()).not.toContain('tool_use')
    // What is being worked on is told word for word.
    expect(lastBody()).toContain('do two things')
  })

  it('that a summary does not help is not summarised again and again', async () => {
    model.script(
      { calls: [tool], ...full },
      { text: 'A summary.' },
      { calls: [tool], ...full },
      { calls: [tool], ...full },
      { text: 'A second summary.' },
      { text: 'Done.', ...full },
    )
    const { id } = await createChat(client, 'go on')
    await chatIs(client, id, 'waiting')
    const words = outline(await messagesOf(client, id))
    expect(words.filter((line) => line === 'tool: chat_summarized')).toHaveLength(2)
    expect(lastBody()).toContain('A second summary.')
    expect(lastBody()).not.toContain('A summary.')
  })

  it('whose summary fails says so, and goes on with the next message', async () => {
    model.script({ text: 'Hello.', ...full })
    const { id } = await createChat(client, 'hello')
    await chatIs(client, id, 'waiting')
    model.script({ status: 400, body: { error: { type: 'invalid_request_error', message: 'no' } } })
    await send(id, 'once more')
    const failed = await chatIs(client, id, 'error')
    expect(failed.last_error).toMatchObject({
      kind: 'config',
      message: expect.stringMatching(/^What was said could not be summarised/) as string,
    })
    // A model that is overloaded is asked again, as in every step.
    model.script({ status: 529 }, { text: 'They greeted.' }, { text: 'Here I am.' })
    await send(id, 'again')
    await chatIs(client, id, 'waiting')
    expect(outline(await messagesOf(client, id)).at(-1)).toBe('assistant: Here I am.')
    expect(lastBody()).toContain('once more')
  })

  it('whose model gives no summary has cost something all the same', async () => {
    const requests = async (chat: string) =>
      (await client.call(chatCostRoutes.chat, { params: { chat } })).request_count
    model.script({ text: 'Hello.', ...full })
    const { id } = await createChat(client, 'hello')
    await chatIs(client, id, 'waiting')
    const before = await requests(id)
    model.script({ text: ' ', ...full })
    await send(id, 'once more')
    await chatIs(client, id, 'error')
    expect(await requests(id)).toBe(before + 1)
  })
})

describe('a summary that its owner asks for', () => {
  const compact = (id: string) => client.call(chatTitlesRoutes.compact, { params: { chat: id } })

  it('is made at once, and the chat rests again', async () => {
    model.script({ text: 'Hello.' })
    const { id } = await createChat(client, 'hello')
    await chatIs(client, id, 'waiting')
    model.script({ text: 'They greeted each other.' })
    expect((await compact(id)).status).toBe('running')
    await chatIs(client, id, 'waiting')
    const messages = await messagesOf(client, id)
    expect(outline(messages)).toEqual([
      'user: hello',
      'assistant: Hello.',
      'assistant: chat_summarized',
      'tool: chat_summarized',
    ])
    expect(messages[3]?.content?.[0]?.result).toMatchObject({ source: 'manual', usage_percent: 2 })
    model.script({ text: 'Fine.' })
    await send(id, 'how are you')
    await chatIs(client, id, 'waiting')
    expect(lastBody()).toContain('They greeted each other.')
    expect(lastBody()).not.toContain('Hello.')
  })

  it('shows that it is made, also to who comes meanwhile, and can be stopped', async () => {
    model.script({ text: 'Hello.' })
    const { id } = await createChat(client, 'hello')
    await chatIs(client, id, 'waiting')
    const stream = await readStream(client, id)
    const call = { type: 'tool-call', tool_name: 'chat_summarized', args: { source: 'manual' } }
    const isShown = ({ events }: { readonly events: typeof stream.events }) =>
      events.some(({ message_part: said }) => said?.part.tool_name === 'chat_summarized')
    let open = (): void => undefined
    model.script({ text: 'never read', hold: new Promise<void>((resolve) => (open = resolve)) })
    await compact(id)
    await stream.until('the call', () => isShown(stream))
    const late = await readStream(client, id)
    await late.until('the call', () => isShown(late))
    const [shown] = late.events.flatMap(({ message_part: said }) => said ?? [])
    expect(shown).toMatchObject({ role: 'assistant', seq: 1, part: call })
    await late.close()
    await client.call(chatsRoutes.interrupt, { params: { chat: id } })
    await chatIs(client, id, 'waiting')
    open()
    expect(outline(await messagesOf(client, id))).toEqual(['user: hello', 'assistant: Hello.'])

    // Asked again after a failure it is the same call, and so is the one that is stored.
    model.script({ status: 529 }, { text: 'They greeted each other.' })
    const before = stream.events.length
    await compact(id)
    await chatIs(client, id, 'waiting')
    await stream.until('the summary', () => stream.screen().length === 4)
    const said = stream.events.slice(before).flatMap(({ message_part: part }) => part?.part ?? [])
    const stored = (await messagesOf(client, id))[2]?.content?.[0]
    expect(said.length).toBeGreaterThan(0)
    expect(new Set(said.map((part) => part.tool_call_id))).toEqual(new Set([stored?.tool_call_id]))
    await stream.close()
  })

  it('has to have something to stand for, and waits for nobody', async () => {
    let open = (): void => undefined
    model.script({ text: 'one two', hold: new Promise<void>((resolve) => (open = resolve)) })
    const { id } = await createChat(client, 'hello')
    await expect(compact(id)).rejects.toMatchObject({ status: 409 })
    const other = await server.memberClient('linus')
    await expect(other.call(chatTitlesRoutes.compact, { params: { chat: id } })).rejects.toMatchObject({
      status: 404,
    })
    open()
    await chatIs(client, id, 'waiting')
    await client.call(chatsRoutes.update, { params: { chat: id }, body: { archived: true } })
    await expect(compact(id)).rejects.toMatchObject({ status: 400 })
  })
})
