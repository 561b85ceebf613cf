/**
 * Header gateways: an MCP server offered to a workspace with the user's header values added on this computer. Neither a
 * value nor the bearer crosses this contract; what the workspace needs is copied to the clipboard by main.
 */
import { z } from 'zod'
import { deploymentIdSchema } from './deployments.ts'
import { defineProcedure } from './procedure.ts'

const target = {
  deploymentId: deploymentIdSchema,
  serverId: z.uuid(),
}

/** All reasons are sentences. */
export const headerGatewayStateSchema = z.discriminatedUnion('kind', [
  /** It cannot be opened until the user, an administrator or the keychain changes something; `code` for an action. */
  z.object({
    kind: z.literal('blocked'),
    code: z.string(),
    reason: z.string(),
    /** With `address_changed`: what the user may allow with `mcpServers.confirmAddress`. */
    address: z.string().optional(),
  }),
  z.object({ kind: z.literal('connecting') }),
  /** It opens by itself, e.g. once the workspace runs. */
  z.object({ kind: z.literal('waiting'), reason: z.string() }),
  /** Clients in the workspace reach it at this address. */
  z.object({ kind: z.literal('open'), address: z.string() }),
  z.object({ kind: z.literal('failed'), reason: z.string() }),
])
export type HeaderGatewayState = z.infer<typeof headerGatewayStateSchema>

/** A gateway that is switched on. */
export const headerGatewaySchema = z.object({
  workspaceId: z.uuid(),
  state: headerGatewayStateSchema,
  /** Calls of tools since midnight. */
  callsToday: z.int(),
  /** What the MCP server answered last, where that was no success. */
  problem: z.object({ message: z.string(), status: z.int().nullable() }).nullable(),
  /** Why the workspace's `.mcp.json` has no entry for it. */
  configProblem: z.string().nullable(),
})
export type HeaderGateway = z.infer<typeof headerGatewaySchema>

export const headerGateway = {
  /** The gateways of one MCP server that are switched on, live. */
  watch: defineProcedure({
    kind: 'subscription',
    input: z.strictObject(target),
    output: z.object({ gateways: z.array(headerGatewaySchema) }),
    errors: [],
  }),
  /** Switches one on or off. What it becomes is told by `watch`. */
  set: defineProcedure({
    kind: 'mutation',
    input: z.strictObject({ ...target, workspaceId: z.uuid(), enabled: z.boolean() }),
    output: z.null(),
    errors: ['not_saved', 'too_many_gateways'],
  }),
  /** Tries one again that waits, failed or was blocked. */
  retry: defineProcedure({
    kind: 'mutation',
    input: z.strictObject({ ...target, workspaceId: z.uuid() }),
    output: z.null(),
    errors: [],
  }),
  /** Puts what a client in the workspace needs onto the clipboard: an entry of `.mcp.json`, or variables for a shell. */
  copyConfig: defineProcedure({
    kind: 'mutation',
    input: z.strictObject({
      ...target,
      workspaceId: z.uuid(),
      format: z.enum(['mcp_json', 'environment']),
    }),
    output: z.null(),
    errors: ['not_open'],
  }),
} as const
