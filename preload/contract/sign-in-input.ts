/** The ways to sign in to a deployment, as the window asks for them. */
import { z } from 'zod'

/** Names a sign-in with the browser that is under way. Made by the window, so that it can speak of it at once. */
export const attemptIdSchema = z.uuid()

export const credentialSchema = z.discriminatedUnion('kind', [
  /** Empty where a client certificate signs in. */
  z.strictObject({ kind: z.literal('token'), token: z.string().trim().max(512) }),
  /** Used for one call and kept nowhere. */
  z.strictObject({
    kind: z.literal('password'),
    email: z.string().trim().min(1).max(254),
    password: z.string().min(1).max(1024),
  }),
  /** The answer comes when the browser is done; cancelling ends the waiting. */
  z.strictObject({ kind: z.literal('browser'), attemptId: attemptIdSchema }),
])
export type Credential = z.output<typeof credentialSchema>

/** How one may sign in beside a token, which always works. */
export const signInMethodsSchema = z.object({
  password: z.boolean(),
  /** OAuth2 with the system's browser. */
  browser: z.boolean(),
})
export type SignInMethods = z.output<typeof signInMethodsSchema>

/** What signing in may fail with, in whatever way. */
export const signInErrors = [
  'token_refused',
  'password_refused',
  'account_suspended',
  'too_many_attempts',
  /** The deployment, or the person in the browser, said no. */
  'sign_in_refused',
  /** The browser did not come back in time. */
  'sign_in_late',
  'browser_not_offered',
  /** The browser's page cannot be opened. */
  'refused',
  'keychain_locked',
  'keychain_absent',
] as const
