import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createSseParser, formatEventMessage, formatSse, parseEventMessage } from './sse.ts'
import type { ServerSentEvent } from './sse.ts'

const events = fc.array(
  fc.oneof(
    fc.constant<ServerSentEvent>({ type: 'ping', data: null }),
    fc.record({
      type: fc.constantFrom('data' as const, 'error' as const),
      data: fc.jsonValue({ maxDepth: 3 }).map((value) => JSON.parse(JSON.stringify(value)) as unknown),
    }),
  ),
  { maxLength: 10 },
)

function pieces(text: string, positions: readonly number[]): string[] {
  const at = positions.map((position) => position % (text.length + 1)).sort((a, b) => a - b)
  return [0, ...at].map((start, index) => text.slice(start, at[index] ?? text.length))
}

describe('server-sent events', () => {
  it('come back the same, wherever the text is cut and whatever ends a line', () => {
    fc.assert(
      fc.property(
        events,
        fc.array(fc.nat(), { maxLength: 20 }),
        fc.constantFrom('\n', '\r\n', '\r'),
        (sent, cuts, lineEnd) => {
          const text = sent.map(formatSse).join('').replaceAll('\n', lineEnd)
          const parser = createSseParser()
          expect(pieces(text, cuts).flatMap((piece) => parser.push(piece))).toEqual(sent)
        },
      ),
    )
  })

  it('survive any text: either events come out or a SyntaxError does', () => {
    const line = fc.oneof(
      fc.constantFrom('event: data', 'data: {"a":1}', 'data: x', ': comment', '', 'id: 1', 'retry', 'data'),
      fc.string(),
    )
    fc.assert(
      fc.property(fc.array(line, { maxLength: 20 }), (lines) => {
        try {
          createSseParser().push(lines.join('\n'))
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(SyntaxError)
        }
      }),
    )
  })

  it('are written as Coder writes them', () => {
    expect(formatSse({ type: 'ping', data: null })).toBe('event: ping\n\n')
    expect(formatSse({ type: 'data', data: { a: 1 } })).toBe('event: data\ndata: {"a":1}\n\n')
  })

  it('skip comments, and join data lines', () => {
    expect(createSseParser().push(': hello\n\nevent: data\ndata: [1,\ndata: 2]\n\n')).toEqual([
      { type: 'data', data: [1, 2] },
    ])
  })

  it('stop collecting an event that never ends', () => {
    const parser = createSseParser()
    const piece = 'a'.repeat(4 * 1024 * 1024)
    parser.push('data: ')
    expect(() => {
      for (let i = 0; i < 8; i += 1) parser.push(piece)
    }).toThrow('too large')
  })
})

describe('event messages of a socket', () => {
  it('come back the same', () => {
    fc.assert(
      fc.property(events, (sent) => {
        for (const event of sent) expect(parseEventMessage(formatEventMessage(event))).toEqual(event)
      }),
    )
  })

  it.each(['', '1', 'null', '{"data":1}', '<html>'])('refuse %j', (text) => {
    expect(() => parseEventMessage(text)).toThrow(SyntaxError)
  })
})
