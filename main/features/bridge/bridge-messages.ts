import { z } from 'zod'
import type { BridgeToMain } from '#bridge/contract/bridge-port'
import { cliStateSchema } from '#bridge/contract/coder-cli'
import { keepTransfersSchema } from '#bridge/contract/file-transfers'
import { connectionEventSchema } from '#bridge/contract/connection-events'
import { gatewayStateSchema } from '#bridge/contract/header-gateway'
import { mcpTestResultSchema } from '#bridge/contract/mcp-test'
import { tunnelStateSchema } from '#bridge/contract/tunnels'
import { workspaceLinkSchema, workspaceProbeSchema } from '#bridge/contract/workspace-probe'

/** The bridge's messages, parsed: it handles bytes of remote machines, so main does not take its word for shapes. */
export const bridgeToMainSchema: z.ZodType<BridgeToMain> = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('ready'), pid: z.int() }),
  z.strictObject({ type: z.literal('signed-out'), deploymentId: z.string() }),
  gatewayStateSchema,
  z.strictObject({ type: z.literal('cli-state'), deploymentId: z.string(), state: cliStateSchema }),
  keepTransfersSchema,
  tunnelStateSchema,
  z.strictObject({ type: z.literal('mcp-tested'), requestId: z.uuid(), result: mcpTestResultSchema }),
  z.strictObject({ type: z.literal('connection-event'), event: connectionEventSchema }),
  workspaceLinkSchema,
  z.strictObject({ type: z.literal('probe-progress'), requestId: z.uuid(), probe: workspaceProbeSchema }),
  z.strictObject({
    type: z.literal('log'),
    level: z.enum(['debug', 'info', 'warn', 'error']),
    message: z.string(),
  }),
])
