import { describe, expect, it } from 'vitest'
import { advisorCallConfig, requireEffort } from './advisor-options.ts'

const bounds = { effort: '', maxTokens: 4000, contextLimit: 200_000 }

describe('how much advice may be', () => {
  it.each([
    ['what the advisor may say', {}, bounds, 4000],
    ['no more than its model says', { max_output_tokens: 1000 }, bounds, 1000],
    [
      'nor than the model of OpenAI is set to',
      { provider_options: { openai: { max_completion_tokens: 500 } } },
      bounds,
      500,
    ],
    ['nor than half of the context', {}, { ...bounds, contextLimit: 4096 }, 2048],
  ])('is %s', (_, config, given, most) => {
    const made = advisorCallConfig(config, { type: 'openai' }, given)
    expect(made.max_output_tokens).toBe(most)
    // It would come before the bound.
    expect(made.provider_options?.openai ?? {}).not.toHaveProperty('max_completion_tokens')
  })
})

describe('how hard the advisor thinks', () => {
  it.each([
    ['anthropic', { anthropic: { effort: 'high', send_reasoning: true } }],
    ['bedrock', { anthropic: { effort: 'high', send_reasoning: true } }],
    ['openai', { anthropic: { send_reasoning: true }, openai: { reasoning_effort: 'high' } }],
    ['openai-compat', { anthropic: { send_reasoning: true }, openaicompat: { reasoning_effort: 'high' } }],
    ['vercel', { anthropic: { send_reasoning: true }, vercel: { reasoning: { effort: 'high' } } }],
    ['google', { anthropic: { send_reasoning: true } }],
  ])('is an option of %s beside those of its model', (type, options) => {
    const config = { provider_options: { anthropic: { send_reasoning: true } } }
    const made = advisorCallConfig(config, { type }, { ...bounds, effort: 'high' })
    expect(made.provider_options).toEqual(options)
  })

  it('leaves the other options about thinking as they are', () => {
    const config = { provider_options: { openrouter: { reasoning: { exclude: true, effort: 'low' } } } }
    expect(
      advisorCallConfig(config, { type: 'openrouter' }, { ...bounds, effort: 'high' }).provider_options,
    ).toEqual({ openrouter: { reasoning: { exclude: true, effort: 'high' } } })
    expect(advisorCallConfig(config, { type: 'openrouter' }, bounds).provider_options).toEqual(
      config.provider_options,
    )
  })

  it('is refused where the provider does not know it', () => {
    expect(() => requireEffort({ type: 'anthropic' }, 'max')).not.toThrow()
    expect(() => requireEffort({ type: 'openai' }, 'max')).toThrow(/reasoning_effort/)
    expect(() => requireEffort({ type: 'google' }, 'high')).toThrow(/cannot be told/)
  })
})
