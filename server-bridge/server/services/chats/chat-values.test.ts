import { describe, expect, it } from 'vitest'
import { mcpToolName } from '../../../contract/mcp-tool-names.ts'
import { firstTitle } from './chat-input.ts'
import { goDurationMs } from './go-duration.ts'
import { maskKey } from './mask-key.ts'
import { toToolOutcome } from './mcp-tool-shape.ts'
import { costMicros } from './model-cost.ts'
import { explainFailure } from './model-errors.ts'
import { boundResult } from './tool-box.ts'

describe('small rules of chats', () => {
  it.each([
    ['10s', 10_000],
    ['1m30s', 90_000],
    ['500ms', 500],
    ['1.5h', 5_400_000],
    ['7', 7000],
    ['', undefined],
    ['soon', undefined],
    ['5 m', undefined],
  ])('%j is a duration of %s', (text, ms) => {
    expect(goDurationMs(text)).toBe(ms)
  })

  it('money is counted exactly, rounded up once, and not at all without a price', () => {
    const price = { input_price_per_million_tokens: '0.1', output_price_per_million_tokens: '0.2' }
    expect(costMicros(price, { input_tokens: 3, output_tokens: 3 })).toBe(1)
    expect(costMicros(price, { input_tokens: 10, output_tokens: 10 })).toBe(3)
    expect(costMicros({ input_price_per_million_tokens: '3' }, { input_tokens: 333_333_333 })).toBe(
      999_999_999,
    )
    expect(costMicros({}, { input_tokens: 3 })).toBeUndefined()
    expect(costMicros(undefined, { input_tokens: 3 })).toBeUndefined()
  })

  it('a key is shown by its ends, a short one not at all', () => {
    expect(maskKey('sk-0123456789abcdef')).toBe('sk-0...cdef')
    expect(maskKey('0123456789')).toBe('****')
  })

  it('a title is short, and there always is one', () => {
    expect(firstTitle([{ type: 'text', text: '  a\nb c d e f g' }])).toBe('a b c d e f')
    expect([...firstTitle([{ type: 'text', text: '😀'.repeat(100) }])]).toHaveLength(80)
    expect(firstTitle([])).toBe('New Chat')
  })

  it('names and results of MCP tools are as models take them', () => {
    expect(mcpToolName('a b', 'x/y')).toBe('a_b__x_y')
    expect(toToolOutcome({ content: [{ type: 'text', text: 'a' }], structuredContent: { b: 1 } })).toEqual({
      result: { output: 'a\n{"b":1}' },
    })
    expect(toToolOutcome({ content: [], isError: true })).toMatchObject({ is_error: true })
    expect(toToolOutcome({ content: [{ type: 'image', data: 'AAAA', mimeType: 'image/png' }] })).toEqual({
      result: { output: '[image/png, 4 characters]' },
    })
  })

  it('a result is cut in its middle', () => {
    expect(boundResult({ output: 'short' }, 100)).toEqual({ output: 'short' })
    const { output } = boundResult({ output: `begin${'x'.repeat(1000)}end` }, 100) as { output: string }
    expect(output).toMatch(/begin.*characters left out.*end/)
    expect(output.length).toBeLessThan(150)
  })
})

describe('a failure of a model', () => {
  const explain = (statusCode: number | undefined, message = '', responseHeaders = {}) =>
    explainFailure(
      Object.assign(new Error(message), {
        requestBodyValues: {},
        statusCode,
        responseHeaders,
        responseBody: '',
      }),
      { provider: 'p', secrets: ['sk-secret', ''], now: 0 },
    )
  it.each([
    [529, '', 'overloaded', true],
    [403, '', 'auth', false],
    [429, '', 'rate_limit', true],
    [429, 'You exceeded your current quota', 'usage_limit', false],
    [504, '', 'timeout', true],
    [404, '', 'config', false],
    [500, '', 'generic', true],
    [418, '', 'generic', false],
    [undefined, 'fetch failed', 'timeout', true],
  ])('of status %s, saying %j, is %s', (status, message, kind, retryable) => {
    expect(explain(status, message).error).toMatchObject({ kind, retryable, provider: 'p' })
  })

  it('tells how long to wait, and neither key nor control characters', () => {
    expect(explain(429, '', { 'retry-after': '3' }).retryAfterMs).toBe(3000)
    expect(explain(429, '', { 'retry-after': 'Thu, 01 Jan 1970 00:00:05 GMT' }).retryAfterMs).toBe(5000)
    expect(explain(429).retryAfterMs).toBeUndefined()
    expect(explain(401, 'bad sk-secret\u001b[2J').error.detail).toBe('bad … [2J')
    expect(explain(400, 'x'.repeat(1000)).error.detail).toHaveLength(500)
  })
})
