import ssh2 from 'ssh2'
import { expect, test } from 'vitest'
import { deriveHostKey } from './host-key.ts'

function publicKey(pem: string): string {
  const key = ssh2.utils.parseKey(pem)
  if (key instanceof Error) throw key
  expect(key.type).toBe('ssh-ed25519')
  return key.getPublicSSH().toString('base64')
}

test('is a key that signs, the same for the same workspace and agent', () => {
  const pem = deriveHostKey('11111111-2222-3333-4444-555555555555', 'main')
  const key = ssh2.utils.parseKey(pem)
  if (key instanceof Error) throw key
  const signature = key.sign('text')
  expect(key.verify('text', signature)).toBe(true)
  expect(key.verify('other', signature)).toBe(false)
  expect(deriveHostKey('11111111-2222-3333-4444-555555555555', 'main')).toBe(pem)
})

test('differs between workspaces and between agents', () => {
  const keys = [
    deriveHostKey('11111111-2222-3333-4444-555555555555', 'main'),
    deriveHostKey('11111111-2222-3333-4444-555555555555', 'other'),
    deriveHostKey('99999999-2222-3333-4444-555555555555', 'main'),
  ].map(publicKey)
  expect(new Set(keys).size).toBe(3)
})
