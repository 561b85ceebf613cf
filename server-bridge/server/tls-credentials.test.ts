import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createSelfSigned } from '../testing/self-signed.ts'
import { loadTlsCredentials, TlsFilesError } from './tls-credentials.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'outpost-tls-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

const DAY = 86_400_000
const now = Date.now()
const load = (cert: string | undefined, key: string | undefined) => {
  const certFile = join(folder, 'cert.pem')
  const keyFile = join(folder, 'key.pem')
  if (cert !== undefined) writeFileSync(certFile, cert)
  if (key !== undefined) writeFileSync(keyFile, key)
  return loadTlsCredentials({ certFile, keyFile }, now)
}
const refusal = (cert: string | undefined, key: string | undefined): string => {
  try {
    load(cert, key)
    return 'none'
  } catch (error) {
    expect(error).toBeInstanceOf(TlsFilesError)
    return (error as Error).message
  }
}

it('takes a certificate with its key', () => {
  const { cert, key } = createSelfSigned()
  expect(load(cert, key)).toEqual({ cert, key })
})

it('says which file is wrong, and how', () => {
  const { cert, key } = createSelfSigned()
  expect(refusal(undefined, key)).toMatch(/certificate file .*cert\.pem is not there/)
  expect(refusal('nonsense', key)).toMatch(/no certificate in PEM form in .*cert\.pem/)
  expect(refusal(cert, 'nonsense')).toMatch(/no private key in PEM form in .*key\.pem/)
  expect(refusal(cert, createSelfSigned().key)).toMatch(/does not belong to the certificate/)
  const encrypted = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' },
  }).privateKey
  expect(refusal(cert, encrypted)).toMatch(/is encrypted/)
})

it('refuses a certificate out of its time', () => {
  const old = createSelfSigned({ notBefore: new Date(now - 9 * DAY), notAfter: new Date(now - DAY) })
  expect(refusal(old.cert, old.key)).toMatch(/expired on/)
  const young = createSelfSigned({ notBefore: new Date(now + DAY), notAfter: new Date(now + 9 * DAY) })
  expect(refusal(young.cert, young.key)).toMatch(/is not valid before/)
})
