import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createSecretMasker } from './secret-masker.ts'
import { secretPieces } from './secret-pieces.ts'

const secret = 'tok_"Ab/c+9\\é€7~'

/** Masks a text that comes cut at these places, a byte each where none are given. */
function mask(secrets: readonly string[], input: string | Buffer, cuts?: readonly number[]): string {
  const bytes = Buffer.from(input)
  const stream = createSecretMasker(secrets).stream()
  const out: Buffer[] = []
  const ends = cuts ?? Array.from({ length: bytes.length }, (_, at) => at + 1)
  let from = 0
  for (const end of [...ends, bytes.length]) {
    if (end <= from) continue
    out.push(...stream.push(bytes.subarray(from, end)))
    from = end
  }
  return Buffer.concat([...out, ...stream.end()]).toString('latin1')
}

const asJson = JSON.stringify(secret).slice(1, -1)
const escapedAll = Array.from(secret)
  .map((character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
  .join('')
const forms: readonly (readonly [string, string | Buffer])[] = [
  ['as it is', secret],
  ['in Latin-1', Buffer.from('tok_"Ab/c+9\\é', 'latin1')],
  ['in JSON', asJson],
  ['in JSON inside of JSON', JSON.stringify(asJson).slice(1, -1)],
  ['in JSON with every character escaped', escapedAll],
  [
    'the same in capitals',
    escapedAll.replaceAll(/\\u(....)/g, (_, digits: string) => `\\u${digits.toUpperCase()}`),
  ],
  ['in an address', encodeURIComponent(secret)],
  [
    'in an address, small letters',
    encodeURIComponent(secret).replaceAll(/%../g, (code) => code.toLowerCase()),
  ],
  ['in HTML', secret.replaceAll('"', '&quot;').replaceAll('é', '&#233;').replaceAll('€', '&#x20ac;')],
  ['in hexadecimal', Buffer.from(secret).toString('hex')],
  ['in hexadecimal capitals', Buffer.from(secret).toString('hex').toUpperCase()],
]

describe('a value a server echoes', () => {
  it.each(forms)('is masked %s, wherever it is cut', (_, form) => {
    const bytes = Buffer.from(form)
    const secrets = Buffer.isBuffer(form) ? ['tok_"Ab/c+9\\é'] : [secret]
    for (const cut of Array.from(bytes, (_byte, at) => at)) {
      const masked = mask(secrets, Buffer.concat([Buffer.from('<'), bytes, Buffer.from('>')]), [cut + 1])
      expect(masked).toBe(`<${'*'.repeat(bytes.length)}>`)
    }
  })

  it.each([0, 1, 2, 3])(
    'is masked in base64 behind %i other bytes, but for what holds others too',
    (before) => {
      for (const encoding of ['base64', 'base64url'] as const) {
        const text = Buffer.from(`${'x'.repeat(before)}${secret}:more`).toString(encoding)
        const masked = mask([secret], text)
        expect(masked).toHaveLength(text.length)
        const left = masked.replaceAll('*', '')
        expect(masked.length - left.length).toBeGreaterThanOrEqual(
          Math.floor((Buffer.byteLength(secret) * 8) / 6) - 2,
        )
      }
    },
  )

  it('is masked in any mixture of forms, again and again, with nothing else changed', () => {
    const places = Array.from(secret).map((character) =>
      fc.constantFrom(
        character,
        encodeURIComponent(character),
        `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
      ),
    )
    const echoed = fc.tuple(...places).map((parts) => parts.join(''))
    const noise = fc.string({
      unit: fc.constantFrom('t', 'o', 'k', '\\', '%', 'u', '{', ' ', '\n'),
      maxLength: 12,
    })
    fc.assert(
      fc.property(
        fc.array(fc.tuple(noise, echoed), { maxLength: 4 }),
        noise,
        fc.array(fc.nat(400)),
        (parts, tail, cuts) => {
          const text = parts.map(([before, echo]) => `${before}|${echo}`).join('|') + `|${tail}`
          const clean =
            parts.map(([before, echo]) => `${before}|${'*'.repeat(Buffer.byteLength(echo))}`).join('|') +
            `|${tail}`
          expect(
            mask(
              [secret],
              text,
              cuts.toSorted((a, b) => a - b),
            ),
          ).toBe(Buffer.from(clean).toString('latin1'))
        },
      ),
    )
  })

  it('is masked where two values overlap, and where one contains the other', () => {
    expect(mask(['abcdefgh', 'efghijkl'], 'x abcdefghijkl x')).toBe('x ************ x')
    expect(mask(['abcdefgh', 'cdefgh'], 'x abcdefgh cdefgh x')).toBe('x ******** ****** x')
    expect(mask(['aaaaaaa'], `b${'a'.repeat(50)}b`)).toBe(`b${'*'.repeat(50)}b`)
  })

  it.each(['x'.repeat(8192), 'ab'.repeat(3000), `${'A'.repeat(4000)}tail-of-it`])(
    'is masked in time linear to it, though it repeats itself: %#',
    { timeout: 30_000 },
    (value) => {
      const text = `before ${value.slice(0, 20)} ${value}${value.slice(-5)}; after`
      for (const cuts of [[], [50, 3000, 5000]]) {
        const masked = mask([value], text, cuts)
        expect(masked).toHaveLength(text.length)
        expect(masked.startsWith(`before ${value.slice(0, 20)} *`)).toBe(true)
        expect(masked.endsWith('; after')).toBe(true)
        expect(masked).toContain('*'.repeat(value.length))
      }
    },
  )

  it('is masked in a text', () => {
    expect(createSecretMasker(['abcdefgh']).text('id-abcdefgh-1')).toBe('id-********-1')
  })
})

describe('everything else', () => {
  it('passes unchanged and without waiting at the end of an event', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (noise) => {
        const stream = createSecretMasker([secret, 'another-value']).stream()
        const event = Buffer.concat([Buffer.from(noise), Buffer.from('data: tok_"Ab\n\n')])
        expect(Buffer.concat(stream.push(event)).equals(event)).toBe(true)
        expect(stream.end()).toEqual([])
      }),
    )
  })

  it('is held back only as long as it could be a value', () => {
    const stream = createSecretMasker(['abcdefgh']).stream()
    expect(Buffer.concat(stream.push(Buffer.from('data abcde'))).toString()).toBe('data ')
    expect(Buffer.concat(stream.push(Buffer.from('x'))).toString()).toBe('abcdex')
    expect(Buffer.concat(stream.push(Buffer.from('abc'))).toString()).toBe('')
    expect(Buffer.concat(stream.end()).toString()).toBe('abc')
  })

  it('is never held back beyond the longest form of a value', () => {
    const stream = createSecretMasker(['a'.repeat(20)]).stream()
    let passed = 0
    for (let sent = 0; sent < 2000; sent += 1) {
      for (const piece of stream.push(Buffer.from('aaaaaaaaaaaaaaaaaaa b'.slice(sent % 21, (sent % 21) + 1))))
        passed += piece.length
    }
    expect(passed).toBeGreaterThan(2000 - 400)
  })

  it.each([
    ['one character again and again', 'a'.repeat(2000), 'a'],
    ['all but its end', `${'ab'.repeat(1000)}c`, `${'ab'.repeat(1000)}d`],
    ['itself, escaped in every way', 'a"/+ é'.repeat(300), '\\u0061\\"%2F%2b+\\u00e9'],
  ])('costs no more a byte in a long text than in a short one, though it looks like %s', (_, value, near) => {
    const stream = createSecretMasker([value]).stream()
    const chunk = Buffer.from(near.repeat(Math.ceil(1400 / near.length)).slice(0, 1400))
    const started = process.cpuUsage()
    for (let sent = 0; sent < 200_000; sent += chunk.length) stream.push(chunk)
    const { user, system } = process.cpuUsage(started)
    // A tenth of a second or two; what grows with the value takes minutes.
    expect((user + system) / 1_000_000).toBeLessThan(5)
  })

  it('is masked when a long value is the same again and again, and when it is long', () => {
    const long = Array.from({ length: 300 }, (_, at) => String.fromCharCode(33 + ((at * at) % 90))).join('')
    for (const value of ['a'.repeat(100), `${'ab'.repeat(50)}c`, long]) {
      for (const form of [value, encodeURIComponent(value), Buffer.from(value).toString('hex')])
        expect(mask([value], `<${form}>`)).toBe(`<${'*'.repeat(form.length)}>`)
      const encoded = mask([value], Buffer.from(`x${value}y`).toString('base64'))
      expect(encoded.replaceAll('*', '').length).toBeLessThanOrEqual(6)
    }
  })

  it('passes as the same bytes when nothing is to be masked', () => {
    const chunk = Buffer.from('{"jsonrpc":"2.0"}\n')
    expect(createSecretMasker([]).stream().push(chunk)[0]?.buffer).toBe(chunk.buffer)
  })
})

describe('a long text', () => {
  const token = 'tok_3f9ac27d51e8b6'
  const filler = fc.oneof(
    fc.constantFrom(
      'x'.repeat(700),
      'tok_3f9ac27d51',
      '%74%6f',
      '\\u0074\\u006f',
      'dG9rXzNm',
      token.slice(1),
      '\n\n',
    ),
    fc.string({ maxLength: 40 }),
  )
  const echo = fc.constantFrom(
    token,
    encodeURIComponent(token),
    token.replace('t', '%74').replace('b6', '&#98;\\u0036'),
    Buffer.from(token).toString('hex'),
    ...[0, 1, 2].map((before) => Buffer.from(`${'a'.repeat(before)}${token}z`).toString('base64')),
    ...forms.map(([, form]) => Buffer.from(form).toString('latin1')),
  )

  it('is masked where it is jumped through as where every byte is looked at', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(filler, echo), { minLength: 1, maxLength: 12 }), (parts) => {
        const text = Buffer.from(parts.join(''), 'latin1')
        const whole = mask([token, secret], text, [])
        expect(whole).toBe(mask([token, secret], text))
        expect(whole).not.toContain(token)
      }),
      { numRuns: 150 },
    )
  })

  it('is passed on to its last byte when no value can begin in it', () => {
    const stream = createSecretMasker([token]).stream()
    const event = Buffer.from(`data: ${'no value here. '.repeat(60)}\n\n`)
    expect(Buffer.concat(stream.push(event)).equals(event)).toBe(true)
  })
})

describe('what is secret of a target', () => {
  const pieces = (headers: Record<string, string>, url = 'https://mcp.example.test/'): string[] =>
    secretPieces({ url, headers })

  it('is a value and the parts a server takes it apart into', () => {
    expect(pieces({ Authorization: 'Bearer abcdef123456' })).toEqual(['Bearer abcdef123456', 'abcdef123456'])
    expect(pieces({ Cookie: 'sid=0123456789; lang=en' })).toContain('0123456789')
    const basic = Buffer.from('ada:lovelace-1').toString('base64')
    expect(pieces({ Authorization: `Basic ${basic}` })).toEqual(
      expect.arrayContaining([basic, 'ada:lovelace-1', 'lovelace-1']),
    )
  })

  it('is what a value says in UTF-8, too', () => {
    expect(pieces({ 'X-Key': Buffer.from('pâssword').toString('latin1') })).toContain('pâssword')
  })

  it('is what the address holds', () => {
    expect(pieces({}, 'https://ada:pass%20word@mcp.example.test/mcp?key=0123456789')).toEqual([
      'pass word',
      '0123456789',
    ])
  })

  it('is found in an address that no browser could read, too', () => {
    expect(pieces({}, 'https://a%zz:pass%zzword@mcp.example.test/mcp')).toEqual(['pass%zzword'])
  })

  it.each(['api-version=2025-06-18', 'region=frankfurt', 'mode=application/json', 'expand=description'])(
    'is not what an address says for everybody, as %s',
    (query) => {
      expect(pieces({}, `https://mcp.example.test/mcp?${query}`)).toEqual([])
    },
  )

  it.each([
    ['sig=abcdefgh', 'abcdefgh'],
    ['X-Api-Key=abcdefgh', 'abcdefgh'],
    ['password=abcdefgh', 'abcdefgh'],
    ['x=9f8a7c6b5d4e3f2a', '9f8a7c6b5d4e3f2a'],
  ])('is what an address holds that looks like a credential, as %s', (query, piece) => {
    expect(pieces({}, `https://mcp.example.test/mcp?${query}`)).toEqual([piece])
  })

  it("is none of MCP's own words", () => {
    const headers = {
      'MCP-Protocol-Version': '2025-06-18',
      Accept: 'application/json, text/event-stream',
      'X-Method': 'tools/call',
      'X-Kind': 'jsonrpc',
    }
    const spoken = '{"jsonrpc":"2.0","method":"tools/call","protocolVersion":"2025-06-18"} text/event-stream'
    expect(mask(pieces(headers), spoken)).toBe(spoken)
  })

  it('is nothing that is too short to be one', () => {
    expect(pieces({ 'X-Region': 'eu-1', 'X-Debug': 'true' })).toEqual([])
  })
})
