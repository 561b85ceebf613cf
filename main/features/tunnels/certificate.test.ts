import { execFileSync } from 'node:child_process'
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeAuthority, makeLeaf, type CertificateWithKey } from './certificate.ts'

const now = Date.parse('2026-11-26T12:00:00Z')
const name = 'api--3000.localhost'
const authority = makeAuthority('ada’s laptop', now)
const leaf = makeLeaf(authority, name, now)

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'outpost-certificate-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

/** Judged by another hand than ours. */
function verify(given: CertificateWithKey, host: string, at = now): string {
  writeFileSync(join(folder, 'ca.pem'), authority.certificate)
  writeFileSync(join(folder, 'leaf.pem'), given.certificate)
  const args = ['-x509_strict', '-purpose', 'sslserver', '-attime', String(Math.floor(at / 1000))]
  try {
    return execFileSync(
      'openssl',
      [
        'verify',
        ...args,
        '-verify_hostname',
        host,
        '-CAfile',
        join(folder, 'ca.pem'),
        join(folder, 'leaf.pem'),
      ],
      { encoding: 'utf8', stdio: 'pipe' },
    )
  } catch (error) {
    return (error as { stderr: string }).stderr
  }
}

describe('a certificate of the authority', () => {
  it('is accepted for its name, and for no other', () => {
    expect(verify(leaf, name)).toContain('OK')
    expect(verify(leaf, 'api--3001.localhost')).toContain('hostname mismatch')
  })

  it('is short enough for browsers, and not accepted after its time', () => {
    const { validFrom, validTo } = new X509Certificate(leaf.certificate)
    expect(Date.parse(validTo) - Date.parse(validFrom)).toBeLessThanOrEqual(398 * 24 * 60 * 60_000)
    expect(verify(leaf, name, now + 400 * 24 * 60 * 60_000)).toContain('expired')
  })

  it('for a name outside of localhost is worth nothing, whoever made it', () => {
    expect(verify(makeLeaf(authority, 'bank.example', now), 'bank.example')).toContain(
      'permitted subtree violation',
    )
  })

  it('signed by another authority of the same name is worth nothing', () => {
    expect(verify(makeLeaf(makeAuthority('ada’s laptop', now), name, now), name)).toContain('error')
  })

  it('has the key that goes with it, and not the authority’s', () => {
    const has = (key: string): boolean =>
      new X509Certificate(leaf.certificate).checkPrivateKey(createPrivateKey(key))
    expect([has(leaf.key), has(authority.key)]).toEqual([true, false])
    expect(new X509Certificate(authority.certificate).ca).toBe(true)
    expect(new X509Certificate(leaf.certificate).ca).toBe(false)
  })
})
