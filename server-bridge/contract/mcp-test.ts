/** What came of trying an MCP server from this computer: between the bridge, main and the window. */
import { z } from 'zod'

/** Longest text of the server's that is passed on, in characters; a cut one ends in an ellipsis. */
export const mcpTextMaxChars = { name: 128, title: 200, description: 500, detail: 300 } as const
/** More tools than this are not listed. */
export const mcpToolsMax = 1000

export const mcpToolSchema = z.strictObject({
  name: z.string(),
  /** Empty where the server gives none. */
  title: z.string(),
  description: z.string(),
  /** By the server's own annotations, which are hints and no promise. */
  access: z.enum(['reads', 'writes', 'destroys', 'unsaid']),
})
export type McpTool = z.infer<typeof mcpToolSchema>

export const mcpTestFailureKinds = [
  'dns',
  'refused',
  'tls_untrusted',
  'tls_expired',
  'tls_name',
  'tls',
  'timeout',
  'unauthorized',
  'forbidden',
  'status',
  'redirected',
  'too_large',
  'not_mcp',
  'protocol_version',
  'server_error',
  'network',
] as const
export type McpTestFailureKind = (typeof mcpTestFailureKinds)[number]

/** No text in it holds a header value, and none has controls, bidi marks or line breaks. */
export const mcpTestResultSchema = z.discriminatedUnion('ok', [
  z.strictObject({
    ok: z.literal(true),
    /** From the first byte sent to the answered handshake. */
    latencyMs: z.number().min(0),
    protocolVersion: z.string(),
    server: z.strictObject({ name: z.string(), title: z.string(), version: z.string() }),
    tools: z.array(mcpToolSchema).max(mcpToolsMax),
    /** The server has more tools than are listed. */
    hasMoreTools: z.boolean(),
  }),
  z.strictObject({
    ok: z.literal(false),
    kind: z.enum(mcpTestFailureKinds),
    /** Of the HTTP answer, where there was one. */
    status: z.int().nullable(),
    /** A sentence that says what to do. */
    message: z.string(),
    /** What the server said; empty when nothing. Not to be trusted. */
    detail: z.string(),
  }),
])
export type McpTestResult = z.infer<typeof mcpTestResultSchema>
