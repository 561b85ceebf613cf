import { hasCode } from '../../api/bridge-error.ts'
import { errorWords } from '../../api/error-words.ts'

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
  /** Belongs under the token. */
  readonly field?: string
  /** Belongs above the buttons. */
  readonly form?: string
}

/** Why adding or signing in failed, and where to say it. */
export function tokenProblem(error: unknown, hasToken = true): SignInProblem {
  if (hasCode<'deployments.add'>(error, 'token_refused')) {
    return hasToken
      ? { field: 'The deployment does not accept this token. Make a new one on the token page.' }
      : { field: errorWords(error).message }
  }
  if (hasCode<'deployments.add'>(error, 'keychain_locked')) {
    return { form: 'The system keychain is locked, so the token cannot be kept. Unlock it, then try again.' }
  }
  if (hasCode<'deployments.add'>(error, 'keychain_absent')) {
    return { form: 'There is no system keychain to keep the token in. You can agree to keep it in memory.' }
  }
  return { form: errorWords(error).message }
}

/** The host of an address, for a name. */
export function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url
}
