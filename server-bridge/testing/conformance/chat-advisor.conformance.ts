/** The advisor: another model that agents ask what to do next, and what an administrator sets for it. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { CoderClient } from '../../client/coder-client.ts'
import { chatAdvisorRoutes, type UpdateAdvisorConfigRequest } from '../../contract/chats-advisor.ts'
import { chatApprovalsRoutes } from '../../contract/chats-approvals.ts'
import { chatCostRoutes } from '../../contract/chats-cost.ts'
import { chatDebugConfigRoutes, chatDebugRoutes } from '../../contract/chats-debug.ts'
import { chatMessagesRoutes, type ChatMessagePart } from '../../contract/chats-messages.ts'
import { chatModelsRoutes } from '../../contract/chats-models.ts'
import { chatsRoutes, type CreateChatRequest } from '../../contract/chats.ts'
import { zeroUuid } from '../../contract/zero-values.ts'
import {
  chatIs,
  configureModel,
  createChat,
  getChat,
  messagesOf,
  outline,
  readStream,
  type StreamReader,
} from '../chat-fixture.ts'
import { type ScriptedModel, startScriptedModel } from '../scripted-model.ts'
import type { ScriptedAnswer } from '../scripted-model-formats.ts'
import { startTestServer, type TestServer } from '../start-server.ts'
import { waitFor } from '../wait-for.ts'

const prices = { input_price_per_million_tokens: '1', output_price_per_million_tokens: '10' }
/** 300 millionths of a USD, by those prices. */
const usage = { input: 100, output: 20 }
/** What a turn may cost, in millionths of a USD. */
const TURN_LIMIT = 5000

let server: TestServer
let model: ScriptedModel
let admin: CoderClient
let grace: CoderClient
let large: { readonly id: string }

beforeAll(async () => {
  server = await startTestServer({
    experiments: ['chat-advisor'],
    chats: { timings: { retryBaseMs: 5, retryCapMs: 10 }, limits: { costMicros: TURN_LIMIT } },
  })
  model = await startScriptedModel()
  admin = await server.ownerClient()
  grace = await server.memberClient('grace')
})
afterAll(async () => {
  await server.close()
  await model.close()
})
afterEach(() => {
  expect(model.left()).toBe(0)
})

const config = (client = grace) => client.call(chatAdvisorRoutes.get, {})
const setConfig = (body: Partial<UpdateAdvisorConfigRequest>, client = admin) =>
  client.call(chatAdvisorRoutes.update, { body: { max_uses_per_run: 3, max_output_tokens: 0, ...body } })
const text = (words: string) => ({ content: [{ type: 'text' as const, text: words }] })
const send = (chat: string, words: string) =>
  grace.call(chatMessagesRoutes.send, { params: { chat }, body: text(words) })
const asking = (question: string): ScriptedAnswer => ({ calls: [{ name: 'advisor', args: { question } }] })
const held = () => {
  let release = (): void => undefined
  const hold = new Promise<void>((resolve) => (release = resolve))
  return { hold, release: () => release() }
}

/** A chat of grace whose turn is over. */
async function ended(words: string, more: Partial<CreateChatRequest> = {}, status = 'waiting') {
  const { id } = await createChat(grace, words, more)
  await chatIs(grace, id, status)
  return id
}
const resultsOf = async (chat: string) =>
  (await messagesOf(grace, chat))
    .filter(({ role }) => role === 'tool')
    .flatMap(({ content }) => content ?? [])
    .map(({ result, is_error }) => ({ result: result as object, is_error }))
/** The pieces of advice that a stream has shown. */
const piecesOf = ({ events }: StreamReader): ChatMessagePart[] =>
  events.flatMap(({ message_part: shown }) =>
    shown?.part.result_delta !== undefined || shown?.part.result_reset === true ? [shown.part] : [],
  )
const shownBy = (stream: StreamReader): string =>
  piecesOf(stream).reduce((before, part) => (part.result_reset ? '' : before + (part.result_delta ?? '')), '')
const lastBody = () => model.requests.at(-1)?.body ?? {}

describe('the settings of the advisor', () => {
  it('say that nobody would answer while there is no model', async () => {
    expect(await config()).toEqual({
      enabled: false,
      max_uses_per_run: 3,
      max_output_tokens: 16_384,
      model_config_id: zeroUuid,
    })
    await configureModel(admin, model, { config: { model_config: { cost: prices } } })
    large = await configureModel(admin, model, {
      config: { model: 'large-2', display_name: 'Large', model_config: { cost: prices } },
    })
    expect(await config()).toMatchObject({ enabled: true })
  })

  it('are told to everybody, and set by administrators', async () => {
    await expect(setConfig({}, grace)).rejects.toMatchObject({ status: 403 })
    await setConfig({
      ...{ enabled: false, max_uses_per_run: 5, max_output_tokens: 2048 },
      ...{ model_config_id: large.id.toUpperCase(), reasoning_effort: 'high' },
    })
    expect(await config()).toEqual({
      // The experiment is the switch.
      enabled: true,
      ...{ max_uses_per_run: 5, max_output_tokens: 2048 },
      ...{ model_config_id: large.id, reasoning_effort: 'high' },
    })
    // What does not name the model leaves it; both ways to name none do.
    await setConfig({ max_uses_per_run: 0 })
    expect(await config()).toEqual({
      enabled: true,
      ...{ max_uses_per_run: 0, max_output_tokens: 0, model_config_id: large.id },
    })
    for (const none of ['', zeroUuid]) {
      await setConfig({ model_config_id: large.id })
      await setConfig({ model_config_id: none, reasoning_effort: 'high' })
      expect(await config()).toEqual({
        enabled: true,
        ...{ max_uses_per_run: 3, max_output_tokens: 0, model_config_id: zeroUuid },
      })
    }
  })

  it.each<[string, () => Partial<UpdateAdvisorConfigRequest>]>([
    ['fewer uses than none', () => ({ max_uses_per_run: -1 })],
    ['more uses than a turn has steps', () => ({ max_uses_per_run: 1201 })],
    ['fewer tokens than none', () => ({ max_output_tokens: -1 })],
    ['more tokens than any model has', () => ({ max_output_tokens: 1_000_001 })],
    ['a model that is not there', () => ({ model_config_id: '00000000-0000-4000-8000-00000000abcd' })],
    [
      'an effort that its provider does not know',
      () => ({ model_config_id: large.id, reasoning_effort: 'x' }),
    ],
  ])('are refused: %s', async (_, body) => {
    const before = await config()
    await expect(setConfig(body())).rejects.toMatchObject({ status: 400 })
    expect(await config()).toEqual(before)
  })
})

describe('advice', () => {
  beforeEach(() => setConfig({ model_config_id: large.id, reasoning_effort: '', max_output_tokens: 900 }))

  it('is asked of its model without tools, with the conversation, and is the result', async () => {
    model.script(asking('Is a cap of five enough?'), { text: 'Yes, with **jitter**.' }, { text: 'So be it.' })
    const chat = await ended('stop refund retries')
    const [, asked, after] = model.requests.slice(-3).map(({ body }) => body)
    expect(asked).toMatchObject({ model: 'large-2', max_tokens: 900 })
    expect(asked?.['tools']).toBeUndefined()
    const [message, ...others] = asked?.['messages'] as { role: string; content: { text: string }[] }[]
    expect(others).toEqual([])
    const said = message?.content.map((part) => part.text) ?? []
    expect(said.at(-1)).toMatch(/question of the agent:\n\nIs a cap of five enough\?$/)
    expect(said.at(-2)).toContain('User: stop refund retries')
    expect(said.at(-2)).not.toContain('cap of five')
    expect(JSON.stringify(asked?.['system'])).toContain('never an instruction to you')
    // The chat goes on with its own model, which knows the tool and hears the advice.
    expect(after).toMatchObject({ model: 'scripted' })
    expect(JSON.stringify(after?.['messages'])).toContain('with **jitter**')
    expect(await resultsOf(chat)).toMatchObject([
      {
        result: {
          type: 'advice',
          advice: 'Yes, with **jitter**.',
          advisor_model: expect.stringMatching(/^scripted-\d+\/large-2$/) as string,
          remaining_uses: 2,
        },
      },
    ])
    expect((await getChat(grace, chat)).last_model_config_id).not.toBe(large.id)
  })

  it('is shown while it is written, also to who comes in the middle, and is stored once', async () => {
    const gate = held()
    model.script(
      asking('how?'),
      { thinking: 'Not shown.', text: 'One two three four five six.', hold: gate.hold },
      { text: 'Done.' },
    )
    const { id } = await createChat(grace, 'watch it')
    const first = await readStream(grace, id)
    await first.until('a piece of advice', () => shownBy(first) !== '')
    const second = await readStream(grace, id)
    await second.until('the same', () => shownBy(second) === shownBy(first))
    expect(shownBy(first)).not.toContain('six')
    gate.release()
    await chatIs(grace, id, 'waiting')
    const whole = (stream: StreamReader) =>
      stream.until('the result', (events) =>
        events.some(({ message }) => message?.role === 'tool' && message.content?.[0]?.result !== undefined),
      )
    await Promise.all([whole(first), whole(second)])
    for (const stream of [first, second]) {
      expect(shownBy(stream)).toBe('One two three four five six.')
      expect(piecesOf(stream)[0]).toMatchObject({ type: 'tool-result', tool_name: 'advisor' })
      await stream.close()
    }
    const [part] = (await messagesOf(grace, id)).find(({ role }) => role === 'tool')?.content ?? []
    expect(part).not.toHaveProperty('result_delta')
  })

  it('that breaks off begins anew, and says so', async () => {
    model.script(
      asking('again?'),
      { text: 'A draft that breaks off in the middle', ends: 'cut' },
      { text: 'The advice.' },
      { text: 'Done.' },
    )
    const { id } = await createChat(grace, 'retry it')
    const stream = await readStream(grace, id)
    await stream.until('the result', (events) => events.some(({ message }) => message?.role === 'tool'))
    expect(piecesOf(stream).some((part) => part.result_reset === true)).toBe(true)
    expect(shownBy(stream)).toBe('The advice.')
    await stream.close()
    await chatIs(grace, id, 'waiting')
    expect(await resultsOf(id)).toMatchObject([{ result: { type: 'advice', remaining_uses: 2 } }])
  })

  it('that fails is an error, which is no use, and the turn goes on', async () => {
    const refusal = { status: 400, body: { type: 'error', error: { type: 'invalid_request_error' } } }
    model.script(
      asking('a?'),
      refusal,
      asking('b?'),
      { text: '' },
      asking('c?'),
      { text: 'Yes.' },
      { text: 'ok' },
    )
    const chat = await ended('fail it')
    expect(await resultsOf(chat)).toMatchObject([
      {
        result: {
          type: 'error',
          error: expect.stringContaining('refused the request') as string,
          remaining_uses: 3,
        },
        is_error: true,
      },
      { result: { type: 'error', error: 'The advisor said nothing.', remaining_uses: 3 }, is_error: true },
      { result: { type: 'advice', remaining_uses: 2 } },
    ])
  })

  it('is given so often in a turn, and again in the next', async () => {
    await setConfig({ max_uses_per_run: 1 })
    model.script(asking('a?'), { text: 'A.' }, asking('b?'), { text: 'ok' })
    const chat = await ended('ask often')
    model.script(asking('c?'), { text: 'C.' }, { text: 'ok' })
    await send(chat, 'go on')
    await waitFor('the second turn', async () => ((await resultsOf(chat)).length === 3 ? true : undefined))
    await chatIs(grace, chat, 'waiting')
    expect((await resultsOf(chat)).map(({ result }) => result)).toMatchObject([
      { type: 'advice', remaining_uses: 0 },
      { type: 'limit_reached', remaining_uses: 0 },
      { type: 'advice', remaining_uses: 0 },
    ])
  })

  it('ends with the turn', async () => {
    const gate = held()
    model.script(asking('how?'), { text: 'One two three four.', hold: gate.hold })
    const { id } = await createChat(grace, 'stop it')
    const stream = await readStream(grace, id)
    await stream.until('a piece of advice', () => shownBy(stream) !== '')
    await grace.call(chatsRoutes.interrupt, { params: { chat: id } })
    await chatIs(grace, id, 'waiting')
    await waitFor('the end of the call', () => (model.underWay().length === 0 ? true : undefined))
    gate.release()
    await stream.close()
    const [result] = await resultsOf(id)
    expect(result).toMatchObject({ is_error: true, result: { error: expect.any(String) as string } })
    expect(await resultsOf(id)).toHaveLength(1)
  })

  it('is of the chat’s own model where none is chosen, or the chosen one is switched off', async () => {
    const enable = (enabled: boolean) =>
      admin.call(chatModelsRoutes.update, { params: { modelconfig: large.id }, body: { enabled } })
    await enable(false)
    model.script(asking('who?'), { text: 'Me.' }, { text: 'ok' })
    const chat = await ended('ask yourself')
    await enable(true)
    expect(await resultsOf(chat)).toMatchObject([
      { result: { advisor_model: expect.stringMatching(/\/scripted$/) as string } },
    ])
  })

  it('thinks as hard as it is set', async () => {
    await setConfig({ model_config_id: large.id, reasoning_effort: 'low', max_output_tokens: 0 })
    model.script(asking('how?'), { text: 'So.' }, { text: 'ok' })
    await ended('think')
    const asked = model.requests.at(-2)?.body
    expect(asked).toMatchObject({ output_config: { effort: 'low' }, max_tokens: 16_384 })
    expect(lastBody()).not.toHaveProperty('output_config')
  })
})

describe('what advice costs', () => {
  beforeEach(() => setConfig({ model_config_id: large.id, reasoning_effort: '', max_uses_per_run: 0 }))

  it('is of the chat and of the advisor’s model, and its limit holds for advice', async () => {
    model.script({ ...asking('a?'), usage }, { text: 'A.', usage }, { text: 'ok', usage })
    const chat = await ended('pay for it')
    const costs = await grace.call(chatCostRoutes.chat, { params: { chat } })
    expect(costs.total_cost_micros).toBe(900)
    const { by_model } = await waitFor('what is told up to now', async () => {
      const summary = await grace.call(chatCostRoutes.summary, { params: { user: 'me' }, query: {} })
      return summary.by_model.some(({ model_config_id: id }) => id === large.id) ? summary : undefined
    })
    expect(by_model.find(({ model_config_id: id }) => id === large.id)?.total_input_tokens).toBeGreaterThan(
      99,
    )
    const limit = (micros: number | null) =>
      admin.call(chatCostRoutes.updateLimits, {
        body: { spend_limit_micros: null, chat_spend_limit_micros: micros, period: 'month' },
      })
    // What the step costs that asks is more than is left.
    await limit(1100)
    model.script({ ...asking('b?'), usage })
    await send(chat, 'more')
    await chatIs(grace, chat, 'error')
    await limit(null)
    expect((await resultsOf(chat)).at(-1)).toMatchObject({
      is_error: true,
      result: { type: 'error', error: expect.stringContaining('limit') as string },
    })
  })

  it('counts for the limit of the turn', async () => {
    const dear = { input: 0, output: TURN_LIMIT / 10 }
    model.script({ ...asking('a?'), usage }, { text: 'A.', usage: dear })
    const chat = await ended('be dear', {}, 'error')
    expect((await getChat(grace, chat)).last_error?.message).toContain('limit of 0.01 USD')
    expect(await resultsOf(chat)).toMatchObject([{ result: { type: 'advice' } }])
  })
})

describe('who asks the advisor', () => {
  it('asks nothing else in that step: nothing of it runs, and nobody is asked about any of it', async () => {
    await grace.call(chatApprovalsRoutes.updateOwnPolicy, { body: { rules: [] } })
    const stop = { name: 'stop_workspace', args: {} }
    model.script({ calls: [...(asking('a?').calls ?? []), stop] }, { text: 'alone then' })
    const chat = await ended('ask and act')
    expect(await resultsOf(chat)).toMatchObject([
      { is_error: true, result: { error: expect.stringContaining('Nothing was run') as string } },
      { is_error: true, result: { error: expect.stringContaining('Nothing was run') as string } },
    ])
  })

  it('neither plans nor is a sub-agent', async () => {
    const toolsOf = (body: Record<string, unknown>) =>
      ((body['tools'] ?? []) as { name: string }[]).map(({ name }) => name)
    model.script({ text: 'hi' })
    await ended('hello')
    expect(toolsOf(lastBody())).toContain('advisor')
    model.script({ text: 'a plan' })
    await ended('plan it', { plan_mode: 'plan' })
    expect(toolsOf(lastBody())).not.toContain('advisor')
    model.answer(({ body }) =>
      JSON.stringify((body['messages'] as unknown[] | undefined)?.[0] ?? '').includes('only count')
        ? { text: 'counted' }
        : undefined,
    )
    const spawn = { name: 'spawn_agent', args: { type: 'general', prompt: 'only count', title: 'Count' } }
    model.script({ calls: [spawn] }, { text: 'begun' })
    const chat = await ended('delegate')
    const child = (await getChat(grace, chat)).children[0]?.id ?? ''
    await chatIs(grace, child, 'waiting')
    const asked = model.requests.find(({ body }) =>
      JSON.stringify((body['messages'] as unknown[])[0]).includes('only count'),
    )
    expect(toolsOf(asked?.body ?? {})).not.toContain('advisor')
  })

  it('finds it written down as a step of the turn, where that is on', async () => {
    await admin.call(chatDebugConfigRoutes.updateLogging, { body: { allow_users: true } })
    await grace.call(chatDebugConfigRoutes.updateOwnLogging, { body: { debug_logging_enabled: true } })
    await setConfig({ model_config_id: large.id, reasoning_effort: '' })
    model.script(
      asking('a?'),
      { text: 'A draft that breaks off in the middle', ends: 'cut' },
      { text: 'A.', usage },
      { text: 'ok' },
    )
    const chat = await ended('write it down')
    const turn = await waitFor('the run', async () => {
      const runs = await grace.call(chatDebugRoutes.runs, { params: { chat } })
      return runs.find(({ kind, status }) => kind === 'chat_turn' && status === 'completed')
    })
    const run = await grace.call(chatDebugRoutes.run, { params: { chat, run: turn.id } })
    expect(run.steps).toHaveLength(3)
    expect(run.steps[1]).toMatchObject({
      status: 'completed',
      normalized_request: { tools: [] },
      normalized_response: { content: [{ type: 'text', text: 'A.' }] },
      usage: { input_tokens: 100, output_tokens: 20 },
      attempts: [
        { number: 1, status: 'error' },
        { number: 2, status: 'completed' },
      ],
    })
    await grace.call(chatDebugConfigRoutes.updateOwnLogging, { body: { debug_logging_enabled: false } })
  })
})

it('is nobody while the experiment is off', async () => {
  const other = await startTestServer()
  try {
    const owner = await other.ownerClient()
    const off = { status: 403, message: expect.stringContaining('"chat-advisor"') as string }
    await expect(config(owner)).rejects.toMatchObject(off)
    await expect(setConfig({}, owner)).rejects.toMatchObject(off)
    await configureModel(owner, model)
    model.script(asking('a?'), { text: 'nobody' })
    const { id } = await createChat(owner, 'ask nobody')
    await chatIs(owner, id, 'waiting')
    const messages = await messagesOf(owner, id)
    expect(outline(messages).at(-1)).toBe('assistant: nobody')
    expect(JSON.stringify(messages)).toContain('There is no tool named')
  } finally {
    await other.close()
  }
})
