import { createHash, randomBytes } from 'node:crypto'

/** What ties a code to who asked for it (RFC 7636): the verifier stays here, its hash goes with the browser. */
export interface Pkce {
  readonly verifier: string
  /** Of the method `S256`. */
  readonly challenge: string
}

export function createPkce(): Pkce {
  const verifier = randomText()
  return { verifier, challenge: createHash('sha256').update(verifier).digest('base64url') }
}

/** 256 bits that go into an address as they are; also what a `state` is made of. */
export function randomText(): string {
  return randomBytes(32).toString('base64url')
}
