import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'

const VERSION = 'v1'
const CIPHER = 'aes-256-gcm'
const KEY_BYTES = 32
/** 96 bits, what GCM is made for (NIST SP 800-38D, 8.2.2). */
const NONCE_BYTES = 12
const TAG_BYTES = 16

/** Where a sealed value is kept. A value moved to another place does not open there. */
export interface SecretBinding {
  readonly table: string
  /** The row's primary key. */
  readonly row: string
  readonly column: string
}

/** A 256-bit key and the name that envelopes call it by, which says nothing about the key. */
export interface SecretKey {
  readonly id: string
  readonly bytes: Uint8Array
}

/** Seals what must not lie in the database in the clear. */
export interface SecretBox {
  /** The envelope to store: `v1.<key id>.<nonce, ciphertext and tag in base64url>`. */
  seal(plain: string, binding: SecretBinding): string
  /** @throws {SecretBoxError} for an envelope of another key or place, or one that was changed. */
  open(sealed: string, binding: SecretBinding): string
}

/** A value cannot be opened. Says which one, never what is in it. */
export class SecretBoxError extends Error {
  override readonly name = 'SecretBoxError'
}

/** A fresh random key. */
export function newSecretKey(): SecretKey {
  return toSecretKey(randomBytes(KEY_BYTES))
}

/** @throws {SecretBoxError} unless the key has 256 bits. */
export function toSecretKey(bytes: Uint8Array): SecretKey {
  if (bytes.byteLength !== KEY_BYTES) throw new SecretBoxError('A key must have 256 bits.')
  const id = createHash('sha256').update('outpost secret key id').update(bytes).digest('hex').slice(0, 16)
  return { id, bytes }
}

// JSON keeps the parts apart, whatever characters they hold.
const additionalData = (keyId: string, { table, row, column }: SecretBinding): Buffer =>
  Buffer.from(JSON.stringify([VERSION, keyId, table, row, column]))

const place = ({ table, column, row }: SecretBinding): string => `${table}.${column} of ${row}`

/** Makes the box over one key. */
export function createSecretBox(key: SecretKey): SecretBox {
  return {
    seal(plain, binding) {
      const nonce = randomBytes(NONCE_BYTES)
      const cipher = createCipheriv(CIPHER, key.bytes, nonce, { authTagLength: TAG_BYTES })
      cipher.setAAD(additionalData(key.id, binding))
      const body = Buffer.concat([nonce, cipher.update(plain, 'utf8'), cipher.final(), cipher.getAuthTag()])
      return `${VERSION}.${key.id}.${body.toString('base64url')}`
    },
    open(sealed, binding) {
      const [version, keyId, encoded = ''] = sealed.split('.')
      const body = Buffer.from(encoded, 'base64url')
      if (version !== VERSION || keyId !== key.id || body.byteLength < NONCE_BYTES + TAG_BYTES) {
        throw new SecretBoxError(`The secret in ${place(binding)} is not sealed with the present key.`)
      }
      const decipher = createDecipheriv(CIPHER, key.bytes, body.subarray(0, NONCE_BYTES), {
        authTagLength: TAG_BYTES,
      })
      decipher.setAAD(additionalData(keyId, binding))
      decipher.setAuthTag(body.subarray(-TAG_BYTES))
      try {
        const plain = decipher.update(body.subarray(NONCE_BYTES, -TAG_BYTES))
        return Buffer.concat([plain, decipher.final()]).toString('utf8')
      } catch (error) {
        throw new SecretBoxError(`The secret in ${place(binding)} was changed or moved.`, { cause: error })
      }
    },
  }
}
