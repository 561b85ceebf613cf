/**
 * Certificates for tunnels that speak HTTPS (RFC 5280, ECDSA on P-256): an authority of this computer, and what it
 * signs. The authority is bound to names below `localhost`, so whoever stole its key could pose as nothing else.
 */
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  randomBytes,
  sign,
  type KeyObject,
} from 'node:crypto'
import { bits, boolean, integer, octets, oid, sequence, set, tagged, time, utf8 } from './der.ts'

/** Both as PEM. */
export interface CertificateWithKey {
  readonly certificate: string
  /** Secret. */
  readonly key: string
}

const dayMs = 24 * 60 * 60_000
const authorityDays = 3650
/** What browsers accept at most. */
const leafDays = 397
/** Clocks of one machine differ from themselves after a correction. */
const leewayMs = dayMs

const ecdsaWithSha256 = sequence(oid('1.2.840.10045.4.3.2'))
const serverAuth = '1.3.6.1.5.5.7.3.1'

/** @param host this computer's name, so that a person tells several apart in a list of authorities. */
export function makeAuthority(host: string, now: number): CertificateWithKey {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const subject = nameOf(`Outpost tunnels on ${host.slice(0, 40)}`)
  const certificate = signed({
    subject,
    issuer: subject,
    publicKey: createPublicKey(privateKey),
    issuerKey: privateKey,
    validity: validity(now, authorityDays),
    extensions: [
      // An authority of leaves alone.
      extension('2.5.29.19', sequence(boolean(true), integer(Buffer.from([0]))), true),
      // keyCertSign
      extension('2.5.29.15', bits(Buffer.from([0x04]), 2), true),
      extension('2.5.29.14', octets(keyId(createPublicKey(privateKey)))),
      extension('2.5.29.37', sequence(oid(serverAuth))),
      extension('2.5.29.30', nameConstraints(), true),
    ],
  })
  return { certificate, key: pemOfKey(privateKey) }
}

/** A certificate for one name, with a key of its own. */
export function makeLeaf(authority: CertificateWithKey, name: string, now: number): CertificateWithKey {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const publicKey = createPublicKey(privateKey)
  const issuerKey = createPrivateKey(authority.key)
  const certificate = signed({
    subject: nameOf(name.slice(0, 64)),
    issuer: subjectOf(authority.certificate),
    publicKey,
    issuerKey,
    validity: validity(now, leafDays),
    extensions: [
      extension('2.5.29.19', sequence(), true),
      // digitalSignature
      extension('2.5.29.15', bits(Buffer.from([0x80]), 7), true),
      extension('2.5.29.37', sequence(oid(serverAuth))),
      extension('2.5.29.14', octets(keyId(publicKey))),
      extension('2.5.29.35', sequence(tagged(0x80, keyId(createPublicKey(issuerKey))))),
      extension('2.5.29.17', sequence(dnsName(name))),
    ],
  })
  return { certificate, key: pemOfKey(privateKey) }
}

interface Contents {
  readonly subject: Buffer
  readonly issuer: Buffer
  readonly publicKey: KeyObject
  readonly issuerKey: KeyObject
  readonly validity: Buffer
  readonly extensions: readonly Buffer[]
}

function signed({ subject, issuer, publicKey, issuerKey, validity: valid, extensions }: Contents): string {
  const body = sequence(
    // Version 3.
    tagged(0xa0, integer(Buffer.from([2]))),
    integer(Buffer.concat([Buffer.from([1]), randomBytes(15)])),
    ecdsaWithSha256,
    issuer,
    valid,
    subject,
    publicKey.export({ type: 'spki', format: 'der' }),
    tagged(0xa3, sequence(...extensions)),
  )
  const signature = sign('sha256', body, { key: issuerKey, dsaEncoding: 'der' })
  return pem('CERTIFICATE', sequence(body, ecdsaWithSha256, bits(signature)))
}

function extension(id: string, value: Buffer, isCritical = false): Buffer {
  return sequence(oid(id), ...(isCritical ? [boolean(true)] : []), octets(value))
}

/** Names below `localhost` and no address at all (RFC 5280, 4.2.1.10). */
function nameConstraints(): Buffer {
  const permitted = tagged(0xa0, sequence(dnsName('localhost')))
  const addresses = [8, 32].map((size) => sequence(tagged(0x87, Buffer.alloc(size))))
  return sequence(permitted, tagged(0xa1, ...addresses))
}

function dnsName(name: string): Buffer {
  return tagged(0x82, Buffer.from(name, 'ascii'))
}

function nameOf(commonName: string): Buffer {
  return sequence(set(sequence(oid('2.5.4.3'), utf8(commonName))))
}

function validity(now: number, days: number): Buffer {
  return sequence(time(new Date(now - leewayMs)), time(new Date(now - leewayMs + days * dayMs)))
}

function keyId(key: KeyObject): Buffer {
  return createHash('sha1')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest()
}

function pem(label: string, der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? []
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n')
}

function pemOfKey(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }) as string
}

/** The subject of a certificate that `signed` made, byte for byte: the sixth field of its body. */
function subjectOf(certificate: string): Buffer {
  const der = Buffer.from(certificate.replaceAll(/-----[^-]+-----|\s/g, ''), 'base64')
  const outer = contentAt(der, 0)
  let at = contentAt(der, outer.start).start
  for (let field = 0; field < 5; field += 1) at = contentAt(der, at).end
  return der.subarray(at, contentAt(der, at).end)
}

function contentAt(der: Buffer, at: number): { readonly start: number; readonly end: number } {
  const first = der[at + 1] ?? 0
  if (first < 0x80) return { start: at + 2, end: at + 2 + first }
  const count = first & 0x7f
  const start = at + 2 + count
  return { start, end: start + der.readUIntBE(at + 2, count) }
}
