import { describe, expect, it } from 'vitest'
import { ApiError } from '../api-error.ts'
import { parseSecretsFile } from './secrets-file.ts'

const read = (format: 'env' | 'json' | 'yaml', content: string) =>
  Object.fromEntries(parseSecretsFile(format, content).map(({ key, value }) => [key, value]))

describe('a dotenv file', () => {
  it('gives its lines, with quotes, comments and values over several lines', () => {
    const content = [
      '# comment',
      '',
      'A=plain value # comment',
      'export B = "two\\nlines \\"quoted\\""',
      "C='as $it \\n is'",
      'D=',
      'E="first',
      'second"',
      'F=a#b',
      'URL=https://x.example/?a=b',
    ].join('\r\n')
    expect(read('env', content)).toEqual({
      A: 'plain value',
      B: 'two\nlines "quoted"',
      C: 'as $it \\n is',
      D: '',
      E: 'first\nsecond',
      F: 'a#b',
      URL: 'https://x.example/?a=b',
    })
  })

  it.each(['top secret', '=x', 'A="open', "A='open", 'A="x" y'])('with %j is refused by its line', (line) => {
    try {
      read('env', `OK=1\n${line}`)
      expect.unreachable()
    } catch (error) {
      expect((error as ApiError).body.validations).toEqual([
        { field: 'content', detail: 'Line 2 is not of the form KEY=value.' },
      ])
    }
  })

  it('takes linear time whatever it holds', () => {
    expect(() => read('env', `A="${'\\'.repeat(500_000)}`)).toThrow(ApiError)
    expect(() => read('env', '="'.repeat(300_000))).toThrow(ApiError)
  })
})

describe('a mapping', () => {
  it('gives its texts, in JSON and in YAML, where every scalar is the text it was written as', () => {
    expect(read('json', '{"a": "1", "b": "x\\ny"}')).toEqual({ a: '1', b: 'x\ny' })
    expect(read('yaml', 'a: 0123\nb: yes\nc: |\n  x\n  y\n')).toEqual({ a: '0123', b: 'yes', c: 'x\ny\n' })
  })

  it.each([
    ['json', '{"a": topsecret}'],
    ['json', '["topsecret"]'],
    ['json', '{"a": {"b": "topsecret"}}'],
    ['json', '{"a": 1}'],
    ['yaml', '- topsecret'],
    ['yaml', 'a: [topsecret]'],
    ['yaml', 'a: topsecret\na: b'],
    ['yaml', 'a: &x topsecret\nb: *x'],
    ['yaml', 'a: "topsecret'],
  ] as const)('in %s is refused for %j, without repeating it', (format, content) => {
    expect(() => read(format, content)).toThrow(ApiError)
    try {
      read(format, content)
    } catch (error) {
      expect(JSON.stringify((error as ApiError).body)).not.toContain('topsecret')
    }
  })

  it('larger than 1 MiB is refused', () => {
    expect(() => read('json', JSON.stringify({ a: 'x'.repeat(1024 * 1024) }))).toThrow(ApiError)
  })
})
