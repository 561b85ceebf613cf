/**
 * MCP servers of a deployment and the user's own header values: which there are, where each lies, and changes. A value
 * crosses this contract once, when the user types it, and never comes back.
 */
import { z } from 'zod'
import { mcpServerConfigSchema, mcpTransports } from '#bridge/contract/mcp-servers'
import { mcpTestResultSchema } from '#bridge/contract/mcp-test'
import { deploymentIdSchema } from './deployments.ts'
import { defineProcedure } from './procedure.ts'

const deploymentId = deploymentIdSchema
const serverId = z.uuid()
const headerName = z.string().trim().min(1).max(256)
/** As the deployment takes it: a body has at most 4 MiB. */
const headerValue = z.string().max(1024 * 1024)

/** One header whose value belongs to the user. */
export const mcpHeaderSchema = z.object({
  name: z.string(),
  description: z.string(),
  inVault: z.boolean(),
  /** Null where the deployment does not keep header values of users. */
  onServer: z.boolean().nullable(),
  /** When the value in the vault was saved, in epoch milliseconds; null without one, and of one from before that was kept. */
  savedAt: z.int().nullable(),
  /** An administrator added it since the user looked. */
  isNew: z.boolean(),
})
export type McpHeader = z.infer<typeof mcpHeaderSchema>

export const mcpServerEntrySchema = z.object({
  config: mcpServerConfigSchema,
  headers: z.array(mcpHeaderSchema),
  /** Names that lie in the vault though the administrator does not ask for them any more. */
  leftOver: z.array(z.string()),
  /** In whose lists it is: chats of others cannot use it. Absent: it is of the whole deployment. */
  organizationIds: z.array(z.guid()).optional(),
})
export type McpServerEntry = z.infer<typeof mcpServerEntrySchema>

export const mcpCapabilitySchema = z.enum(['user_headers', 'no_user_headers', 'organization', 'none'])

/** Where a server is reached from this computer, as the user gave it. */
export const mcpAddressSchema = z.strictObject({
  url: z.string().trim().min(1).max(2048),
  transport: z.enum(mcpTransports),
})
export type McpAddress = z.infer<typeof mcpAddressSchema>

/** Whether the vault could be read. */
export const vaultStateSchema = z.enum(['ready', 'locked', 'absent'])

const vaultErrors = ['keychain_locked', 'keychain_absent'] as const

export const mcpServers = {
  list: defineProcedure({
    kind: 'query',
    input: z.strictObject({ deploymentId }),
    output: z.object({
      capability: mcpCapabilitySchema,
      vault: vaultStateSchema,
      servers: z.array(mcpServerEntrySchema),
    }),
    errors: [],
  }),
  /** Keeps values in the vault and stores them on the deployment where it takes them. All of them or none. */
  saveHeaders: defineProcedure({
    kind: 'mutation',
    input: z.strictObject({ deploymentId, serverId, values: z.record(headerName, headerValue) }),
    output: z.null(),
    errors: [...vaultErrors, 'invalid_value', 'header_unknown'],
  }),
  /** The user has looked at these: they are not new any more. */
  headersSeen: defineProcedure({
    kind: 'mutation',
    input: z.strictObject({ deploymentId, serverId, names: z.array(headerName).max(10_000) }),
    output: z.null(),
    errors: [],
  }),
  /**
   * Removes values from the vault and from the deployment. `undoId` takes it back for half a minute, as far as the
   * values lay in the vault; null when none did.
   */
  clearHeaders: defineProcedure({
    kind: 'mutation',
    input: z.strictObject({ deploymentId, serverId, names: z.array(headerName).max(10_000) }),
    output: z.object({ undoId: z.uuid().nullable() }),
    errors: [...vaultErrors, 'invalid_value', 'header_unknown'],
  }),
  undoClear: defineProcedure({
    kind: 'mutation',
    input: z.strictObject({ undoId: z.uuid() }),
    output: z.null(),
    errors: [...vaultErrors, 'too_late', 'invalid_value', 'header_unknown'],
  }),
  /** Stores on the deployment what lies in the vault; without a server, of all servers. Answers how many were sent. */
  pushHeaders: defineProcedure({
    kind: 'mutation',
    input: z.strictObject({ deploymentId, serverId: serverId.nullable() }),
    output: z.object({ pushed: z.int() }),
    errors: [...vaultErrors, 'invalid_value', 'header_unknown'],
  }),
  /** The addresses the user has given, by server. A deployment tells them to administrators only. */
  addresses: defineProcedure({
    kind: 'query',
    input: z.strictObject({ deploymentId }),
    output: z.object({ byServer: z.record(serverId, mcpAddressSchema) }),
    errors: [],
  }),
  /** Keeps an address on this computer: https, or http on this computer itself. */
  setAddress: defineProcedure({
    kind: 'mutation',
    input: z.strictObject({ deploymentId, serverId, address: mcpAddressSchema }),
    output: z.null(),
    errors: ['invalid_address', 'not_saved'],
  }),
  clearAddress: defineProcedure({
    kind: 'mutation',
    input: z.strictObject({ deploymentId, serverId }),
    output: z.null(),
    errors: ['not_saved'],
  }),
  /** The user allows their values to go to an address of the deployment's, as it was shown: scheme, host and path. */
  confirmAddress: defineProcedure({
    kind: 'mutation',
    input: z.strictObject({ deploymentId, serverId, address: z.string().min(1).max(8192) }),
    output: z.null(),
    errors: ['auth_on_deployment', 'invalid_address', 'address_changed', 'not_saved'],
  }),
  /**
   * Connects from this computer with the values of the vault, and lists the tools; nothing is called. Sends header
   * values to the server's address, so only when the user asks. A server that does not work is a result, no error.
   */
  testConnection: defineProcedure({
    kind: 'mutation',
    input: z.strictObject({ deploymentId, serverId }),
    output: z.object({
      /** Epoch milliseconds. */
      testedAt: z.int(),
      /** Where it went: scheme, host and path. */
      address: z.string(),
      result: mcpTestResultSchema,
    }),
    errors: [
      ...vaultErrors,
      'auth_on_deployment',
      'address_unknown',
      /** The deployment tells an address that values are not sent to. */
      'invalid_address',
      /** Values went elsewhere until now; `details.to` is the address for `confirmAddress`. */
      'address_changed',
      'not_saved',
      /** `details.names` has the headers. */
      'values_missing',
      'header_unusable',
      /** The bridge would not take it, e.g. since the values are too long together. */
      'target_unusable',
      'bridge_down',
    ],
  }),
  /** Opens the browser and answers once the deployment has the user's token; cancelling ends the waiting only. */
  signIn: defineProcedure({
    kind: 'mutation',
    input: z.strictObject({ deploymentId, serverId }),
    output: z.null(),
    errors: ['sign_in_late', 'refused'],
  }),
  /** Takes the user's token from the deployment. */
  signOut: defineProcedure({
    kind: 'mutation',
    input: z.strictObject({ deploymentId, serverId }),
    output: z.null(),
    errors: [],
  }),
} as const
