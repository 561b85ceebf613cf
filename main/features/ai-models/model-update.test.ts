// A stand-in for a Coder of August 2026, whose models have more settings than the form knows.
import { afterEach, beforeEach, expect, it } from 'vitest'
import { startHarness, type AppHarness } from '../../testing/app-harness.ts'
import { testUuid } from '../../testing/builders.ts'
import { startStubDeployment, type StubDeployment } from '../../testing/stub-deployment.ts'
import { untilConnected } from '../../testing/until-connected.ts'

const LOCAL = { deploymentId: 'local' }
const token = 'Abcdefghij-0123456789abcdefghijkl'
const modelConfigId = testUuid(1)
const configs = '/api/experimental/chats/model-configs'

let stub: StubDeployment
let harness: AppHarness
let stored: object

const model = (more: object) => ({
  id: modelConfigId,
  ai_provider_id: testUuid(2),
  model: 'large',
  display_name: 'Large',
  enabled: true,
  context_limit: 200_000,
  compression_threshold: 70,
  created_at: '2026-11-01T10:00:00Z',
  updated_at: '2026-11-01T10:00:00Z',
  ...more,
})
const sent = (): unknown[] =>
  stub.requests.filter(({ method }) => method === 'PATCH').map(({ body }): unknown => JSON.parse(body))

beforeEach(async () => {
  stub = await startStubDeployment(token)
  stub.override = ({ path, method }) => {
    if (path === configs) return { status: 200, body: [stored] }
    if (path === `${configs}/${modelConfigId}` && method === 'PATCH') return { status: 200, body: stored }
    return undefined
  }
  harness = await startHarness({ local: { url: stub.url, token } })
  await untilConnected(harness.page)
})
afterEach(async () => {
  await harness.close()
  await stub.close()
})

const save = (changes: object) =>
  harness.page.call('aiModels.updateModel', { ...LOCAL, modelConfigId, changes })

it('what the form does not know of a model is still there after it was saved', async () => {
  stored = model({
    openai_config: { use_responses_api: true },
    model_config: {
      temperature: 1,
      reasoning_effort: { default: 'low', max: 'high' },
      thinking_level: 'deep',
      cost: { input_price_per_million_tokens: '3', batch_price_per_million_tokens: '1' },
      provider_options: { anthropic: { effort: 'low' }, of_next_year: { any: 'thing' } },
    },
  })
  await save({
    display_name: 'Larger',
    model_config: {
      max_output_tokens: 1000,
      cost: { input_price_per_million_tokens: '4' },
      provider_options: { anthropic: { effort: 'high' } },
    },
  })
  expect(sent()).toEqual([
    {
      display_name: 'Larger',
      model_config: {
        max_output_tokens: 1000,
        reasoning_effort: { default: 'low', max: 'high' },
        thinking_level: 'deep',
        cost: { input_price_per_million_tokens: '4', batch_price_per_million_tokens: '1' },
        provider_options: { anthropic: { effort: 'high' }, of_next_year: { any: 'thing' } },
      },
    },
  ])
})

it('what was emptied goes, and nothing comes in its place', async () => {
  stored = model({
    model_config: {
      temperature: 1,
      cost: { input_price_per_million_tokens: '3' },
      provider_options: { anthropic: { effort: 'low' } },
    },
  })
  await save({ model_config: {} })
  expect(sent()).toEqual([{ model_config: {} }])
})

it('a change beside those settings sends none of them', async () => {
  stored = model({})
  await save({ enabled: false })
  await save({ model_config: { temperature: 0.5 } })
  expect(sent()).toEqual([{ enabled: false }, { model_config: { temperature: 0.5 } }])
})
