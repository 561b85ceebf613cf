import { describe, expect, it } from 'vitest'
import { sampleId } from '../../testing/wire-samples.ts'
import { sampleModel } from '../../testing/model-samples.ts'
import {
  blankModel,
  modelChanges,
  modelDraftOf,
  modelProblems,
  newModel,
  priceText,
  readCount,
} from './model-draft.ts'

const typed = { ...blankModel, model: ' large-2 ', contextLimit: '200k' }

describe('a new model', () => {
  it('is sent with numbers as numbers and prices as they were typed', () => {
    const draft = {
      ...typed,
      displayName: 'Large',
      inputPrice: '0.10',
      maxOutputTokens: '64,000',
      temperature: '0.7',
      options: { effort: 'high', 'thinking.budget_tokens': '4096', web_search_enabled: 'false' },
    }
    expect(newModel(draft, { id: sampleId(60), type: 'bedrock' })).toEqual({
      ai_provider_id: sampleId(60),
      enabled: true,
      model: 'large-2',
      display_name: 'Large',
      context_limit: 200_000,
      compression_threshold: 70,
      model_config: {
        max_output_tokens: 64_000,
        temperature: 0.7,
        cost: { input_price_per_million_tokens: '0.10' },
        provider_options: {
          anthropic: { effort: 'high', thinking: { budget_tokens: 4096 }, web_search_enabled: false },
        },
      },
    })
  })

  it('says what has to be put right', () => {
    const wrong = {
      ...blankModel,
      contextLimit: '0',
      threshold: '101',
      inputPrice: '1,5',
      temperature: '3',
      options: {
        'thinking.budget_tokens': '12',
        allowed_domains: 'acme.dev',
        blocked_domains: 'example.com',
      },
    }
    expect(Object.keys(modelProblems(wrong, 'anthropic')).sort()).toEqual([
      'blocked_domains',
      'contextLimit',
      'inputPrice',
      'model',
      'temperature',
      'thinking.budget_tokens',
      'threshold',
    ])
    expect(modelProblems(typed, 'anthropic')).toEqual({})
  })
})

describe('a change of a model', () => {
  const config = sampleModel({
    model_config: {
      top_p: 0.9,
      max_output_tokens: 1000,
      cost: { input_price_per_million_tokens: '3', cache_read_price_per_million_tokens: '0.3' },
      provider_options: {
        anthropic: { effort: 'low', later: 1, thinking: { budget_tokens: 2048, kind: 'x' } },
      },
    },
  })
  const draft = modelDraftOf(config, 'anthropic')

  it('that is none sends back what was there', () => {
    expect(modelChanges(config, draft, 'anthropic').model_config).toEqual(config.model_config)
  })

  it('takes away what was emptied, and nothing that the form does not show', () => {
    const emptied = {
      ...draft,
      maxOutputTokens: '',
      inputPrice: '',
      options: { ...draft.options, effort: '', 'thinking.budget_tokens': '' },
    }
    expect(modelChanges(config, emptied, 'anthropic').model_config).toEqual({
      top_p: 0.9,
      cost: { cache_read_price_per_million_tokens: '0.3' },
      provider_options: { anthropic: { later: 1, thinking: { kind: 'x' } } },
    })
  })
})

describe('numbers', () => {
  it.each([
    ['200000', 200_000],
    ['200,000', 200_000],
    ['1 000 000', 1_000_000],
    ['128k', 128_000],
    ['1M', 1_000_000],
    ['1.5M', undefined],
    ['2,00', undefined],
    ['', undefined],
  ])('%j are read as %s', (text, count) => {
    expect(readCount(text)).toBe(count)
  })

  it.each([
    ['3', '$3.00'],
    ['0.0375', '$0.0375'],
    ['0.50', '$0.50'],
    [undefined, undefined],
  ])('price %s is shown as %s', (decimal, text) => {
    expect(priceText(decimal)).toBe(text)
  })
})
