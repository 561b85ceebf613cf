/**
 * How a deployment is reached: certificates, proxy, headers. Files are chosen in the system's dialog by main, which
 * keeps their paths; the window knows them by an id and shows their names. Commands are confirmed in a dialog of main's
 * before they are kept.
 */
import { z } from 'zod'
import { deploymentIdSchema } from './deployments.ts'
import { networkErrors, networkInputSchema, networkTextSchema } from './network-input.ts'
import { defineProcedure } from './procedure.ts'

/** What is set, to be shown. Files are named as text; empty for none. */
export const networkViewSchema = z.object({
  ...networkTextSchema.shape,
  ca: z.string(),
  cert: z.string(),
  key: z.string(),
  /** A user name and a password for the proxy are in the keychain. */
  hasCredentials: z.boolean(),
  /** What the system's settings say for this deployment now, in the form of a PAC file's answer. */
  systemAnswer: z.string(),
})
export type NetworkView = z.infer<typeof networkViewSchema>

export const deploymentNetwork = {
  read: defineProcedure({
    kind: 'query',
    input: z.strictObject({ deploymentId: deploymentIdSchema }),
    output: networkViewSchema,
    errors: ['local_stays', 'keychain_locked', 'keychain_absent'],
  }),
  /** Opens the system's dialog. `null` when the user left it. */
  choose: defineProcedure({
    kind: 'mutation',
    input: z.strictObject({ purpose: z.enum(['ca', 'cert', 'key']) }),
    output: z.object({ id: z.uuid(), name: z.string() }).nullable(),
    errors: [],
  }),
  /** Keeps it, and connects anew with it. */
  set: defineProcedure({
    kind: 'mutation',
    input: z.strictObject({ deploymentId: deploymentIdSchema, network: networkInputSchema }),
    output: z.null(),
    errors: ['local_stays', ...networkErrors, 'keychain_locked', 'keychain_absent', 'not_saved'],
  }),
} as const
