import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'

const MIN_ENTROPY_BITS = 52
const MAX_BYTES = 64
const COST = { N: 2 ** 15, r: 8, p: 1, maxmem: 64 * 1024 * 1024 }
const KEY_LENGTH = 32

// Sets a guesser would take as a whole once one of their characters is seen.
const CHARACTER_SETS: readonly (readonly [RegExp, number])[] = [
  [/[a-z]/, 26],
  [/[A-Z]/, 26],
  [/\d/, 10],
  [/[!@$&*]/, 5],
  [/[_\-., ]/, 5],
  [/["#%'()+/:;<=>?[\\\]^{|}~`]/, 22],
]
const SEQUENCES = ['0123456789', 'qwertyuiop', 'asdfghjkl', 'zxcvbnm', 'abcdefghijklmnopqrstuvwxyz']

const derive = (password: string, salt: Buffer): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    scrypt(password, salt, KEY_LENGTH, COST, (error, key) => {
      if (error) reject(error)
      else resolve(key)
    })
  })

/** Drops what a guesser gets for free: repeats of the same character and runs along a known sequence. */
function countUnpredictable(password: string): number {
  const lower = password.toLowerCase()
  let count = 0
  for (let at = 0; at < lower.length; at += 1) {
    const char = lower.charAt(at)
    const [before, beforeThat] = [lower.charAt(at - 1), lower.charAt(at - 2)]
    const repeats = at >= 2 && char === before && char === beforeThat
    const run = beforeThat + before + char
    const reversed = char + before + beforeThat
    const runs = at >= 2 && SEQUENCES.some((line) => line.includes(run) || line.includes(reversed))
    if (!repeats && !runs) count += 1
  }
  return count
}

/** The bits a guesser must try, from the size of the character sets used and the characters that are no pattern. */
export function estimatePasswordEntropy(password: string): number {
  let base = CHARACTER_SETS.reduce((sum, [pattern, size]) => sum + (pattern.test(password) ? size : 0), 0)
  const others = new Set(
    [...password].filter((char) => !CHARACTER_SETS.some(([pattern]) => pattern.test(char))),
  )
  base += others.size
  return base === 0 ? 0 : Math.log2(base) * countUnpredictable(password)
}

/** The sentence why a password cannot be taken, or `undefined`. */
export function passwordProblem(password: string): string | undefined {
  if (Buffer.byteLength(password) > MAX_BYTES) return `password must be no more than ${MAX_BYTES} bytes`
  if (estimatePasswordEntropy(password) >= MIN_ENTROPY_BITS) return undefined
  return 'insecure password, try including more special characters, using uppercase letters, using numbers or using a longer password'
}

/** `scrypt$<salt>$<key>`, both base64. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16)
  const key = await derive(password, salt)
  return `scrypt$${salt.toString('base64')}$${key.toString('base64')}`
}

/** An account without a password costs the same time as one with, so that sign-in does not tell which emails exist. */
export async function passwordMatches(password: string, stored: string | null): Promise<boolean> {
  const [, salt, key] = (stored ?? '').split('$')
  const expected = key === undefined ? Buffer.alloc(KEY_LENGTH) : Buffer.from(key, 'base64')
  const given = await derive(password, Buffer.from(salt ?? 'AAAAAAAAAAAAAAAAAAAAAA==', 'base64'))
  return key !== undefined && timingSafeEqual(given, expected)
}
