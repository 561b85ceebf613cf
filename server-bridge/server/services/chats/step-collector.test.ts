import type { LanguageModelV3StreamPart as ModelStreamPart } from '@ai-sdk/provider'
import { describe, expect, it } from 'vitest'
import { createStepCollector, toUsage } from './step-collector.ts'

const tokens = (more: object = {}) => ({
  inputTokens: { total: 30, noCache: 10, cacheRead: 15, cacheWrite: 5 },
  outputTokens: { total: 7, text: 4, reasoning: 3 },
  ...more,
})

function collect(...said: ModelStreamPart[]) {
  const emitted: unknown[] = []
  const collector = createStepCollector({
    emit: (part) => emitted.push(part),
    now: () => 0,
    contextLimit: 1000,
    serverOf: () => undefined,
  })
  for (const part of said) collector.take(part)
  return { collector, emitted, parts: collector.parts() }
}
const call = (input: string): ModelStreamPart => ({
  ...{ type: 'tool-call', toolCallId: 'c', toolName: 'one', input },
})

describe('a step', () => {
  it('keeps texts apart whose provider gives them the same id', () => {
    const { parts } = collect(
      { type: 'text-start', id: '0' },
      { type: 'text-delta', id: '0', delta: 'fir' },
      { type: 'text-delta', id: '0', delta: 'st' },
      { type: 'text-end', id: '0' },
      { type: 'text-start', id: '0' },
      { type: 'text-delta', id: '0', delta: 'second' },
      { type: 'text-end', id: '0' },
    )
    expect(parts).toEqual([
      { type: 'text', text: 'first' },
      { type: 'text', text: 'second' },
    ])
  })

  it('takes a call without arguments as one with none, and says which are no object', () => {
    expect(collect(call('{"a":1}')).parts).toMatchObject([{ args: { a: 1 } }])
    expect(collect(call(' ')).parts).toMatchObject([{ args: {} }])
    for (const text of ['{"a":', '[1]', '"a"', 'null'])
      expect(collect(call(text)).parts, text).toMatchObject([{ type: 'tool-call', invalid: true }])
    expect(collect(call('{"a":')).parts).toMatchObject([{ args: '{"a":' }])
  })

  it('keeps the results of a provider’s own tools, and the last of those that replace each other', () => {
    const result = (value: string, more: object): ModelStreamPart => ({
      ...{ type: 'tool-result', toolCallId: 's', toolName: 'web_search', result: value, ...more },
    })
    const { parts } = collect(
      { type: 'tool-call', toolCallId: 's', toolName: 'web_search', input: '{}', providerExecuted: true },
      result('some', { preliminary: true }),
      result('all', { isError: true }),
    )
    expect(parts).toMatchObject([
      { type: 'tool-call', provider_executed: true },
      { type: 'tool-result', result: 'all', is_error: true, provider_executed: true },
    ])
    expect(parts).toHaveLength(2)
  })

  it('is done once its model gives a reason, and not where the stream just ends', () => {
    const finish = (unified: 'stop' | 'other', raw?: string): ModelStreamPart => ({
      type: 'finish',
      usage: tokens(),
      finishReason: { unified, raw },
    })
    expect(collect().collector.isFinished).toBe(false)
    expect(collect(finish('other')).collector.isFinished).toBe(false)
    expect(collect(finish('other', 'refusal')).collector.isFinished).toBe(true)
    expect(collect(finish('stop')).collector.isFinished).toBe(true)
  })

  it('counts tokens as the wire does', () => {
    expect(toUsage(tokens(), 1000)).toEqual({
      ...{ input_tokens: 10, output_tokens: 7, total_tokens: 37, reasoning_tokens: 3 },
      ...{ cache_creation_tokens: 5, cache_read_tokens: 15, context_limit: 1000 },
    })
    const unknown = { noCache: undefined, cacheRead: 15, cacheWrite: undefined }
    expect(toUsage(tokens({ inputTokens: { total: 30, ...unknown } }), 1000)).toMatchObject({
      input_tokens: 15,
      total_tokens: 37,
    })
  })
})
