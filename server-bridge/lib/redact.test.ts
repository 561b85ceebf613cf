import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isSecretName, redacted, redactText, redactValue } from './redact.ts'

const alphanumeric = Array.from('abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789')
const word = (length: number) =>
  fc.string({ unit: fc.constantFrom(...alphanumeric), minLength: length, maxLength: length })
const token = fc.tuple(word(10), word(22)).map(([id, secret]) => `${id}-${secret}`)
/** A secret that no rule knows by its look. */
const secret = fc.string({
  unit: fc.constantFrom(...alphanumeric, '_', '.', '-'),
  minLength: 12,
  maxLength: 40,
})
const mixCase = (name: string) =>
  fc.array(fc.boolean(), { minLength: name.length, maxLength: name.length }).map((upper) =>
    Array.from(name)
      .map((char, at) => (upper[at] === true ? char.toUpperCase() : char.toLowerCase()))
      .join(''),
  )
const secretHeader = fc
  .constantFrom('coder-session-token', 'authorization', 'cookie', 'x-api-key', 'proxy-authorization')
  .chain(mixCase)

describe('redaction', () => {
  it("removes Coder's tokens wherever they stand", () => {
    fc.assert(
      fc.property(token, fc.string(), fc.string(), (value, before, after) => {
        // A letter or digit beside it would make it another word.
        expect(redactText(`${before} ${value} ${after}`)).not.toContain(value)
        expect(redactText(`${before}"${value}"${after}`)).not.toContain(value)
      }),
    )
  })

  it('removes the values of secret headers, whatever the case of their names', () => {
    fc.assert(
      fc.property(secretHeader, secret, (name, value) => {
        expect(redactText(`${name}: ${value}`)).not.toContain(value)
        expect(redactText(JSON.stringify({ [name]: value }))).not.toContain(value)
        expect(JSON.stringify(redactValue({ headers: { [name]: value } }))).not.toContain(value)
        expect(JSON.stringify(redactValue(new Headers({ [name]: value })))).not.toContain(value)
        expect(JSON.stringify(redactValue({ headers: new Map([[name, [value]]]) }))).not.toContain(value)
      }),
    )
  })

  it('removes tokens and passwords from addresses', () => {
    const key = fc.constantFrom('coder_session_token', 'access_token', 'token', 'password').chain(mixCase)
    fc.assert(
      fc.property(key, secret, (name, value) => {
        expect(redactText(`GET https://h.example/x?a=1&${name}=${value}&b=2`)).not.toContain(value)
        expect(redactText(`wss://h.example/?${name}=${value}`)).not.toContain(value)
        expect(redactText(`https://ann:${value}@h.example/x`)).not.toContain(value)
        expect(redactValue(new URL(`https://h.example/?${name}=${value}`))).not.toContain(value)
      }),
    )
  })

  it('removes all of a credential header, whatever its scheme and however many parts it has', () => {
    const credentialHeader = fc
      .constantFrom('Authorization', 'Proxy-Authorization', 'Cookie', 'Set-Cookie')
      .chain(mixCase)
    const word = fc.constantFrom('token', 'Digest', 'ApiKey', 'AWS4-HMAC-SHA256', 'Negotiate')
    fc.assert(
      fc.property(credentialHeader, word, secret, secret, (name, scheme, one, two) => {
        for (const value of [
          `${scheme} ${one}`,
          `a=${one}; b=${two}`,
          `${scheme} username="x", response="${one}"`,
        ]) {
          for (const text of [
            `${name}: ${value}`,
            `GET /x HTTP/1.1\r\nHost: h\r\n${name}: ${value}\r\nAccept: */*`,
            JSON.stringify({ headers: { [name]: value } }),
            JSON.stringify({ body: JSON.stringify({ [name]: value }) }),
          ]) {
            expect(redactText(text)).not.toContain(one)
            if (value.includes(two)) expect(redactText(text)).not.toContain(two)
          }
        }
        expect(redactText(`${name}: ${one}\nAccept: kept`)).toContain('Accept: kept')
      }),
    )
  })

  it('removes the values of secret variables, quoted or not, wherever an environment is written down', () => {
    const name = fc.constantFrom(
      'GITHUB_TOKEN',
      'AWS_SECRET_ACCESS_KEY',
      'DB_PASSWORD',
      'PGPASSWD',
      'OPENAI_API_KEY',
      'ANTHROPIC_AUTH_TOKEN',
      'GOOGLE_CREDENTIALS',
    )
    fc.assert(
      fc.property(name, secret, secret, (variable, one, two) => {
        for (const text of [
          `${variable}=${one}`,
          `export ${variable}="${one} ${two}"`,
          `env A=1 ${variable}='${one} ${two}' run`,
          `A=1,${variable}=${one}`,
          `{${variable}=${one}}`,
          JSON.stringify({ message: `Failed: ${variable}="${one}"` }),
          JSON.stringify(JSON.stringify({ [variable]: one })),
        ]) {
          expect(redactText(text)).not.toContain(one)
          if (text.includes(`${one} ${two}`)) expect(redactText(text)).not.toContain(two)
        }
        expect(JSON.stringify(redactValue({ env: { [variable]: one } }))).not.toContain(one)
        expect(JSON.stringify(redactValue([`${variable}=${one}`]))).not.toContain(one)
      }),
    )
  })

  it('removes private keys, also ones cut short', () => {
    const begin = '-----BEGIN OPENSSH PRIVATE KEY-----'
    const body = 'b3BlbnNzaC1rZXktdjEAAAAABG5vbmU'
    expect(redactText(`key:\n${begin}\n${body}\n-----END OPENSSH PRIVATE KEY-----\nrest`)).not.toContain(body)
    expect(redactText(`key:\n${begin}\n${body}`)).not.toContain(body)
  })

  it('reaches into errors, their causes and their properties', () => {
    const value = 'abcdefghij-abcdefghijklmnopqrstuv'
    const cause = Object.assign(new Error(`Cookie: ${value}`), { request: { Authorization: 'opaque-value' } })
    const text = JSON.stringify(redactValue({ error: new Error(`token ${value}`, { cause }) }))
    expect(text).not.toContain(value)
    expect(text).not.toContain('opaque-value')
    expect(text).toContain('stack')
  })

  it('leaves ordinary text alone', () => {
    for (const text of [
      'Called GET /api/v2/workspaces/3b579bf4-1ed8-4b99-87a8-e9a1e3410410 in 12 ms',
      'https://coder.example.com/templates?q=name:docker&limit=25',
      'The token has expired.',
      'error: connect ECONNREFUSED 127.0.0.1:3000',
      'Authorization was refused; sign in again.',
      'cookies: off',
      'PATH=/usr/bin:/bin HOME="/home/ada lovelace" LANG=C',
    ]) {
      expect(redactText(text)).toBe(text)
    }
  })

  it('never throws, cuts cycles and depth, and gives plain JSON', () => {
    const cyclic: Record<string, unknown> = { name: 'x' }
    cyclic['self'] = cyclic
    const hostile = {
      get broken(): never {
        throw new Error('no')
      },
    }
    expect(redactValue({ cyclic, hostile, bytes: new Uint8Array(3), big: 1n, at: new Date(NaN) })).toEqual({
      cyclic: { name: 'x', self: '[circular]' },
      hostile: { broken: '[unreadable]' },
      bytes: '[3 bytes]',
      big: '1',
      at: 'Invalid Date',
    })
    fc.assert(
      fc.property(
        fc.anything({ withMap: true, withSet: true, withDate: true, withBigInt: true }),
        (value) => {
          expect(() => JSON.stringify(redactValue(value))).not.toThrow()
        },
      ),
    )
  })

  it('stays quick on long hostile text', () => {
    const started = performance.now()
    redactText('a='.repeat(50_000))
    redactText('https://'.repeat(20_000))
    redactText('"a":'.repeat(30_000))
    redactText('token:'.repeat(20_000))
    redactText('token="'.repeat(20_000))
    redactText(`cookie: ${'a=b; '.repeat(20_000)}`)
    redactText('authorization: '.repeat(10_000))
    redactText(`${'a'.repeat(100_000)} ${'\\\\'.repeat(50_000)}"`)
    redactText(`token${' '.repeat(100_000)}x`)
    redactText(`-----BEGIN PRIVATE KEY-----${'-----BEGIN '.repeat(10_000)}`)
    expect(performance.now() - started).toBeLessThan(2000)
  })

  it('knows secret names by their ending', () => {
    expect(['github_token', 'GITHUB-TOKEN', 'dbPassword', 'client_secret'].every(isSecretName)).toBe(true)
    expect(['tokens_used', 'name', 'keyboard', 'host'].some(isSecretName)).toBe(false)
    expect(redacted).not.toBe('')
  })
})
