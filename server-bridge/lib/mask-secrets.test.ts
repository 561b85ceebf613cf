import { expect, it } from 'vitest'
import { createMaskSecrets } from './mask-secrets.ts'

const secret = 'p"ä\\ s/+word-0123456789'

it.each([
  ['plain', secret],
  ['JSON', JSON.stringify({ a: secret })],
  ['JSON in JSON', JSON.stringify({ line: JSON.stringify({ a: secret }) })],
  ['base64', Buffer.from(secret).toString('base64')],
  ['base64 behind a name', Buffer.from(`me:${secret}`).toString('base64')],
  ['base64url', Buffer.from(`x:${secret}`).toString('base64url')],
  ['percent-encoded', `?a=${encodeURIComponent(secret)}&b`],
  [
    'percent-encoded in small letters',
    encodeURIComponent(secret).replaceAll(/%../g, (code) => code.toLowerCase()),
  ],
  ['hex', Buffer.from(secret).toString('hex')],
  ['hex in capitals', Buffer.from(secret).toString('hex').toUpperCase()],
])('masks a secret in %s', (_, text) => {
  const masked = createMaskSecrets([secret])(`before ${text} after`)
  expect(masked).toContain('[secret]')
  expect(masked).toMatch(/^before .*after$/)
  expect(masked).not.toContain('0123456789')
  expect(masked).not.toContain(Buffer.from('0123456').toString('base64').slice(0, 8))
})

it('masks the longer of two that overlap, a short one only where it stands alone, and leaves the rest', () => {
  const maskText = createMaskSecrets(['abcdef', 'abcdefghij', 'on', ''])
  expect(maskText('abcdefghij abcdef, on and once')).toBe('[secret] [secret], [secret] and once')
  expect(createMaskSecrets([])('as it is')).toBe('as it is')
})

it('masks what is left of one where a text was cut', () => {
  const cut = createMaskSecrets(['abcdefghijklmnop'])
  expect(cut('It said abcdefghij… and abcdefgh, and abc…')).toBe('It said [secret]… and abcdefgh, and abc…')
})
