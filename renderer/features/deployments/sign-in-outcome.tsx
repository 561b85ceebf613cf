import type { Credential } from '#ipc/sign-in-input'
import { BrowserWait } from './browser-wait.tsx'
import { SignInFailure } from './sign-in-failure.tsx'

export interface SignInOutcomeProps {
  readonly url: string
  readonly error: Error | null
  /** Why it failed, where that is about no field. */
  readonly failure: string | undefined
  /** What signs in now. */
  readonly pending: Credential | undefined
  readonly onCancel: () => void
}

/** What becomes of a sign-in that is about no field: why it failed, or that the browser is waited for. */
export function SignInOutcome({ url, error, failure, pending, onCancel }: SignInOutcomeProps) {
  if (pending?.kind === 'browser')
    return <BrowserWait url={url} attemptId={pending.attemptId} onCancel={onCancel} />
  return failure === undefined ? null : <SignInFailure error={error} text={failure} />
}
