import { randomBytes } from 'node:crypto'

/** 256 bits that nobody guesses, in 43 characters that a header, a file and a shell take as they are. */
export function createBearer(): string {
  return randomBytes(32).toString('base64url')
}
