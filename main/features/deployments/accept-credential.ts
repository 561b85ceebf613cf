/** From what the user gave to a session that works and is kept, or to nothing at all. */
import { ProcedureError } from '../../lib/procedure-error.ts'
import type { Credential } from '#ipc/sign-in-input'
import type { BrowserSignIns } from './browser-sign-in.ts'
import type { PasswordSignIn } from './password-sign-in.ts'
import type { EndSession } from './session-end.ts'
import { tokenOf, type KeptSession } from './session-entries.ts'
import type { OpenNetwork, SignIn } from './sign-in.ts'

export interface AcceptCredentialDeps {
  readonly signIn: Pick<SignIn, 'tryToken'>
  readonly passwordSignIn: PasswordSignIn
  readonly browserSignIns: Pick<BrowserSignIns, 'run'>
  readonly endSession: EndSession
  /** Whether something can be kept now; throws when not. */
  readonly requireKeychain: () => Promise<unknown>
}

export interface SignInPlace {
  readonly url: string
  readonly signal: AbortSignal
  readonly open: OpenNetwork
  /** A client certificate is set, and may be all the sign-in there is. */
  readonly isTokenOptional: boolean
}

/** Signs in and hands the session to `keep`. What was made on the way is ended again when that fails. */
export type AcceptCredential = <T>(
  credential: Credential,
  place: SignInPlace,
  keep: (session: KeptSession) => Promise<T>,
) => Promise<T>

/** Makes it. */
export function createAcceptCredential(deps: AcceptCredentialDeps): AcceptCredential {
  const obtain = async (credential: Credential, place: SignInPlace): Promise<KeptSession> => {
    switch (credential.kind) {
      case 'token':
        return credential
      case 'password':
        return { kind: 'token', token: await deps.passwordSignIn({ ...place, ...credential }) }
      case 'browser':
        return deps.browserSignIns.run({ ...place, attemptId: credential.attemptId })
    }
  }
  return async (credential, place, keep) => {
    const { url, signal, open } = place
    requireToken(credential, place.isTokenOptional)
    // Nobody should go through all of a sign-in to hear this.
    if (credential.kind !== 'token') await deps.requireKeychain()
    const session = await obtain(credential, place)
    try {
      await deps.signIn.tryToken(url, tokenOf(session), signal, open)
      return await keep(session)
    } catch (thrown) {
      // A token that was pasted is the user's own to keep.
      if (credential.kind !== 'token') await deps.endSession(url, session, open)
      throw thrown
    }
  }
}

/** @throws {ProcedureError} `token_refused`: none was given, and none is no way to sign in. */
export function requireToken(credential: Credential, isTokenOptional: boolean): void {
  if (credential.kind !== 'token' || credential.token !== '' || isTokenOptional) return
  throw new ProcedureError(
    'token_refused',
    'Paste a session token. Only where a client certificate signs you in can it be left out.',
  )
}
