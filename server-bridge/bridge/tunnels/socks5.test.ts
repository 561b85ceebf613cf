import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createSocksParser, socksAnswer, type SocksStep } from './socks5.ts'

const greeting = [5, 1, 0]
const toLoopback = [5, 1, 0, 1, 127, 0, 0, 1, 0x1f, 0x90]
const named = (name: string, port = 80): number[] => [
  5,
  1,
  0,
  3,
  name.length,
  ...Buffer.from(name, 'latin1'),
  port >> 8,
  port & 255,
]

/** What the parser says to all of it, cut where told, and every byte that went back. */
function say(bytes: readonly number[], cuts: readonly number[] = []): { step: SocksStep; answered: Buffer } {
  const parse = createSocksParser()
  const answers: Buffer[] = []
  let step: SocksStep = { kind: 'more' }
  const ends = [...cuts.filter((cut) => cut < bytes.length), bytes.length].toSorted((a, b) => a - b)
  let from = 0
  for (const end of ends) {
    step = parse(Buffer.from(bytes.slice(from, end)))
    from = end
    if (step.answer !== undefined) answers.push(step.answer)
    if (step.kind !== 'more') break
  }
  return { step, answered: Buffer.concat(answers) }
}

describe('a request', () => {
  it.each([
    ['an IPv4 address', toLoopback, { host: '127.0.0.1', port: 8080 }],
    ['a name', named('db.internal'), { host: 'db.internal', port: 80 }],
    [
      'an IPv6 address',
      [5, 1, 0, 4, ...Array.from({ length: 15 }, () => 0), 1, 0, 80],
      { host: '0:0:0:0:0:0:0:1', port: 80 },
    ],
  ])('for %s is understood wherever it is cut, and what follows is kept', (_, request, target) => {
    const all = [...greeting, ...request, 71, 69, 84]
    fc.assert(
      fc.property(fc.array(fc.nat(greeting.length + request.length)), (cuts) => {
        const { step, answered } = say(all, cuts)
        expect(step).toMatchObject({ kind: 'connect', target })
        expect([...answered]).toEqual([5, 0])
      }),
    )
    expect(say(all).step).toMatchObject({ rest: Buffer.from('GET') })
  })
})

describe('what is no request for a connection is refused', () => {
  it.each([
    ['HTTP', [...Buffer.from('GET / HTTP/1.1\r\n')], []],
    ['SOCKS4', [4, 1, 0, 80, 127, 0, 0, 1, 0], []],
    ['a client with a password only', [5, 1, 2], [5, 0xff]],
    ['a client without a method', [5, 0], [5, 0xff]],
    ['BIND', [...greeting, 5, 2, 0, 1, 127, 0, 0, 1, 0, 80], [5, 0, ...socksAnswer(7)]],
    ['UDP', [...greeting, 5, 3, 0, 1, 0, 0, 0, 0, 0, 0], [5, 0, ...socksAnswer(7)]],
    ['an unknown address', [...greeting, 5, 1, 0, 9, 0, 0], [5, 0, ...socksAnswer(8)]],
    ['a reserved byte', [...greeting, 5, 1, 1, 1], [5, 0, ...socksAnswer(1)]],
    ['an empty name', [...greeting, ...named('')], [5, 0, ...socksAnswer(1)]],
    ['a name with a zero', [...greeting, ...named('a\0b')], [5, 0, ...socksAnswer(1)]],
    ['a name that is a line', [...greeting, ...named('a\r\nb')], [5, 0, ...socksAnswer(1)]],
    ['port 0', [...greeting, ...named('a', 0)], [5, 0, ...socksAnswer(1)]],
    ['another version of request', [...greeting, 4, 1, 0, 1], [5, 0]],
  ])('%s', (_, bytes, answer) => {
    const { step, answered } = say(bytes)
    expect(step).toMatchObject({ kind: 'refuse', problem: expect.stringMatching(/\.$/) as string })
    expect([...answered]).toEqual(answer)
  })

  it('whatever else comes: it never throws, and never keeps more than the longest request', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 700 }), fc.array(fc.nat(700)), (bytes, cuts) => {
        const { step } = say([...bytes], cuts)
        if (bytes.length > 600) expect(step.kind).not.toBe('more')
      }),
    )
  })
})
