import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { CoderClient } from '../../client/coder-client.ts'
import type { AIProviderType } from '../../contract/ai-providers.ts'
import { chatsRoutes } from '../../contract/chats.ts'
import { chatMessagesRoutes } from '../../contract/chats-messages.ts'
import {
  chatIs,
  configureModel,
  createChat,
  getChat,
  messagesOf,
  outline,
  readStream,
  SCRIPTED_KEY,
} from '../chat-fixture.ts'
import { createFakeClock } from '../fake-clock.ts'
import { type ScriptedModel, startScriptedModel } from '../scripted-model.ts'
import { startTestServer, type TestServer } from '../start-server.ts'
import { waitFor } from '../wait-for.ts'

let server: TestServer
let model: ScriptedModel
let client: CoderClient
const anthropic: { id: string } = { id: '' }

beforeAll(async () => {
  server = await startTestServer({
    chats: {
      timings: { retryBaseMs: 5, retryCapMs: 10, maxAttempts: 4 },
      limits: { steps: 3, costMicros: 1_000_000 },
    },
  })
  model = await startScriptedModel()
  client = await server.ownerClient()
  anthropic.id = (await configureModel(client, model)).id
})
afterEach(() => {
  expect(model.left()).toBe(0)
})
afterAll(async () => {
  await server.close()
  await model.close()
})

const text = (words: string) => ({ content: [{ type: 'text' as const, text: words }] })
const send = (id: string, words: string, more: object = {}) =>
  client.call(chatMessagesRoutes.send, { params: { chat: id }, body: { ...text(words), ...more } })
const interrupt = (id: string) => client.call(chatsRoutes.interrupt, { params: { chat: id } })
const queueOf = async (id: string) =>
  (await client.call(chatMessagesRoutes.list, { params: { chat: id }, query: {} })).queued_messages
/** A promise and what fulfils it. */
function gate(): { readonly opened: Promise<void>; open(): void } {
  let open = (): void => undefined
  const opened = new Promise<void>((resolve) => (open = resolve))
  return { opened, open: () => open() }
}
const clientTool = { name: 'ask_client', description: 'x', input_schema: { type: 'object', properties: {} } }

describe('a turn, by the wire format of', () => {
  it.each<[AIProviderType, RegExp]>([
    ['anthropic', /\/v1\/messages$/],
    ['openai', /\/v1\/responses$/],
    ['openai-compat', /\/v1\/chat\/completions$/],
  ])('%s, streams, calls, and counts its tokens and cost', async (type, path) => {
    const cost = {
      input_price_per_million_tokens: '3',
      output_price_per_million_tokens: '15.5',
      cache_read_price_per_million_tokens: '0.3',
    }
    const config = await configureModel(client, model, {
      type,
      config: { display_name: type, model_config: { cost } },
    })
    // Else it may be over before anybody watches.
    const held = gate()
    model.script(
      {
        text: 'Let me ask. ',
        calls: [{ name: 'ask_client', args: { question: 'who?' } }],
        usage: { input: 100, output: 20, cacheRead: 7 },
        hold: held.opened,
      },
      { text: 'It is Ada.' },
    )
    const chat = await createChat(client, 'who is it', {
      model_config_id: config.id,
      unsafe_dynamic_tools: [clientTool],
    })
    const stream = await readStream(client, chat.id)
    held.open()
    await chatIs(client, chat.id, 'requires_action')
    await stream.until('the call', (events) => events.some((event) => event.type === 'action_required'))
    const [call] = stream.events.find((event) => event.action_required)?.action_required?.tool_calls ?? []
    expect(call).toMatchObject({ tool_name: 'ask_client', args: '{"question":"who?"}' })
    const results = (ids: string[]) =>
      client.call(chatsRoutes.toolResults, {
        params: { chat: chat.id },
        body: { results: ids.map((tool_call_id) => ({ tool_call_id, output: 'Ada' })) },
      })
    await expect(results([])).rejects.toMatchObject({ status: 400 })
    await results([call?.tool_call_id ?? ''])
    await chatIs(client, chat.id, 'waiting')
    const messages = await messagesOf(client, chat.id)
    expect(outline(messages)).toEqual([
      'user: who is it',
      'assistant: Let me ask.  | ask_client',
      'tool: ask_client',
      'assistant: It is Ada.',
    ])
    expect(messages[1]?.usage).toMatchObject({
      input_tokens: 100,
      output_tokens: 20,
      cache_read_tokens: 7,
      total_tokens: 127,
    })
    // 100 × 3 + 20 × 15.5 + 7 × 0.3 = 612.1, rounded up.
    const rows = server.deployment.services.chatStore.messages(chat.id)
    expect(rows.find((row) => row.id === messages[1]?.id)?.total_cost_micros).toBe(613)
    const asked = model.requests.slice(-2)
    expect(asked.every((request) => path.test(request.path))).toBe(true)
    expect(JSON.stringify(asked[1]?.body)).toContain('Ada')
    expect(JSON.stringify(asked[0]?.body['tools'])).toContain('ask_client')
    await stream.until(
      'the end',
      (events) => events.at(-1)?.type !== 'message_part' && stream.screen().length === 4,
    )
    const deltas = stream.events.flatMap((event) => event.message_part?.part.args_delta ?? [])
    expect(deltas.join('')).toBe('{"question":"who?"}')
    expect(stream.screen()).toEqual(messages)
    await stream.close()
  })

  it('anthropic, gives thoughts back signed', async () => {
    model.script(
      { thinking: 'hmm, so', text: 'one', calls: [{ name: 'ask_client', args: {} }] },
      { text: 'two' },
    )
    const chat = await createChat(client, 'think', {
      model_config_id: anthropic.id,
      unsafe_dynamic_tools: [clientTool],
    })
    await chatIs(client, chat.id, 'requires_action')
    await interrupt(chat.id)
    await chatIs(client, chat.id, 'waiting')
    const body = JSON.stringify(model.requests.at(-1)?.body)
    expect(body).toMatch(/"thinking":"hmm, so","signature":"signed-\d+"/)
    expect(body).toContain('cancelled')
    const [, step] = await messagesOf(client, chat.id)
    expect(step?.content?.[0]).toMatchObject({ type: 'reasoning', text: 'hmm, so' })
    expect(JSON.stringify(step)).not.toContain('signed-')
  })
})

describe('a stream', () => {
  it('that is left and taken up again loses nothing and repeats nothing', async () => {
    const held = gate()
    model.script({ text: 'one two three four five six', hold: held.opened })
    const chat = await createChat(client, 'count')
    const first = await readStream(client, chat.id)
    await first.until('some of it', () => first.preview().startsWith('one two'))
    const seen = first.preview()
    const messages = first.screen()
    await first.close()
    const second = await readStream(client, chat.id, messages.at(-1)?.id)
    await second.until('the same again', () => second.preview() === seen)
    expect(second.screen()).toEqual([])
    held.open()
    await second.until('the end', () => second.screen().length === 1)
    expect(second.screen()[0]?.content?.[0]?.text).toBe('one two three four five six')
    expect(second.preview()).toBe('')
    await second.close()
    const third = await readStream(client, chat.id, second.screen()[0]?.id)
    await third.until('the state', (events) => events.some(({ type }) => type === 'preview_reset'))
    expect(third.events.map(({ type }) => type)).toEqual(['status', 'preview_reset'])
    await third.close()
  })
})

describe('what comes while a turn runs', () => {
  it('waits in order, and can be taken back and moved ahead', async () => {
    const held = gate()
    model.script(
      { text: 'first part of it', hold: held.opened },
      { text: 'answer to c' },
      { text: 'answer to a' },
    )
    const chat = await createChat(client, 'start')
    const stream = await readStream(client, chat.id)
    await stream.until('words', () => stream.preview() === 'first part of ')
    const [a, b, c] = [await send(chat.id, 'a'), await send(chat.id, 'b'), await send(chat.id, 'c')].map(
      (sent) => sent.queued_message?.id ?? 0,
    )
    const params = (id = 0) => ({ params: { chat: chat.id, queuedmessage: String(id) } })
    await client.call(chatMessagesRoutes.deleteQueued, params(b))
    expect((await queueOf(chat.id)).map(({ id }) => id)).toEqual([a, c])
    // Moved ahead, it has the running turn stop.
    expect(await client.call(chatMessagesRoutes.promoteQueued, params(c))).toEqual({})
    await chatIs(client, chat.id, 'waiting')
    held.open()
    expect(outline(await messagesOf(client, chat.id))).toEqual([
      'user: start',
      'assistant: first part of ',
      'user: c',
      'assistant: answer to c',
      'user: a',
      'assistant: answer to a',
    ])
    await expect(client.call(chatMessagesRoutes.deleteQueued, params(b))).rejects.toMatchObject({
      status: 404,
    })
    const queues = stream.events.filter(({ type }) => type === 'queue_update')
    expect(queues.map((event) => event.queued_messages?.length ?? 0)).toEqual([1, 2, 3, 2, 2, 1, 0])
    await stream.close()
  })

  it('is refused beyond twenty', async () => {
    const held = gate()
    model.script({ text: 'a b', hold: held.opened })
    const chat = await createChat(client, 'full')
    for (let number = 0; number < 20; number += 1) await send(chat.id, `m${number}`)
    await expect(send(chat.id, 'one more')).rejects.toMatchObject({ status: 429 })
    model.script({ text: 'edited' })
    const [first] = await messagesOf(client, chat.id)
    await client.call(chatMessagesRoutes.edit, {
      params: { chat: chat.id, message: String(first?.id) },
      body: text('over again'),
    })
    await chatIs(client, chat.id, 'waiting')
    held.open()
    expect(await queueOf(chat.id)).toEqual([])
    expect(outline(await messagesOf(client, chat.id))).toEqual(['user: over again', 'assistant: edited'])
  })

  it('can interrupt it: what was said stays, and the message is next', async () => {
    const held = gate()
    model.script({ text: 'going on and on', hold: held.opened }, { text: 'done' })
    const chat = await createChat(client, 'long')
    const stream = await readStream(client, chat.id)
    await stream.until('words', () => stream.preview() === 'going on and ')
    await send(chat.id, 'stop, do this', { busy_behavior: 'interrupt' })
    await chatIs(client, chat.id, 'waiting')
    held.open()
    expect(outline(await messagesOf(client, chat.id))).toEqual([
      'user: long',
      'assistant: going on and ',
      'user: stop, do this',
      'assistant: done',
    ])
    await stream.close()
    await expect(interrupt(chat.id)).rejects.toMatchObject({ status: 409 })
  })
})

describe('a model that fails', () => {
  it.each([
    [
      'is overloaded',
      { status: 529, body: { error: { type: 'overloaded_error', message: 'Overloaded' } } },
      'overloaded',
    ],
    [
      'limits the rate',
      { status: 429, headers: { 'retry-after-ms': '20' }, body: { error: { message: 'slow down' } } },
      'rate_limit',
    ],
    ['breaks', { status: 500, body: { error: { message: 'oops' } } }, 'generic'],
    ['is cut off', { text: 'one two three four', ends: 'cut' as const }, 'timeout'],
    ['ends early', { text: 'one two three four', ends: 'early' as const }, 'timeout'],
    [
      'says so in its stream',
      { text: 'a b', streamError: { type: 'overloaded_error', message: 'Overloaded' } },
      'overloaded',
    ],
  ])('for a moment since it %s is asked again', async (_, step, kind) => {
    model.script({ text: 'ready' }, step, { text: 'now it works' })
    const chat = await createChat(client, 'are you')
    await chatIs(client, chat.id, 'waiting')
    const stream = await readStream(client, chat.id)
    await send(chat.id, 'try')
    await stream.until('the answer', () => stream.screen().length === 4)
    expect(stream.events.find(({ type }) => type === 'retry')?.retry).toMatchObject({ attempt: 1, kind })
    expect(outline(stream.screen()).slice(2)).toEqual(['user: try', 'assistant: now it works'])
    await chatIs(client, chat.id, 'waiting')
    await stream.close()
  })

  it.each<[AIProviderType, string | undefined]>([
    ['anthropic', undefined],
    ['openai', 'one two three four'],
    ['openai', undefined],
    ['openai-compat', 'one two three four'],
  ])('by the format of %s whose stream just ends, having said %s, is asked again', async (type, said) => {
    const config = await configureModel(client, model, { type, config: { display_name: `${type} ends` } })
    model.script({ ...(said === undefined ? {} : { text: said }), ends: 'early' }, { text: 'now it works' })
    const chat = await createChat(client, 'try', { model_config_id: config.id })
    await chatIs(client, chat.id, 'waiting')
    expect(outline(await messagesOf(client, chat.id))).toEqual(['user: try', 'assistant: now it works'])
  })

  it.each([
    ['the key', { status: 401, body: { error: { message: `invalid x-api-key ${SCRIPTED_KEY}` } } }, 'auth'],
    ['the request', { status: 400, body: { error: { message: 'bad model' } } }, 'config'],
    [
      'the bill',
      { status: 400, body: { error: { message: 'Your credit balance is too low' } } },
      'usage_limit',
    ],
  ])('since it refuses %s ends the turn, until somebody sends again', async (_, step, kind) => {
    model.script(step)
    const chat = await createChat(client, 'try')
    const failed = await chatIs(client, chat.id, 'error')
    expect(failed.last_error).toMatchObject({ kind, retryable: false, status_code: step.status })
    expect(JSON.stringify(failed)).not.toContain(SCRIPTED_KEY)
    model.script({ text: 'fine' })
    await send(chat.id, 'again')
    expect((await chatIs(client, chat.id, 'waiting')).last_error).toBeUndefined()
  })

  it('for ever is given up', async () => {
    model.script(...Array.from({ length: 4 }, () => ({ status: 503 })))
    const chat = await createChat(client, 'try')
    expect((await chatIs(client, chat.id, 'error')).last_error).toMatchObject({
      kind: 'timeout',
      retryable: true,
    })
  })

  it('to write its call is told so', async () => {
    model.script({ calls: [{ name: 'ask_client', args: '{"question": ' }] }, { text: 'sorry' })
    const chat = await createChat(client, 'call', { unsafe_dynamic_tools: [clientTool] })
    await chatIs(client, chat.id, 'waiting')
    const [, , result] = await messagesOf(client, chat.id)
    expect(result?.content?.[0]).toMatchObject({ type: 'tool-result', is_error: true })
    expect(outline(await messagesOf(client, chat.id)).at(-1)).toBe('assistant: sorry')
  })

  it('to stop calling is stopped', async () => {
    model.script(...Array.from({ length: 3 }, () => ({ calls: [{ name: 'nothing', args: {} }] })))
    const chat = await createChat(client, 'circles')
    const { last_error: error } = await chatIs(client, chat.id, 'error')
    expect(error?.kind).toBe('usage_limit')
    expect(error?.message).toContain('3 steps')
    expect(outline(await messagesOf(client, chat.id))).toHaveLength(7)
  })

  it('to be cheap is stopped', async () => {
    const cost = { output_price_per_million_tokens: '1000000' }
    const config = await configureModel(client, model, { config: { model_config: { cost } } })
    model.script({ calls: [{ name: 'nothing', args: {} }], usage: { input: 1, output: 2 } })
    const chat = await createChat(client, 'dear', { model_config_id: config.id })
    expect((await chatIs(client, chat.id, 'error')).last_error?.message).toContain('1.00 USD')
  })
})

describe('a server that ends in the middle of a turn', () => {
  it('goes on from the last step that was stored when it starts again', async () => {
    const held = gate()
    model.script(
      { calls: [{ name: 'nothing', args: {} }] },
      { text: 'never heard to its end', hold: held.opened },
    )
    const chat = await createChat(client, 'survive')
    await waitFor('the second step', () => (model.left() === 0 ? true : undefined))
    model.script({ text: 'here I am again' })
    await server.restart()
    held.open()
    client = await server.ownerClient()
    await chatIs(client, chat.id, 'waiting')
    expect(outline(await messagesOf(client, chat.id))).toEqual([
      'user: survive',
      'assistant: nothing',
      'tool: nothing',
      'assistant: here I am again',
    ])
    expect((await getChat(client, chat.id)).last_error).toBeUndefined()
  })
})

describe('what takes too long', () => {
  const clock = createFakeClock(Date.now())
  let slow: TestServer
  let caller: CoderClient
  beforeAll(async () => {
    slow = await startTestServer({ clock })
    caller = await slow.ownerClient()
    await configureModel(caller, model)
  })
  afterAll(() => slow.close())

  it('of a client is cancelled after five minutes', async () => {
    model.script({ calls: [{ name: 'ask_client', args: {} }] }, { text: 'without you then' })
    const chat = await createChat(caller, 'ask', { unsafe_dynamic_tools: [clientTool] })
    await chatIs(caller, chat.id, 'requires_action')
    clock.advance(5 * 60_000 - 1)
    expect((await getChat(caller, chat.id)).status).toBe('requires_action')
    clock.advance(1)
    await chatIs(caller, chat.id, 'waiting')
    const [, , result] = await messagesOf(caller, chat.id)
    expect(result?.content?.[0]).toMatchObject({
      is_error: true,
      result: { error: 'The call was cancelled.' },
    })
  })

  it('of a model that says nothing more is tried again', async () => {
    const held = gate()
    model.script({ text: 'first part of it', hold: held.opened }, { text: 'all of it' })
    const chat = await createChat(caller, 'hello')
    const stream = await readStream(caller, chat.id)
    await stream.until('words', () => stream.preview() === 'first part of ')
    await stream.close()
    clock.advance(10 * 60_000)
    const { chatStore } = slow.deployment.services
    await waitFor('the failure', () => chatStore.find(chat.id)?.retry ?? undefined)
    const later = await readStream(caller, chat.id)
    await later.until('the state', (events) => events.some(({ type }) => type === 'preview_reset'))
    const retry = later.events.find(({ type }) => type === 'retry')?.retry
    expect(retry).toMatchObject({ attempt: 1, delay_ms: 1000, kind: 'stream_silence_timeout' })
    clock.advance(1000)
    await chatIs(caller, chat.id, 'waiting')
    held.open()
    expect(outline(await messagesOf(caller, chat.id))).toEqual(['user: hello', 'assistant: all of it'])
    await later.close()
  })
})
