import { useState } from 'react'
import type { Credential, SignInMethods } from '#ipc/sign-in-input'
import {
  credentialOf,
  emptyCredential,
  methodOf,
  missingOf,
  type CredentialDraft,
  type CredentialProblems,
  type SignInMethod,
} from './credential-draft.ts'
import { signInProblem } from './sign-in-words.ts'

export interface CredentialState {
  readonly draft: CredentialDraft
  readonly method: SignInMethod
  /** What is wrong with the fields: missing once it was asked for, or refused. */
  readonly problems: CredentialProblems
  /** Why it failed, where that is about no field. */
  readonly failure: string | undefined
  edit(next: CredentialDraft): void
  /** What to send; `undefined` when something is missing, which is said from now on. */
  ask(): Credential | undefined
}

/** What is entered to sign in, and what is wrong with it. */
export function useCredential(
  methods: SignInMethods,
  error: Error | null,
  isTokenOptional = false,
): CredentialState {
  const [draft, setDraft] = useState(emptyCredential)
  const [isAsked, setAsked] = useState(false)
  const method = methodOf(draft, methods)
  const missing = missingOf(draft, method, isTokenOptional)
  const refused = error ? signInProblem(error, draft.token.trim() !== '') : undefined
  return {
    draft,
    method,
    problems: { ...refused?.fields, ...(isAsked ? missing : {}) },
    failure: refused?.form,
    edit(next) {
      setAsked(false)
      setDraft(next)
    },
    ask() {
      setAsked(true)
      return Object.keys(missing).length === 0 ? credentialOf(draft, method) : undefined
    },
  }
}
