/**
 * Managing the MCP servers of a deployment, for who may. A secret crosses once, when it is typed, and never comes back:
 * answers say only whether there is one.
 */
import { z } from 'zod'
import {
  createMcpServerConfigRequestSchema,
  mcpAuthTypes,
  mcpAvailabilities,
  mcpServerConfigSchema,
  mcpTransports,
  updateMcpServerConfigRequestSchema,
} from '#bridge/contract/mcp-servers'
import { deploymentIdSchema } from './deployments.ts'
import { defineProcedure } from './procedure.ts'

const deploymentId = deploymentIdSchema
const serverId = z.uuid()
/** The words are the contract's; what is an address, the deployment says at the field. */
const choices = {
  transport: z.enum(mcpTransports),
  url: z.string().trim(),
  auth_type: z.enum(mcpAuthTypes),
  availability: z.enum(mcpAvailabilities),
}
const newServer = z.strictObject({ ...createMcpServerConfigRequestSchema.shape, ...choices })
export type NewMcpServer = z.output<typeof newServer>
const serverChanges = z.strictObject({
  ...updateMcpServerConfigRequestSchema.shape,
  ...z.object(choices).partial().shape,
})
export type McpServerChanges = z.output<typeof serverChanges>

export const mcpServerAdmin = {
  /** What the user may do with the servers of this deployment, and what it can tell an administrator. */
  access: defineProcedure({
    kind: 'query',
    input: z.strictObject({ deploymentId }),
    output: z.object({
      mayManage: z.boolean(),
      /** Headers whose values belong to each user can be declared. */
      hasUserKeys: z.boolean(),
    }),
    errors: [],
  }),
  /** One server as an administrator sees it, fresh. */
  get: defineProcedure({
    kind: 'query',
    input: z.strictObject({ deploymentId, serverId }),
    output: z.object({
      config: mcpServerConfigSchema,
      /** How many users have stored values of its headers; null where the deployment does not tell. */
      userCount: z.int().nullable(),
    }),
    errors: [],
  }),
  /** `slug_taken`: another server has it. */
  create: defineProcedure({
    kind: 'mutation',
    input: z.strictObject({ deploymentId, server: newServer }),
    output: mcpServerConfigSchema,
    errors: ['slug_taken'],
  }),
  /**
   * Sends the fields that changed and no others. `changed_meanwhile`: somebody else has changed the server since
   * `expectedUpdatedAt`, so nothing was sent.
   */
  update: defineProcedure({
    kind: 'mutation',
    input: z.strictObject({
      deploymentId,
      serverId,
      expectedUpdatedAt: z.string(),
      changes: serverChanges,
    }),
    output: mcpServerConfigSchema,
    errors: ['slug_taken', 'changed_meanwhile'],
  }),
  /** The values and sign-ins of its users go with it. */
  delete: defineProcedure({
    kind: 'mutation',
    input: z.strictObject({ deploymentId, serverId }),
    output: z.null(),
    errors: [],
  }),
} as const
