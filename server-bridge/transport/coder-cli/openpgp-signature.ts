/**
 * Detached OpenPGP signatures, as far as a release of Coder's CLI has them: RSA over a file's bytes, version 4. Section
 * and packet numbers are those of RFC 9580.
 */
import { createHash, createPublicKey, createVerify, type KeyObject } from 'node:crypto'
import type { Readable } from 'node:stream'

/** The signature is not one that says the file is the signer's. `message` is a sentence. */
export class SignatureError extends Error {
  override readonly name = 'SignatureError'
}

interface Packet {
  readonly tag: number
  readonly body: Buffer
}

interface RsaKey {
  readonly fingerprint: Buffer
  readonly key: KeyObject
  readonly modulusBytes: number
  /** Epoch seconds. */
  readonly createdAt: number
}

const tags = { signature: 2, publicKey: 6 } as const
const rsa = 1
const binaryDocument = 0x00
/** Section 9.5. MD5, SHA-1 and RIPEMD-160 are broken or nearly so. */
const digests: Readonly<Record<number, string>> = { 8: 'RSA-SHA256', 9: 'RSA-SHA384', 10: 'RSA-SHA512' }
/** Section 5.2.3.7: what is read here. A critical one that is not read makes a signature void. */
const subpackets = { createdAt: 2, expiresAfter: 3, issuer: 16, issuerFingerprint: 33 } as const
const maxArmorChars = 64 * 1024

/**
 * Checks that a file was signed with a key. The file is read once.
 *
 * @param armored text of the signature, and of the public key's block.
 * @param now epoch milliseconds.
 * @throws {SignatureError} when it was not; errors of the file pass through.
 */
export async function verifyDetachedSignature(
  file: Readable,
  armored: { readonly signature: string; readonly publicKey: string },
  now: number,
): Promise<void> {
  const key = readPublicKey(armored.publicKey)
  const signature = readSignature(armored.signature)
  if (
    signature.issuer !== undefined &&
    !signature.issuer.equals(key.fingerprint.subarray(-signature.issuer.length))
  )
    throw new SignatureError('The signature was made with another key.')
  const created = signature.createdAt * 1000
  // A day for clocks that differ.
  if (signature.createdAt < key.createdAt || created > now + 86_400_000)
    throw new SignatureError('The time of the signature cannot be right.')
  if (signature.expiresAfter !== 0 && created + signature.expiresAfter * 1000 < now)
    throw new SignatureError('The signature has expired.')
  const verify = createVerify(signature.digest)
  for await (const chunk of file as AsyncIterable<Buffer>) verify.update(chunk)
  verify.update(signature.trailer)
  // Leading zeros are not written (3.2), and the check wants all bytes.
  const value = Buffer.concat([
    Buffer.alloc(Math.max(0, key.modulusBytes - signature.value.length)),
    signature.value,
  ])
  if (!verify.verify(key.key, value)) throw new SignatureError('The signature does not fit the file.')
}

/** The primary key of a block; subkeys sign nothing here. */
function readPublicKey(armor: string): RsaKey {
  const body = packetOf(armor, tags.publicKey)
  const reader = createReader(body)
  if (reader.number(1) !== 4) throw new SignatureError('The key has a version that is not known.')
  const createdAt = reader.number(4)
  if (reader.number(1) !== rsa) throw new SignatureError('The key is of a kind that is not known.')
  const n = reader.integer()
  const e = reader.integer()
  const head = Buffer.from([0x99, body.length >> 8, body.length & 0xff])
  return {
    // What OpenPGP names a key by; nothing is proven by it.
    fingerprint: createHash('sha1').update(head).update(body).digest(),
    key: createPublicKey({
      format: 'jwk',
      key: { kty: 'RSA', n: n.toString('base64url'), e: e.toString('base64url') },
    }),
    modulusBytes: n.length,
    createdAt,
  }
}

function readSignature(armor: string) {
  const body = packetOf(armor, tags.signature)
  const reader = createReader(body)
  const [version, type, algorithm, hash] = [
    reader.number(1),
    reader.number(1),
    reader.number(1),
    reader.number(1),
  ]
  const digest = digests[hash]
  if (version !== 4 || type !== binaryDocument || algorithm !== rsa || digest === undefined)
    throw new SignatureError('The signature is of a kind that is not accepted.')
  const hashed = readSubpackets(reader.bytes(reader.number(2)))
  const hashedEnd = reader.at
  // Not signed, so nothing is believed of it but who may have signed.
  const unhashed = readSubpackets(reader.bytes(reader.number(2)))
  reader.bytes(2)
  const createdAt = hashed.get(subpackets.createdAt)
  if (createdAt?.length !== 4) throw new SignatureError('The signature does not say when it was made.')
  const length = Buffer.alloc(4)
  length.writeUInt32BE(hashedEnd)
  const fingerprint = hashed.get(subpackets.issuerFingerprint)?.subarray(1)
  return {
    digest,
    createdAt: createdAt.readUInt32BE(),
    expiresAfter: hashed.get(subpackets.expiresAfter)?.readUInt32BE() ?? 0,
    issuer: fingerprint ?? hashed.get(subpackets.issuer) ?? unhashed.get(subpackets.issuer),
    /** What is hashed behind the file (5.2.4). */
    trailer: Buffer.concat([body.subarray(0, hashedEnd), Buffer.from([4, 0xff]), length]),
    value: reader.integer(),
  }
}

function readSubpackets(area: Buffer): Map<number, Buffer> {
  const found = new Map<number, Buffer>()
  const reader = createReader(area)
  const known = new Set<number>(Object.values(subpackets))
  while (reader.at < area.length) {
    const first = reader.number(1)
    const length =
      first < 192 ? first : first < 255 ? ((first - 192) << 8) + reader.number(1) + 192 : reader.number(4)
    const content = reader.bytes(length)
    const type = content[0] ?? 0
    if (type >= 0x80 && !known.has(type & 0x7f))
      throw new SignatureError('The signature has a condition that is not known.')
    found.set(type & 0x7f, content.subarray(1))
  }
  return found
}

/** Of several packets the first of a kind. */
function packetOf(armor: string, tag: number): Buffer {
  const packet = readPackets(unarmor(armor)).find((one) => one.tag === tag)
  if (packet === undefined) throw new SignatureError('This is no signature or key of OpenPGP.')
  return packet.body
}

function unarmor(armor: string): Buffer {
  if (armor.length > maxArmorChars) throw new SignatureError('The signature is too long.')
  const block =
    /-----BEGIN PGP [A-Z ]+-----\r?\n(?:[^\r\n]+: [^\r\n]*\r?\n)*\r?\n([A-Za-z0-9+/=\r\n]+?)(?:\r?\n=[A-Za-z0-9+/]{4})?\r?\n-----END PGP /.exec(
      armor,
    )
  if (block?.[1] === undefined) throw new SignatureError('This is no signature of OpenPGP.')
  return Buffer.from(block[1], 'base64')
}

function readPackets(bytes: Buffer): Packet[] {
  const packets: Packet[] = []
  const reader = createReader(bytes)
  while (reader.at < bytes.length) {
    const head = reader.number(1)
    if ((head & 0x80) === 0) throw new SignatureError('The signature is damaged.')
    const isNew = (head & 0x40) !== 0
    const tag = isNew ? head & 0x3f : (head >> 2) & 0x0f
    packets.push({ tag, body: reader.bytes(isNew ? newLength(reader) : oldLength(reader, head & 3)) })
  }
  return packets
}

function newLength(reader: ReturnType<typeof createReader>): number {
  const first = reader.number(1)
  if (first < 192) return first
  if (first < 224) return ((first - 192) << 8) + reader.number(1) + 192
  if (first === 255) return reader.number(4)
  throw new SignatureError('The signature is in parts, which is not known.')
}

function oldLength(reader: ReturnType<typeof createReader>, kind: number): number {
  if (kind === 3) throw new SignatureError('The signature has no length.')
  return reader.number(1 << kind)
}

function createReader(from: Buffer) {
  let at = 0
  const bytes = (length: number): Buffer => {
    if (at + length > from.length) throw new SignatureError('The signature is cut off.')
    at += length
    return from.subarray(at - length, at)
  }
  const number = (length: number): number => bytes(length).readUIntBE(0, length)
  return {
    bytes,
    number,
    /** A length in bits, and the number (3.2). */
    integer: () => bytes(Math.ceil(number(2) / 8)),
    get at() {
      return at
    },
  }
}
