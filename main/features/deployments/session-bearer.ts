import type { Credentials } from './credentials.ts'

/** The token a client carries. It changes when a sign-in is renewed, under whoever uses the client. */
export interface Bearer {
  /** Empty where a client certificate is what signs in. */
  readonly token: string
  readonly signInId: string | undefined
  /** Carries the other's token from now on. False, and nothing changes, when that is of another sign-in. */
  takeOver(other: Bearer): boolean
}

export function createBearer(given: Extract<Credentials, { kind: 'ready' }>): Bearer {
  const { signInId } = given
  let { token } = given
  return {
    get token() {
      return token
    },
    signInId,
    takeOver(other) {
      if (signInId === undefined || signInId !== other.signInId) return false
      token = other.token
      return true
    },
  }
}
