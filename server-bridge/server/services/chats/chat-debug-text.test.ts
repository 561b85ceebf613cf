import { describe, expect, it } from 'vitest'
import { createMaskSecrets } from '../../../lib/mask-secrets.ts'
import { toDebugRequest, toDebugResponse, toDebugValue } from './chat-debug-text.ts'
import type { StoredMessage } from './stored-parts.ts'

const SECRET = 'hunter2-hunter2'
const mask = createMaskSecrets([SECRET, '48151623'])
const said = (id: number, text: string): StoredMessage => ({
  id,
  role: 'user',
  parts: [{ type: 'text', text }],
})
const textsOf = (request: Record<string, unknown>): string[] =>
  (request['messages'] as { parts: { text: string }[] }[]).map(({ parts }) => parts[0]?.text ?? '')

describe('a value that is written down', () => {
  it('has no secret in it: none that is known, that looks like one, or that has the name of one', () => {
    const shown = toDebugValue(
      {
        command: `curl -H 'Authorization: Bearer abcdef012345'`,
        list: [{ text: `${SECRET} in base64 ${Buffer.from(SECRET).toString('base64')}` }],
        password: 'short',
        headers: { 'set-cookie': ['id=crumbs'] },
        pin: 48_151_623,
        count: 4815,
        [`${SECRET}!`]: 1,
        schema: { password: { type: 'string' } },
      },
      mask,
    )
    const text = JSON.stringify(shown)
    for (const secret of [
      SECRET,
      'abcdef012345',
      Buffer.from(SECRET).toString('base64'),
      'short',
      'crumbs',
      '48151623',
    ])
      expect(text).not.toContain(secret)
    expect(shown).toMatchObject({ count: 4815 })
    // What only describes a field of that name says nothing of it.
    expect(shown).toMatchObject({ schema: { password: { type: 'string' } } })
  })

  it('is masked before it is cut, so that no part of a secret is left', () => {
    const shown = toDebugValue(`${'x'.repeat(9995)}${SECRET}`, mask)
    expect(shown).not.toContain('hunter2')
    expect(toDebugValue('y'.repeat(10_001), mask)).toBe(`${'y'.repeat(10_000)}… [1 more characters]`)
  })

  it('is no deeper and no longer than is of use', () => {
    let deep: unknown = 'end'
    for (let depth = 0; depth < 1000; depth += 1) deep = [deep]
    expect(JSON.stringify(toDebugValue(deep, mask))).toContain('[deep]')
    const many = toDebugValue(
      Array.from({ length: 1000 }, (_, index) => index),
      mask,
    )
    expect(many).toHaveLength(201)
    expect(toDebugValue(new Uint8Array(3), mask)).toBe('[3 bytes]')
  })
})

describe('a request', () => {
  const ask = (history: readonly StoredMessage[], instructions: readonly string[] = []) =>
    toDebugRequest({ history, instructions, tools: [] }, mask)

  it('has the instructions first, as the model is told them', () => {
    const system = { id: 1, role: 'system', parts: [{ type: 'text', text: 'Be kind.' }] } as const
    expect(textsOf(ask([system, said(2, 'Hello')], ['Be brief.', '']))).toEqual([
      'Be kind.',
      'Be brief.',
      'Hello',
    ])
  })

  it('keeps its newest messages, and says how many older ones are left out', () => {
    const history = Array.from({ length: 50 }, (_, index) => said(index, `${index} ${'x'.repeat(9000)}`))
    const request = ask(history)
    const texts = textsOf(request)
    expect(texts.at(-1)).toMatch(/^49 /)
    expect(request['omitted_messages']).toBe(50 - texts.length)
    expect(JSON.stringify(request).length).toBeLessThan(120 * 1024)
  })

  it('has one message at least, however long', () => {
    const parts = Array.from({ length: 100 }, () => ({ type: 'text' as const, text: 'z'.repeat(9000) }))
    const request = ask([{ id: 1, role: 'user', parts }])
    expect(request['messages']).toHaveLength(1)
    expect(JSON.stringify(request).length).toBeLessThan(70 * 1024)
  })

  it('names all tools, and has the schemas of as many as there is room for', () => {
    const inputSchema = { type: 'object', properties: { path: { description: 'p'.repeat(9000) } } }
    const tools = Array.from({ length: 9 }, (_, index) => ({
      ...{ name: `tool_${index}`, description: 'Does something.', inputSchema },
    }))
    const request = toDebugRequest({ history: [], instructions: [], tools }, mask)
    const shown = request['tools'] as { name: string; input_schema?: unknown }[]
    expect(shown.map(({ name }) => name)).toEqual(tools.map(({ name }) => name))
    expect(shown.filter((tool) => tool.input_schema !== undefined)).toHaveLength(3)
  })
})

it('an answer says why it ended, and nothing that only the provider can read', () => {
  const metadata = { anthropic: { signature: 'sealed' } }
  const response = toDebugResponse(
    [{ type: 'reasoning', text: 'Hm.', provider_metadata: metadata }],
    'end_turn',
    mask,
  )
  expect(response).toEqual({ content: [{ type: 'reasoning', text: 'Hm.' }], finish_reason: 'end_turn' })
})
