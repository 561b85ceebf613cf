/** What the user sets for the network of a deployment, on its way from the window to main. */
import { z } from 'zod'
import { deploymentNetworkSchema } from '#bridge/contract/deployment-network'

/** What is typed. */
export const networkTextSchema = deploymentNetworkSchema.pick({
  serverName: true,
  refreshCommand: true,
  headerCommand: true,
  proxyMode: true,
  proxyUrl: true,
  bypass: true,
})

/** What becomes of one file: none, the one that is set, or one that was chosen since. */
const chosenSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none') }),
  z.strictObject({ kind: z.literal('kept') }),
  z.strictObject({ kind: z.literal('chosen'), id: z.uuid() }),
])
export type ChosenInput = z.infer<typeof chosenSchema>

/** What the user set. The password goes this way and never back. */
export const networkInputSchema = z.strictObject({
  ...networkTextSchema.shape,
  ca: chosenSchema,
  cert: chosenSchema,
  key: chosenSchema,
  credentials: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('none') }),
    z.strictObject({ kind: z.literal('kept') }),
    z.strictObject({
      kind: z.literal('entered'),
      username: z.string().min(1).max(255),
      password: z.string().max(255),
    }),
  ]),
})
export type NetworkInput = z.infer<typeof networkInputSchema>

/** Why network settings cannot be kept or tried. */
export const networkErrors = [
  /** A value does not fit, or a chosen file is not known any more: `message` says which. */
  'network_unusable',
  /** The user did not confirm a command. */
  'command_refused',
] as const
