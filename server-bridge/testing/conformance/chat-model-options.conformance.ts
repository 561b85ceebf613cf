import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CoderClient } from '../../client/coder-client.ts'
import { aiProvidersRoutes, type AIProviderType } from '../../contract/ai-providers.ts'
import { chatMessagesRoutes } from '../../contract/chats-messages.ts'
import { chatModelsRoutes } from '../../contract/chats-models.ts'
import { chatIs, createChat, getChat, messagesOf, SCRIPTED_KEY } from '../chat-fixture.ts'
import { type ModelRequest, type ScriptedModel, startScriptedModel } from '../scripted-model.ts'
import { startTestServer, type TestServer } from '../start-server.ts'
import { waitFor } from '../wait-for.ts'

let server: TestServer
let model: ScriptedModel
let client: CoderClient
let count = 0

beforeAll(async () => {
  server = await startTestServer()
  model = await startScriptedModel()
  client = await server.ownerClient()
})
afterAll(async () => {
  await server.close()
  await model.close()
})

async function configure(type: AIProviderType, provider_options: object, name = 'scripted') {
  const isBedrock = type === 'bedrock'
  const provider = await client.call(aiProvidersRoutes.create, {
    body: {
      type,
      name: `with-options-${(count += 1)}`,
      enabled: true,
      base_url: model.url,
      api_keys: isBedrock ? [] : [SCRIPTED_KEY],
      ...(isBedrock
        ? {
            settings: {
              _type: 'bedrock',
              _version: 1,
              region: 'us-east-1',
              access_key: 'AKIA',
              access_key_secret: SCRIPTED_KEY,
            },
          }
        : {}),
    },
  })
  return await client.call(chatModelsRoutes.create, {
    body: {
      ai_provider_id: provider.id,
      model: name,
      context_limit: 200_000,
      model_config: { provider_options },
    },
  })
}

/** What the provider is asked in the first step of a chat; where the script has no such format, it refuses. */
async function asked(type: AIProviderType, options: object, name?: string): Promise<ModelRequest> {
  const config = await configure(type, options, name)
  const isScripted = !['google', 'bedrock'].includes(type)
  if (isScripted) model.script({ text: 'Done.' })
  const before = model.requests.length
  const asidesBefore = model.asides.length
  const chat = await createChat(client, 'hello', { model_config_id: config.id })
  await waitFor('the end of the turn', async () => {
    const { status } = await getChat(client, chat.id)
    return status === 'waiting' || status === 'error' ? true : undefined
  })
  const requests = [...model.requests.slice(before), ...model.asides.slice(asidesBefore)]
  const [request] = isScripted ? requests : requests.filter(({ path }) => /stream/i.test(path))
  if (request === undefined) throw new Error('The model was not asked.')
  return request
}

const text = (value: unknown): string => JSON.stringify(value)

describe('an option of a model arrives at', () => {
  it.each<[AIProviderType, object, object, string?]>([
    [
      'anthropic',
      { anthropic: { thinking: { budget_tokens: 2048 }, effort: 'low', disable_parallel_tool_use: true } },
      {
        thinking: { type: 'enabled', budget_tokens: 2048 },
        output_config: { effort: 'low' },
        tool_choice: { type: 'auto', disable_parallel_tool_use: true },
      },
    ],
    [
      'anthropic',
      { anthropic: { thinking_display: 'omitted', send_reasoning: false } },
      { thinking: { type: 'adaptive', display: 'omitted' } },
    ],
    [
      'anthropic',
      { anthropic: { thinking: { budget_tokens: 2048 }, thinking_display: 'summarized' } },
      { thinking: { type: 'enabled', budget_tokens: 2048, display: 'summarized' } },
    ],
    ['anthropic', { anthropic: { thinking: null, unheard_of: 1 }, openai: { store: true } }, {}],
    [
      'bedrock',
      { anthropic: { thinking: { budget_tokens: 1024 }, effort: 'max', disable_parallel_tool_use: true } },
      {
        additionalModelRequestFields: {
          thinking: { type: 'enabled', budget_tokens: 1024 },
          output_config: { effort: 'max' },
          tool_choice: { type: 'auto', disable_parallel_tool_use: true },
        },
      },
      'us.anthropic.claude-sonnet-4-20250514-v1:0',
    ],
    [
      'openai',
      {
        openai: {
          max_tool_calls: 3,
          parallel_tool_calls: false,
          reasoning_effort: 'high',
          reasoning_summary: 'detailed',
          max_completion_tokens: 1234,
          text_verbosity: 'low',
          store: true,
          prompt_cache_key: 'team',
          service_tier: 'scale',
        },
      },
      {
        max_tool_calls: 3,
        parallel_tool_calls: false,
        reasoning: { effort: 'high', summary: 'detailed' },
        max_output_tokens: 1234,
        text: { verbosity: 'low' },
        store: true,
        prompt_cache_key: 'team',
        service_tier: 'scale',
      },
    ],
    ['openai', {}, { store: false }],
    [
      'google',
      { google: { thinking_config: { thinking_budget: -1, include_thoughts: true } } },
      { generationConfig: { thinkingConfig: { thinkingBudget: -1, includeThoughts: true } } },
    ],
    ['openai-compat', { openaicompat: { reasoning_effort: 'minimal' } }, { reasoning_effort: 'minimal' }],
    ...(['openrouter', 'vercel'] as const).map((type): [AIProviderType, object, object] => [
      type,
      {
        [type]: {
          reasoning: { enabled: true, exclude: false, max_tokens: 2000, effort: 'xhigh' },
          parallel_tool_calls: false,
        },
      },
      {
        reasoning: { enabled: true, exclude: false, max_tokens: 2000, effort: 'xhigh' },
        parallel_tool_calls: false,
      },
    ]),
  ])('%s: %j', async (type, options, wire, name) => {
    const { body } = await asked(type, options, name)
    expect(body).toMatchObject(wire)
    expect(text(body)).not.toMatch(/unheard|web_search|googleSearch/i)
  })

  it.each<[AIProviderType, object, object]>([
    [
      'anthropic',
      { anthropic: { web_search_enabled: true, allowed_domains: ['a.example'], blocked_domains: [] } },
      { type: 'web_search_20250305', name: 'web_search', allowed_domains: ['a.example'] },
    ],
    [
      'anthropic',
      { anthropic: { web_search_enabled: true, blocked_domains: ['b.example'] } },
      { type: 'web_search_20250305', name: 'web_search', blocked_domains: ['b.example'] },
    ],
    [
      'openai',
      {
        openai: { web_search_enabled: true, search_context_size: 'high', allowed_domains: ['a.example'] },
      },
      { type: 'web_search', search_context_size: 'high', filters: { allowed_domains: ['a.example'] } },
    ],
  ])('%s as its own search: %j', async (type, options, tool) => {
    const { body } = await asked(type, options)
    const tools = body['tools'] as object[]
    expect(tools).toContainEqual(tool)
    expect(tools.length).toBeGreaterThan(1)
  })

  it.each([
    ['gemini-3-pro-preview', true],
    ['gemini-2.5-pro', false],
  ])('google as its own search where %s takes it beside the other tools', async (name, isTaken) => {
    const { body } = await asked('google', { google: { web_search_enabled: true } }, name)
    expect(text(body['tools']).includes('"googleSearch":{}')).toBe(isTaken)
    expect(text(body['tools'])).toContain('functionDeclarations')
  })
})

it.each<[object, string]>([
  [{ anthropic: { thinking: { budget_tokens: '2048' } } }, 'anthropic.thinking.budget_tokens'],
  [{ anthropic: { thinking: { budget_tokens: 1023 } } }, 'anthropic.thinking.budget_tokens'],
  [{ anthropic: { effort: 'huge' } }, 'anthropic.effort'],
  [{ anthropic: { allowed_domains: ['a'], blocked_domains: ['b'] } }, 'anthropic.blocked_domains'],
  [{ openai: { store: 'yes' } }, 'openai.store'],
  [{ openai: { service_tier: 'best' } }, 'openai.service_tier'],
  [{ google: { thinking_config: { thinking_budget: 1.5 } } }, 'google.thinking_config.thinking_budget'],
  [{ openaicompat: { reasoning_effort: 3 } }, 'openaicompat.reasoning_effort'],
  [{ openrouter: { reasoning: 'high' } }, 'openrouter.reasoning'],
  [{ vercel: { reasoning: { max_tokens: 0 } } }, 'vercel.reasoning.max_tokens'],
])('%j is refused when it is saved', async (options, name) => {
  const good = await configure('anthropic', {})
  for (const save of [
    () => configure('openai', options),
    () =>
      client.call(chatModelsRoutes.update, {
        params: { modelconfig: good.id },
        body: { model_config: { provider_options: options } },
      }),
  ])
    await expect(save()).rejects.toMatchObject({
      status: 400,
      message: expect.stringContaining(`provider_options.${name}`) as unknown,
    })
})

describe('a search of the provider', () => {
  it('is shown with its sources, and given back as the provider wants it', async () => {
    const config = await configure('anthropic', { anthropic: { web_search_enabled: true } })
    model.script(
      { text: 'Searching. ', search: { query: 'news', url: 'https://a.example/', title: 'A' } },
      { text: 'As I said.' },
    )
    const chat = await createChat(client, 'what is new', { model_config_id: config.id })
    await chatIs(client, chat.id, 'waiting')
    const [, step] = await messagesOf(client, chat.id)
    expect(step?.content).toMatchObject([
      { type: 'text' },
      { type: 'tool-call', tool_name: 'web_search', provider_executed: true, args: { query: 'news' } },
      { type: 'tool-result', tool_name: 'web_search', provider_executed: true },
      { type: 'source', url: 'https://a.example/', title: 'A' },
    ])
    expect(text(step)).not.toContain('sealed')
    await client.call(chatMessagesRoutes.send, {
      params: { chat: chat.id },
      body: { content: [{ type: 'text', text: 'go on' }] },
    })
    await chatIs(client, chat.id, 'waiting')
    const body = text(model.requests.at(-1)?.body)
    expect(body).toMatch(/"type":"server_tool_use","id":"srvtoolu_[^"]*","name":"web_search"/)
    expect(body).toContain('"encrypted_content":"sealed"')
  })
})

describe('what a provider is to keep is marked', () => {
  it('for Anthropic: the instructions, the step before and this one', async () => {
    const config = await configure('anthropic', {})
    model.script({ text: 'One.' }, { text: 'Two.' })
    const chat = await createChat(client, 'first', { model_config_id: config.id, system_prompt: 'Be brief.' })
    await chatIs(client, chat.id, 'waiting')
    await client.call(chatMessagesRoutes.send, {
      params: { chat: chat.id },
      body: { content: [{ type: 'text', text: 'second' }] },
    })
    await chatIs(client, chat.id, 'waiting')
    const { system, messages } = model.requests.at(-1)?.body as {
      system: object[]
      messages: { content: object[] }[]
    }
    const mark = { cache_control: { type: 'ephemeral' } }
    expect(system.at(-1)).toMatchObject(mark)
    expect(messages.map(({ content }) => 'cache_control' in (content.at(-1) ?? {}))).toEqual([
      true,
      false,
      true,
    ])
  })

  it.each([
    ['us.anthropic.claude-sonnet-4-20250514-v1:0', true],
    ['anthropic.claude-3-haiku-20240307-v1:0', false],
    ['amazon.titan-text-express-v1', false],
  ])('for Bedrock where the model takes it: %s', async (name, isMarked) => {
    const { body } = await asked('bedrock', {}, name)
    expect(text(body['system']).includes('"cachePoint":{"type":"default"}')).toBe(isMarked)
    expect(text(body['messages']).includes('"cachePoint":{"type":"default"}')).toBe(isMarked)
  })
})
