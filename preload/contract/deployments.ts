/** Deployments: the Coder servers in the app's list, their sign-in and their connection. */
import { z } from 'zod'
import { networkErrors, networkInputSchema } from './network-input.ts'
import { defineProcedure } from './procedure.ts'
import { attemptIdSchema, credentialSchema, signInErrors, signInMethodsSchema } from './sign-in-input.ts'

export const deploymentIdSchema = z.string().regex(/^[a-z0-9-]{1,64}$/)

/** Where a deployment stands. `reason` is a sentence; `retryAt` epoch milliseconds of the next try by itself. */
export const deploymentStateSchema = z.discriminatedUnion('kind', [
  /** The local server process is starting, or the first request is under way. */
  z.object({ kind: z.literal('connecting') }),
  z.object({ kind: z.literal('connected'), latencyMs: z.number().nullable() }),
  z.object({ kind: z.literal('unreachable'), reason: z.string(), retryAt: z.number().nullable() }),
  z.object({ kind: z.literal('signed_out'), reason: z.string() }),
  /** The token cannot be read since the keychain is locked. */
  z.object({ kind: z.literal('locked') }),
  /** The local server cannot run at all (its folder is read-only, its database is newer, …). */
  z.object({ kind: z.literal('failed'), reason: z.string(), detail: z.string() }),
])
export type DeploymentState = z.infer<typeof deploymentStateSchema>

export const deploymentSchema = z.object({
  id: deploymentIdSchema,
  kind: z.enum(['local', 'remote']),
  /** Shown name; the host by default. */
  name: z.string(),
  url: z.string(),
  state: deploymentStateSchema,
  /** Coder's version as the server tells it. */
  version: z.string().nullable(),
  user: z.object({ id: z.string(), username: z.string(), name: z.string(), isOwner: z.boolean() }).nullable(),
  /** Plain http to another machine: said, not forbidden. */
  insecure: z.boolean(),
  /** A sentence when the server is older than what the app supports. */
  tooOld: z.string().nullable(),
})
export type Deployment = z.infer<typeof deploymentSchema>

const url = z.string().trim().min(1).max(2048)

export const deployments = {
  /** All deployments with live state; a full list on each change. */
  watch: defineProcedure({
    kind: 'subscription',
    input: z.strictObject({}),
    output: z.object({ deployments: z.array(deploymentSchema), activeId: deploymentIdSchema }),
    errors: [],
  }),
  /** Which deployment the pages show. Remembered. `not_saved`: the list could not be written, nothing changed. */
  setActive: defineProcedure({
    kind: 'mutation',
    input: z.strictObject({ deploymentId: deploymentIdSchema }),
    output: z.null(),
    errors: ['not_saved'],
  }),
  /** Looks at what the user typed: is it a Coder server, which one, how does one sign in? Changes nothing. */
  probe: defineProcedure({
    kind: 'query',
    input: z.strictObject({ url, network: networkInputSchema.optional() }),
    output: z.object({
      url: z.string(),
      version: z.string(),
      /** Where the user makes a token: opened by `openTokenPage`. */
      tokenPageUrl: z.string(),
      insecure: z.boolean(),
      hasFirstUser: z.boolean(),
      methods: signInMethodsSchema,
      tooOld: z.string().nullable(),
    }),
    errors: ['invalid_url', 'not_coder', 'already_added', ...networkErrors],
  }),
  /**
   * Signs in to a deployment, adds it and makes it the active one. Nothing is kept when that fails.
   */
  add: defineProcedure({
    kind: 'mutation',
    input: z.strictObject({
      url,
      credential: credentialSchema,
      name: z.string().trim().max(64),
      network: networkInputSchema.optional(),
    }),
    output: deploymentSchema,
    errors: ['invalid_url', 'not_coder', 'already_added', ...signInErrors, ...networkErrors, 'not_saved'],
  }),
  /** The ways to sign in to one of the list, asked for without a token. */
  signInMethods: defineProcedure({
    kind: 'query',
    input: z.strictObject({ deploymentId: deploymentIdSchema }),
    output: signInMethodsSchema,
    errors: [],
  }),
  /** Signs in again; everything else stays. */
  signIn: defineProcedure({
    kind: 'mutation',
    input: z.strictObject({ deploymentId: deploymentIdSchema, credential: credentialSchema }),
    output: z.null(),
    errors: signInErrors,
  }),
  /** Opens the page of a sign-in that waits for the browser once more. */
  openSignInPage: defineProcedure({
    kind: 'mutation',
    input: z.strictObject({ attemptId: attemptIdSchema }),
    output: z.null(),
    errors: ['sign_in_over', 'refused'],
  }),
  /** Copies the address of that page, for another browser. It never comes to the window. */
  copySignInAddress: defineProcedure({
    kind: 'mutation',
    input: z.strictObject({ attemptId: attemptIdSchema }),
    output: z.null(),
    errors: ['sign_in_over'],
  }),
  /**
   * Forgets what was signed in with and ends it on the server; the deployment stays in the list. `isEnded`: the server
   * has said so.
   */
  signOut: defineProcedure({
    kind: 'mutation',
    input: z.strictObject({ deploymentId: deploymentIdSchema }),
    output: z.object({ isEnded: z.boolean() }),
    errors: ['local_stays', 'keychain_locked', 'keychain_absent'],
  }),
  /** Ends the session on the server where it can be reached, and forgets the token and the deployment. */
  remove: defineProcedure({
    kind: 'mutation',
    input: z.strictObject({ deploymentId: deploymentIdSchema }),
    output: z.null(),
    errors: ['local_stays', 'keychain_locked', 'keychain_absent', 'not_saved'],
  }),
  rename: defineProcedure({
    kind: 'mutation',
    input: z.strictObject({ deploymentId: deploymentIdSchema, name: z.string().trim().min(1).max(64) }),
    output: z.null(),
    errors: ['not_saved'],
  }),
  /** Tries again now: the connection, or the local server after a failure. */
  retry: defineProcedure({
    kind: 'mutation',
    input: z.strictObject({ deploymentId: deploymentIdSchema }),
    output: z.null(),
    errors: [],
  }),
  /** Opens the deployment's `/cli-auth` page in the system browser. */
  openTokenPage: defineProcedure({
    kind: 'mutation',
    input: z.strictObject({ url }),
    output: z.null(),
    errors: ['invalid_url', 'refused'],
  }),
} as const
