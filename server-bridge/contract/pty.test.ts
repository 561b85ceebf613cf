import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createPtyRequestDecoder, encodePtyRequest } from './pty.ts'
import type { ReconnectingPTYRequest } from './pty.ts'

const requests = fc.array(
  fc.record(
    {
      data: fc.string({ unit: 'binary' }),
      height: fc.integer({ min: 0, max: 65_535 }),
      width: fc.integer({ min: 0, max: 65_535 }),
    },
    { requiredKeys: [] },
  ),
  { maxLength: 8 },
)

/** Cuts bytes at the given relative positions. */
function cut(bytes: Uint8Array, positions: readonly number[]): Uint8Array[] {
  const at = positions.map((position) => position % (bytes.length + 1)).sort((a, b) => a - b)
  return [0, ...at].map((start, index) => bytes.slice(start, at[index] ?? bytes.length))
}

describe('the terminal request stream', () => {
  it('gives back every request, wherever the frames are cut or packed', () => {
    fc.assert(
      fc.property(
        requests,
        fc.array(fc.nat(), { maxLength: 12 }),
        fc.constantFrom('', '\n', ' \r\n\t'),
        (sent, cuts, gap) => {
          const bytes = Buffer.concat(
            sent.flatMap((request) => [encodePtyRequest(request), Buffer.from(gap)]),
          )
          const decoder = createPtyRequestDecoder()
          const received: ReconnectingPTYRequest[] = cut(bytes, cuts).flatMap((chunk) => decoder.push(chunk))
          expect(received).toEqual(sent.map((request) => JSON.parse(JSON.stringify(request)) as unknown))
        },
      ),
    )
  })

  it('keeps quotes, braces and backslashes inside strings apart from structure', () => {
    const decoder = createPtyRequestDecoder()
    expect(decoder.push(Buffer.from('{"data":"}\\"{\\\\"}{"width":1'))).toEqual([{ data: '}"{\\' }])
    expect(decoder.push(Buffer.from('20,"height":40}'))).toEqual([{ width: 120, height: 40 }])
  })

  it('drops unknown keys, and takes nested values without losing its place', () => {
    const decoder = createPtyRequestDecoder()
    expect(decoder.push(Buffer.from('{"data":"a","x":{"y":[{}]}}{"data":"b"}'))).toEqual([
      { data: 'a' },
      { data: 'b' },
    ])
  })

  it.each(['[1]', '"text"', 'x', '1', '{"data":1}', '{"width":-1}', '{"width":70000}', '{nonsense}'])(
    'refuses %s',
    (text) => {
      expect(() => createPtyRequestDecoder().push(Buffer.from(text))).toThrow(SyntaxError)
    },
  )

  it('stops collecting a request that never ends', () => {
    const decoder = createPtyRequestDecoder()
    const piece = Buffer.alloc(256 * 1024, 'a')
    decoder.push(Buffer.from('{"data":"'))
    expect(() => {
      for (let i = 0; i < 8; i += 1) decoder.push(piece)
    }).toThrow('too large')
  })
})
