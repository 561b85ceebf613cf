import { hasCode } from '../../api/bridge-error.ts'
import { errorWords } from '../../api/error-words.ts'
import type { CredentialProblems } from './credential-draft.ts'

/** Why an address is no deployment one can add, in one sentence. */
export function probeProblem(error: unknown): string {
  if (hasCode<'deployments.probe'>(error, 'invalid_url')) {
    return 'This is not a web address. It starts with https:// and a host name.'
  }
  if (hasCode<'deployments.probe'>(error, 'not_coder')) {
    return 'There is a server, but it does not answer like Coder. Check the address for a typo or a missing path.'
  }
  // `unreachable` and `already_added` say which host or which name, so main's own sentence is the better one.
  return errorWords(error).message
}

export interface SignInProblem {
  /** Belong under the fields. */
  readonly fields: CredentialProblems
  /** Belongs above the buttons. */
  readonly form?: string
}

/** Why adding or signing in failed, and where to say it. */
export function signInProblem(error: unknown, hasToken = true): SignInProblem {
  const { message } = errorWords(error)
  if (hasCode<'deployments.add'>(error, 'token_refused')) {
    const words = 'The deployment does not accept this token. Make a new one on the token page.'
    return { fields: { token: hasToken ? words : message } }
  }
  if (hasCode<'deployments.add'>(error, 'password_refused')) return { fields: { password: message } }
  if (hasCode<'deployments.add'>(error, 'keychain_locked')) {
    const form = 'The system keychain is locked, so the session cannot be kept. Unlock it, then try again.'
    return { fields: {}, form }
  }
  if (hasCode<'deployments.add'>(error, 'keychain_absent')) {
    const form = 'There is no system keychain to keep the session in. You can agree to keep it in memory.'
    return { fields: {}, form }
  }
  return { fields: {}, form: message }
}

/** The host of an address, for a name. */
export function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url
}
