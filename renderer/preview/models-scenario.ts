import type { ToolRule } from '#bridge/contract/chats-approvals'
import { failure, type FakeBridge } from '../testing/fake-bridge.ts'
import {
  noTotals,
  sampleCost,
  sampleLimits,
  sampleModel,
  sampleOwnKey,
  sampleProvider,
} from '../testing/model-samples.ts'
import { sampleId, sampleMcpServer } from '../testing/wire-samples.ts'

const ago = (days: number): string => new Date(Date.now() - days * 86_400_000).toISOString()

/** Settings, Models and Agents: `member`, `no-models`, `stopped`, `loading`, `error` and `unsupported` beside the usual. */
export function answerModels(fake: FakeBridge, scenario: string): void {
  answerProviders(fake, scenario)
  answerKeys(fake, scenario)
  answerRules(fake, scenario)
  answerCosts(fake, scenario)
}

const providers = [
  sampleProvider({
    api_keys: [
      { id: sampleId(61, 1), masked: 'sk-ant-…x4Qf', created_at: ago(41) },
      { id: sampleId(61, 2), masked: 'sk-ant-…9dKe', created_at: ago(2) },
    ],
  }),
  sampleProvider({
    id: sampleId(60, 2),
    type: 'openai-compat',
    name: 'ollama',
    display_name: 'Ollama on the build machine',
    base_url: 'http://127.0.0.1:11434/v1',
    api_keys: [],
  }),
  sampleProvider({
    id: sampleId(60, 3),
    type: 'openai',
    name: 'openai',
    display_name: 'OpenAI',
    base_url: 'https://api.openai.com/v1',
    api_keys: [],
  }),
]
const price = (input: string, output: string) => ({
  cost: { input_price_per_million_tokens: input, output_price_per_million_tokens: output },
})
const models = [
  sampleModel({ model: 'claude-sonnet-4-5', display_name: 'Sonnet' }),
  sampleModel({
    id: sampleId(62, 2),
    model: 'claude-haiku-4-5-20251001',
    display_name: 'Haiku, for quick answers',
    is_default: false,
    model_config: price('1', '5'),
  }),
  sampleModel({
    id: sampleId(62, 3),
    model: 'claude-opus-4-1',
    display_name: 'Opus',
    is_default: false,
    enabled: false,
    model_config: price('15', '75'),
  }),
  sampleModel({
    id: sampleId(62, 4),
    ai_provider_id: sampleId(60, 2),
    model: 'qwen3-coder:30b-a3b-q4_K_M',
    display_name: '',
    is_default: false,
    context_limit: 32_768,
    model_config: {},
  }),
]

function answerProviders(fake: FakeBridge, scenario: string): void {
  const list = scenario === 'no-models' ? { providers: [], models: [] } : { providers, models }
  fake.answer('aiModels.access', () => {
    if (scenario === 'error') throw failure('unreachable', 'coder.acme.dev does not answer.')
    return { mayManage: scenario !== 'member', hasSwitches: true, hasFoundModels: true }
  })
  fake.answer('aiModels.list', () => (scenario === 'loading' ? new Promise(() => undefined) : list))
  fake.answer('aiModels.updateProvider', ({ providerId }) => {
    const found = providers.find(({ id }) => id === providerId)
    return found ?? sampleProvider()
  })
  fake.answer('aiModels.createProvider', ({ provider }) =>
    sampleProvider({ type: provider.type, name: provider.name, display_name: provider.display_name ?? '' }),
  )
  fake.answer('aiModels.createModel', () => {
    throw failure('unreachable', 'coder.acme.dev does not answer.')
  })
  fake.answer('aiModels.find', () => ({
    servers: [
      {
        kind: 'ollama',
        base_url: 'http://127.0.0.1:11434/v1',
        version: '0.12.3',
        models: ['qwen3-coder:30b-a3b-q4_K_M', 'gpt-oss:20b', 'devstral:24b'],
        provider: 'ollama',
      },
      {
        kind: 'lm-studio',
        base_url: 'http://127.0.0.1:1234/v1',
        models: ['mistral-small-3.2', 'gemma-3-27b'],
      },
    ],
  }))
  fake.answer('aiModels.switches', () => ({
    stopped: scenario === 'stopped',
    stopped_at_start: false,
    byok_enabled: true,
  }))
  fake.answer('aiModels.computerUse', () => ({ provider: 'anthropic', accepted: ['anthropic', 'openai'] }))
  fake.answer('aiModels.setComputerUse', () => {
    throw failure<'aiModels.setComputerUse'>(
      'refused',
      'Models of OpenAI cannot use a desktop on this deployment.',
    )
  })
}

function answerKeys(fake: FakeBridge, scenario: string): void {
  fake.answer('aiModels.ownKeys', () => [
    sampleOwnKey({ has_user_api_key: true }),
    sampleOwnKey(
      { has_provider_api_key: false },
      { id: sampleId(60, 3), type: 'openai', name: 'openai', display_name: 'OpenAI' },
    ),
  ])
  if (scenario !== 'member') return
  const choice = { provider: 'Anthropic', providerType: 'anthropic', contextLimit: 200_000, isDefault: false }
  fake.answer('chats.models', () => ({
    models: [
      {
        ...choice,
        configId: sampleId(62),
        displayName: 'Sonnet',
        model: 'claude-sonnet-4-5',
        isDefault: true,
      },
      { ...choice, configId: sampleId(62, 2), displayName: 'Haiku', model: 'claude-haiku-4-5' },
      {
        ...choice,
        configId: sampleId(62, 5),
        provider: 'OpenAI',
        displayName: 'GPT-5',
        model: 'gpt-5',
        unavailable: 'Needs a key of your own',
      },
    ],
    unsupportedProviders: [],
  }))
}

const always =
  'read_file list_directory search_files git_status git_diff git_log process_output process_list attach_file ' +
  'read_skill read_skill_file list_templates read_template propose_plan ask_user_question advisor spawn_agent wait_agent message_agent interrupt_agent list_agents'
const ask =
  'write_file edit_files execute process_signal computer create_workspace start_workspace stop_workspace *'

function answerRules(fake: FakeBridge, scenario: string): void {
  const defaults: ToolRule[] = [
    ...always.split(' ').map((tool) => ({ tool, policy: 'always' })),
    ...ask.split(' ').map((tool) => ({ tool, policy: 'ask' })),
  ]
  const rules: Record<'own' | 'deployment', readonly ToolRule[]> = {
    own: [
      { tool: 'write_file', policy: 'always' },
      { tool: 'execute', policy: 'always', workspace_id: sampleId(2, 1) },
      { tool: 'observability__*', policy: 'always', workspace_id: sampleId(2, 2) },
    ],
    deployment: [
      { tool: 'stop_workspace', policy: 'never' },
      { tool: 'process_signal', policy: 'ask' },
    ],
  }
  fake.answer('chatGovernance.toolPolicy', ({ whose }) => {
    if (scenario === 'unsupported')
      throw failure<'chatGovernance.toolPolicy'>('unsupported', 'The deployment does not know it.')
    return { rules: [...rules[whose]], defaults }
  })
  fake.answer('chatGovernance.setToolPolicy', ({ whose, policy }) => {
    rules[whose] = policy.rules
    return null
  })
  fake.answer('mcpServers.list', () => ({
    capability: 'user_headers',
    vault: 'ready',
    servers: [
      ['observability', 'Observability'],
      ['issues', 'Issue tracker'],
    ].map(([slug = '', name = ''], index) => ({
      config: sampleMcpServer({ id: sampleId(9, index + 1), slug, display_name: name }),
      headers: [],
      leftOver: [],
    })),
  }))
}

const modelCosts = [
  ['Sonnet', 18_420_000, 412, 41_200_000, 1_840_000],
  ['Haiku, for quick answers', 2_310_400, 903, 12_800_000, 960_000],
  ['Opus', 1_140_000, 8, 61_000, 9200],
  ['qwen3-coder:30b-a3b-q4_K_M', 0, 77, 3_100_000, 220_000],
] as const
const titles = [
  'Retry policy for refunds',
  'Flaky test in ledger-migrations, the one that fails on Mondays and only in the European region',
  'Bump Go to 1.24',
  'Why is the index so large',
  'Draft the release notes',
]

function answerCosts(fake: FakeBridge, scenario: string): void {
  fake.answer('chatGovernance.limits', () =>
    sampleLimits({
      spend_limit_micros: 40_000_000,
      chat_spend_limit_micros: 5_500_000,
      unpriced_model_count: 1,
      overrides: [
        {
          user_id: sampleId(1, 2),
          username: 'mira',
          name: 'Mira Olsen',
          avatar_url: '',
          spend_limit_micros: 120_000_000,
        },
        {
          user_id: sampleId(1, 3),
          username: 'build-bot',
          name: '',
          avatar_url: '',
          spend_limit_micros: 2_500_000,
        },
      ],
    }),
  )
  fake.answer('chatGovernance.setLimits', () => {
    throw failure('unreachable', 'coder.acme.dev does not answer.')
  })
  fake.answer('chatGovernance.setUserLimit', () => null)
  fake.answer('chatGovernance.ownCost', () => {
    if (scenario === 'empty') return sampleCost()
    return sampleCost({
      ...noTotals,
      priced_message_count: 1323,
      unpriced_message_count: 77,
      total_cost_micros: 21_870_400,
      total_input_tokens: 57_161_000,
      total_output_tokens: 3_029_200,
      total_cache_read_tokens: 31_000_000,
      total_runtime_ms: 9_400_000,
      by_model: modelCosts.map(([name, micros, messages, input, output], index) => ({
        ...noTotals,
        model_config_id: sampleId(62, index + 1),
        display_name: name,
        provider: 'anthropic',
        model: name,
        message_count: messages,
        total_cost_micros: micros,
        total_input_tokens: input,
        total_output_tokens: output,
      })),
      by_chat: Array.from({ length: 37 }, (_, index) => ({
        ...noTotals,
        root_chat_id: sampleId(30, index + 1),
        chat_title: titles[index % titles.length] ?? '',
        message_count: 140 - 3 * index,
        total_cost_micros: Math.round(4_200_000 / (index + 1)),
        total_input_tokens: 900_000 - 20_000 * index,
        total_output_tokens: 60_000,
      })),
      usage_limit: {
        is_limited: true,
        period: 'month',
        spend_limit_micros: 40_000_000,
        current_spend: 33_870_400,
        period_end: ago(-9),
      },
    })
  })
  fake.answer('chatGovernance.usersCost', ({ username, limit, offset }) => {
    const all = Array.from({ length: 23 }, (_, index) => ({
      ...noTotals,
      user_id: sampleId(1, index + 2),
      username:
        ['mira', 'build-bot', 'jo', 'anastasia.konstantinopoulou'][index % 4] +
        (index < 4 ? '' : String(index)),
      name: index % 4 === 0 ? 'Mira Olsen' : '',
      avatar_url: '',
      chat_count: 30 - index,
      message_count: 900 - 31 * index,
      total_cost_micros: 41_000_000 - 1_700_000 * index,
      total_input_tokens: 80_000_000 - 3_000_000 * index,
      total_output_tokens: 2_000_000,
    })).filter((user) => user.username.includes(username))
    return {
      start_date: ago(30),
      end_date: ago(0),
      count: all.length,
      users: all.slice(offset, offset + limit),
    }
  })
}
