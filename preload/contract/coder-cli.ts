/**
 * The command line of a Coder deployment, which is the way into its workspaces: where it comes from, and whose word it
 * takes that it is Coder's. The window names no path: main asks for one in the system's dialog.
 */
import { z } from 'zod'
import { cliSignaturePolicies, cliStateSchema } from '#bridge/contract/coder-cli'
import { deploymentIdSchema } from './deployments.ts'
import { defineProcedure } from './procedure.ts'

const target = { deploymentId: deploymentIdSchema }

export const coderCli = {
  watch: defineProcedure({
    kind: 'subscription',
    input: z.strictObject(target),
    output: z.object({
      /** A program of the user's own, as a path to show; `null`: the deployment's is downloaded. */
      chosen: z.string().nullable(),
      signature: z.enum(cliSignaturePolicies),
      /** `null` as long as nothing has needed it since the app was started. */
      state: cliStateSchema.nullable(),
    }),
    errors: [],
  }),
  /** Opens the system's dialog for a program of the user's own. False when the user left it. */
  choose: defineProcedure({
    kind: 'mutation',
    input: z.strictObject(target),
    output: z.boolean(),
    errors: ['not_saved'],
  }),
  /** Back to the deployment's own. */
  forget: defineProcedure({
    kind: 'mutation',
    input: z.strictObject(target),
    output: z.null(),
    errors: ['not_saved'],
  }),
  /** To trust less is asked about in a dialog that no page can press. False when the user said no. */
  setSignature: defineProcedure({
    kind: 'mutation',
    input: z.strictObject({ ...target, signature: z.enum(cliSignaturePolicies) }),
    output: z.boolean(),
    errors: ['not_saved'],
  }),
} as const
