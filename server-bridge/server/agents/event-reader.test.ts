import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type AgentEvent, agentEventSchema } from '../../contract/agent-link.ts'
import { createEventParser, createEventReader } from './event-reader.ts'

const source = '6d1c6d61-4d0a-4a4b-9f8e-0c7a5b3d2e1f'
const good = {
  type: 'log',
  log_source_id: source,
  created_at: '2026-02-28T12:00:00.000Z',
  level: 'info',
  output: 'built',
  seq: 7,
} as const

/** Values that are right, that nearly are, and anything else. */
const odd: Record<keyof typeof good, readonly unknown[]> = {
  type: ['log', 'hello', 'Log', ['log']],
  log_source_id: [
    source,
    source.toUpperCase(),
    `${source} `,
    source.replace('4d0a', '4d0'),
    'x',
    '',
    [source],
  ],
  created_at: [
    '2026-01-01T00:00:00Z',
    '2024-02-29T00:00:00.123456Z',
    '2026-02-29T00:00:00Z',
    '2026-01-01T24:00:00Z',
    '2026-01-01T00:00:00+01:00',
    '2026-01-01',
    '',
  ],
  level: ['trace', 'debug', 'warn', 'error', 'INFO', 'toString', ['info']],
  output: ['', '\0', '\ud800', '😀', ['x'], { toString: 'x' }],
  seq: [1, 0, -1, 1.5, 2 ** 53 - 1, 2 ** 53, '7', null],
}
const change = fc.oneof(
  ...(Object.keys(odd) as (keyof typeof good)[]).map((key) =>
    fc.record({ key: fc.constant(key), value: fc.oneof(fc.constantFrom(...odd[key]), fc.jsonValue()) }),
  ),
  fc.record({ key: fc.constantFrom('more', '__proto__', 'constructor'), value: fc.jsonValue() }),
  fc.record({ key: fc.constantFrom(...Object.keys(odd)), value: fc.constant(undefined) }),
)
/** As they come out of JSON, where `__proto__` is a field like any other and nothing is undefined. */
const logEvent = fc
  .array(change, { maxLength: 2 })
  .map((changes) =>
    Object.entries({ ...good }).concat(changes.map(({ key, value }) => [key, value] as never)),
  )
  .map((entries): unknown => JSON.parse(JSON.stringify(Object.fromEntries(entries))))
const anyEvent = fc.oneof({ weight: 5, arbitrary: logEvent }, fc.jsonValue(), fc.constant(good))

describe('the parser of events', () => {
  it('takes, refuses and answers exactly what the schema does, whatever it saw before', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 6 }), (values) => {
        const parse = createEventParser()
        const answer = (value: unknown): unknown => {
          try {
            return parse(value)
          } catch {
            return 'refused'
          }
        }
        const expected = values.map((value) => {
          const result = agentEventSchema.safeParse(value)
          return result.success ? result.data : 'refused'
        })
        expect(values.map(answer)).toEqual(expected)
      }),
      { numRuns: 1_000 },
    )
  })
})

describe('the reader of events', () => {
  it('gives the same events wherever the bytes are cut', () => {
    const events: AgentEvent[] = ['plain', 'ünïcödé 😀', '', 'x'.repeat(50)].map((output, index) => ({
      ...good,
      output,
      seq: index + 1,
    }))
    const bytes = Buffer.from(events.map((event) => `${JSON.stringify(event)}\n`).join('\n'))
    fc.assert(
      fc.property(fc.array(fc.nat({ max: bytes.length })), (cuts) => {
        const taken: AgentEvent[] = []
        const read = createEventReader((batch) => taken.push(...batch))
        const edges = [0, ...cuts.toSorted((a, b) => a - b), bytes.length]
        edges.forEach((edge, index) => read(bytes.subarray(edge, edges[index + 1] ?? edge)))
        expect(taken).toEqual(events)
      }),
      { numRuns: 50 },
    )
  })
})
