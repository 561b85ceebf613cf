/**
 * Header gateways: what main asks of the bridge and what the bridge reports, over the parent port. A gateway offers an
 * MCP server to one workspace and adds the user's header values on the way, so that they stay on this machine.
 */
import { z } from 'zod'

/** Together, names and values: servers take some 8 to 32 KiB of headers. */
export const gatewayHeaderMaxChars = 64 * 1024

/** The MCP server, and the headers it needs. Values are secret: they travel on the parent port and nowhere else. */
export const gatewayTargetSchema = z.strictObject({
  url: z.url({ protocol: /^https?$/ }),
  transport: z.enum(['streamable_http', 'sse']),
  headers: z
    .record(z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/), z.string().regex(/^[^\r\n\0]*$/))
    .refine(
      (headers) => JSON.stringify(headers).length <= gatewayHeaderMaxChars,
      'The headers are too long.',
    ),
})
export type GatewayTarget = z.infer<typeof gatewayTargetSchema>

/** Main to bridge. */
export const openGatewaySchema = z.strictObject({
  type: z.literal('open-gateway'),
  gatewayId: z.string().min(1).max(200),
  deploymentId: z.string().min(1),
  workspaceId: z.uuid(),
  /** What clients in the workspace call the server: its slug. */
  name: z.string().min(1).max(200),
  target: gatewayTargetSchema,
  /** What clients in the workspace have to show. */
  bearer: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
  /** The port to ask for in the workspace; another one is taken where it is not free. */
  port: z.int().min(1024).max(65_535),
})
export type OpenGateway = z.infer<typeof openGatewaySchema>

export const closeGatewaySchema = z.strictObject({
  type: z.literal('close-gateway'),
  gatewayId: z.string().min(1).max(200),
})
/** The workspace or its agent may be there now: no wait goes on. */
export const retryGatewaySchema = z.strictObject({
  type: z.literal('retry-gateway'),
  gatewayId: z.string().min(1).max(200),
})

export const gatewayConnectionSchema = z.discriminatedUnion('kind', [
  /** `reason` is a sentence. */
  z.strictObject({ kind: z.literal('waiting'), reason: z.string() }),
  z.strictObject({ kind: z.literal('connecting') }),
  z.strictObject({ kind: z.literal('open'), port: z.int() }),
  /** Nothing but a change by the user or another start helps. `isGone`: there is no such workspace any more. */
  z.strictObject({ kind: z.literal('failed'), reason: z.string(), isGone: z.boolean() }),
])
export type GatewayConnection = z.infer<typeof gatewayConnectionSchema>

/** Bridge to main: how a gateway is. Sent when something changed, at most once a second. */
export const gatewayStateSchema = z.strictObject({
  type: z.literal('gateway-state'),
  gatewayId: z.string(),
  connection: gatewayConnectionSchema,
  /** Calls of tools since the last report. */
  calls: z.int().min(0),
  /** What the MCP server answered last, when it refused or could not be reached; `null` once it answers well again. */
  problem: z.strictObject({ message: z.string(), status: z.int().nullable() }).nullable(),
  /** Why the workspace's `.mcp.json` could not be written, if it could not. */
  configProblem: z.string().nullable(),
  /** Since the last report the workspace refused to listen on the port that clients know: somebody else may. */
  isPortTaken: z.boolean(),
})
export type GatewayState = z.infer<typeof gatewayStateSchema>
