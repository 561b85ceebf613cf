import { createHash, randomInt, timingSafeEqual } from 'node:crypto'

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const ID_LENGTH = 10
const SECRET_LENGTH = 22
const TOKEN = /^([0-9A-Za-z]{10})-([0-9A-Za-z]{22})$/

export interface SessionToken {
  readonly id: string
  readonly secret: string
}

/** Random letters and digits; `randomInt` has no modulo bias. */
export function randomAlphanumeric(length: number): string {
  return Array.from({ length }, () => ALPHABET.charAt(randomInt(ALPHABET.length))).join('')
}

/** A new `<id>-<secret>`: the id finds the row, the secret (131 bits) proves it. */
export function newSessionToken(): SessionToken & { readonly token: string } {
  const id = randomAlphanumeric(ID_LENGTH)
  const secret = randomAlphanumeric(SECRET_LENGTH)
  return { id, secret, token: `${id}-${secret}` }
}

/** The halves of a well-formed token. */
export function parseSessionToken(token: string): SessionToken | undefined {
  const match = TOKEN.exec(token)
  return match?.[1] !== undefined && match[2] !== undefined ? { id: match[1], secret: match[2] } : undefined
}

/** What is stored instead of a secret. The secrets are random, so a plain hash is enough. */
export function hashSecret(secret: string): Uint8Array {
  return createHash('sha256').update(secret).digest()
}

/** Compares without telling by time where the difference is. */
export function secretMatches(secret: string, hash: ArrayBuffer): boolean {
  const expected = new Uint8Array(hash)
  const given = hashSecret(secret)
  return given.byteLength === expected.byteLength && timingSafeEqual(given, expected)
}
