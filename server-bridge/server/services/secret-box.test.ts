import { describe, expect, it } from 'vitest'
import { createSecretBox, newSecretKey, SecretBoxError, toSecretKey } from './secret-box.ts'

const place = { table: 'user_secrets', row: 'a', column: 'value' }

describe('a secret box', () => {
  it('opens what it sealed, whatever the text, and never seals the same text alike', () => {
    const box = createSecretBox(newSecretKey())
    for (const plain of ['', 'a', 'Zoë \0 \u2028', 'x'.repeat(100_000)]) {
      const [first, second] = [box.seal(plain, place), box.seal(plain, place)]
      expect(first).not.toBe(second)
      expect(box.open(first, place)).toBe(plain)
    }
  })

  it('does not open a value that was moved to another row, column or table', () => {
    const box = createSecretBox(newSecretKey())
    const sealed = box.seal('top secret', place)
    for (const other of [
      { ...place, row: 'b' },
      { ...place, column: 'other' },
      { ...place, table: 'git_ssh_keys' },
      { table: 'user_secrets","a', row: '', column: 'value' },
    ]) {
      expect(() => box.open(sealed, other)).toThrow(SecretBoxError)
    }
  })

  it('does not open what was changed, cut or sealed by another key, and does not tell what it holds', () => {
    const box = createSecretBox(newSecretKey())
    const sealed = box.seal('top secret', place)
    const [version, id, body = ''] = sealed.split('.')
    const bytes = Buffer.from(body, 'base64url')
    bytes[14] = (bytes[14] ?? 0) ^ 1
    const bad = [
      `${version}.${id}.${bytes.toString('base64url')}`,
      `${version}.${id}.${body.slice(0, 20)}`,
      `v2.${id}.${body}`,
      '',
      createSecretBox(newSecretKey()).seal('top secret', place),
    ]
    for (const value of bad) {
      expect(() => box.open(value, place)).toThrow(SecretBoxError)
      expect(() => box.open(value, place)).not.toThrow('top secret')
    }
  })

  it('takes only keys of 256 bits, and names them without giving them away', () => {
    expect(() => toSecretKey(new Uint8Array(16))).toThrow('256 bits')
    const { id, bytes } = newSecretKey()
    expect(toSecretKey(bytes).id).toBe(id)
    expect(Buffer.from(bytes).toString('hex')).not.toContain(id)
  })
})
