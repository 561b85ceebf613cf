import { expect, test } from 'vitest'
import { computerToolFor, drivesComputers } from './computer-driver.ts'

const driving = (model: string, type = 'anthropic') => ({ provider: { type }, model })
const formOf = async (model: string): Promise<string | undefined> =>
  (await computerToolFor(driving(model)))[0]?.id.replace('anthropic.', '')

test.each([
  ['claude-3-7-sonnet-20250219', 'computer_20250124'],
  ['claude-sonnet-4-20250514', 'computer_20250124'],
  ['claude-opus-4-1-20250805', 'computer_20250124'],
  ['claude-opus-4', 'computer_20250124'],
  ['claude-sonnet-4-5-20250929', 'computer_20250124'],
  ['claude-haiku-4-5', 'computer_20250124'],
  ['claude-opus-4-5-20251101', 'computer_20251124'],
  ['claude-opus-4-6', 'computer_20251124'],
  ['claude-sonnet-4-6', 'computer_20251124'],
  ['claude-opus-4-8', 'computer_toolset_20260801'],
  ['claude-sonnet-5', 'computer_toolset_20260801'],
  ['the-newest-of-a-gateway', 'computer_toolset_20260801'],
  ['claude-3-opus-20240229', undefined],
  ['claude-3-5-haiku-latest', undefined],
])('%s is given %s', async (model, form) => {
  expect(await formOf(model)).toBe(form)
  expect(drivesComputers(driving(model))).toBe(form !== undefined)
})

test.each(['openai', 'bedrock', 'openrouter', 'google', 'openai-compat'])(
  'models of a provider of type %s are given none',
  async (type) => {
    expect(await computerToolFor(driving('claude-opus-4-6', type))).toEqual([])
    expect(drivesComputers(driving('gpt-5.4', type))).toBe(false)
  },
)
