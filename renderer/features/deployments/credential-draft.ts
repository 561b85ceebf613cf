/** What a person enters to sign in, whatever way they choose. Nothing typed is lost by looking at another way. */
import type { Credential, SignInMethods } from '#ipc/sign-in-input'

export type SignInMethod = Credential['kind']

export interface CredentialDraft {
  /** `undefined` until the person chooses. */
  readonly chosen: SignInMethod | undefined
  readonly token: string
  readonly email: string
  readonly password: string
}

/** Known of a deployment before it has answered: a token always works. */
export const tokenOnly: SignInMethods = { password: false, browser: false }

export const emptyCredential: CredentialDraft = { chosen: undefined, token: '', email: '', password: '' }

/** Whether something was typed that would be lost. */
export function isTyped({ token, email, password }: CredentialDraft): boolean {
  return token !== '' || email !== '' || password !== ''
}

/** The ways there are, the easiest first. */
export function waysOf({ browser, password }: SignInMethods): readonly SignInMethod[] {
  return [...(browser ? (['browser'] as const) : []), 'token', ...(password ? (['password'] as const) : [])]
}

/** The way that is shown: the chosen one, else that of what was typed, else the easiest. */
export function methodOf({ chosen, token }: CredentialDraft, methods: SignInMethods): SignInMethod {
  const [easiest = 'token', ...others] = waysOf(methods)
  if (chosen === easiest || (chosen !== undefined && others.includes(chosen))) return chosen
  return token === '' ? easiest : 'token'
}

/** Sentences for the fields that are to be filled in. */
export interface CredentialProblems {
  readonly token?: string | undefined
  readonly email?: string | undefined
  readonly password?: string | undefined
}

/** What is missing; empty when nothing is. */
export function missingOf(
  draft: CredentialDraft,
  method: SignInMethod,
  isTokenOptional = false,
): CredentialProblems {
  switch (method) {
    case 'browser':
      return {}
    case 'token':
      return draft.token.trim() === '' && !isTokenOptional
        ? { token: 'Paste the token that the token page shows.' }
        : {}
    case 'password':
      return {
        ...(draft.email.trim() === '' ? { email: 'Enter the email of your account.' } : {}),
        ...(draft.password === '' ? { password: 'Enter your password.' } : {}),
      }
  }
}

/** As it goes to main. */
export function credentialOf(draft: CredentialDraft, method: SignInMethod): Credential {
  switch (method) {
    case 'browser':
      return { kind: 'browser', attemptId: crypto.randomUUID() }
    case 'token':
      return { kind: 'token', token: draft.token }
    case 'password':
      return { kind: 'password', email: draft.email, password: draft.password }
  }
}
