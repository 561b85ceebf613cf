/** The deployment's own command line on this computer: what main tells the bridge of it, and what the bridge reports. */
import { z } from 'zod'

/** Whose word it takes that a downloaded program is Coder's. */
export const cliSignaturePolicies = [
  /** The deployment's own signature file. */
  'deployment',
  /** Where the deployment has none, the one that Coder publishes for the version. */
  'published',
  /** Nobody's: the user trusts the deployment as it is. */
  'none',
] as const
export type CliSignaturePolicy = (typeof cliSignaturePolicies)[number]

export const cliPlaceSchema = z.strictObject({
  /** Private folder of this deployment's programs and their runs. */
  folder: z.string().min(1).max(4096),
  /** A program, or a folder with one, that the user chose instead. */
  chosen: z.string().min(1).max(4096).optional(),
  signature: z.enum(cliSignaturePolicies),
})
export type CliPlace = z.infer<typeof cliPlaceSchema>

export const cliStateSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('downloading'),
    received: z.int().min(0),
    /** Unknown behind a proxy that compresses. */
    total: z.int().min(0).nullable(),
  }),
  /** `outdated`: a sentence, where an older program has to do. */
  z.strictObject({ kind: z.literal('ready'), version: z.string(), outdated: z.string().nullable() }),
  /** `code` for an action, `reason` a sentence. */
  z.strictObject({ kind: z.literal('failed'), code: z.string(), reason: z.string() }),
])
export type CliState = z.infer<typeof cliStateSchema>
