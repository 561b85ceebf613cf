/**
 * Terminal traffic between a window and the bridge, over one MessagePort a window, and what main tells the bridge over
 * its parent port. Bytes travel as transferred `Uint8Array`s. Flow control is credit: the bridge sends at most
 * `creditBytes` that the window has not acknowledged, then stops reading its socket, so a flood stays in the kernel.
 */
import { z } from 'zod'
import { cliPlaceSchema, type CliState } from './coder-cli.ts'
import { networkOptionsSchema } from './deployment-network.ts'
import { onlyDesktopSchema } from './desktop-port.ts'
import { giveLocalSchema, restoreTransfersSchema, type KeepTransfers } from './file-transfers.ts'
import { connectionKinds, type ConnectionEvent } from './connection-events.ts'
import {
  closeGatewaySchema,
  openGatewaySchema,
  retryGatewaySchema,
  type GatewayState,
} from './header-gateway.ts'
import { mcpTransports } from './mcp-servers.ts'
import type { McpTestResult } from './mcp-test.ts'
import { closeTunnelSchema, openTunnelSchema, retryTunnelSchema, type TunnelState } from './tunnels.ts'
import {
  cancelProbeSchema,
  probeWorkspaceSchema,
  type WorkspaceLink,
  type WorkspaceProbe,
} from './workspace-probe.ts'

/** Unacknowledged output a terminal may have in flight: 1 MiB was the knee of the curve when measured. */
export const terminalCreditBytes = 1024 * 1024
/** The window acknowledges in steps of this size, so acknowledgements stay rare. */
export const terminalAckBytes = 32 * 1024
/** One message of input; larger pastes are split by the window. */
export const terminalInputMaxChars = 32 * 1024

const terminalId = z.uuid()
const size = { cols: z.int().min(1).max(1000), rows: z.int().min(1).max(1000) }

/** Window to bridge. */
export const windowToBridgeSchema = z.discriminatedUnion('type', [
  /**
   * Open or re-join. `terminalId` is Coder's `reconnect` id: the same id gets the same shell. The answer is `reset` and
   * the screen with its scrollback as data. Sent again for every open terminal when a new port arrives (the bridge was
   * restarted).
   */
  z.strictObject({
    type: z.literal('open'),
    terminalId,
    deploymentId: z.string().min(1),
    agentId: z.uuid(),
    command: z.string(),
    ...size,
  }),
  z.strictObject({ type: z.literal('input'), terminalId, data: z.string().max(terminalInputMaxChars) }),
  z.strictObject({ type: z.literal('resize'), terminalId, ...size }),
  z.strictObject({ type: z.literal('ack'), terminalId, bytes: z.int().min(1) }),
  z.strictObject({ type: z.literal('retry-now'), terminalId }),
  /** Detach and forget. The shell lives on for the server's five minutes. */
  z.strictObject({ type: z.literal('close'), terminalId }),
])
export type WindowToBridge = z.infer<typeof windowToBridgeSchema>

/** What a terminal is doing, in the words the interface needs. */
export type TerminalState =
  | { readonly kind: 'connecting'; readonly attempt: number }
  | { readonly kind: 'connected'; readonly rejoined: boolean }
  /** `retryAt` is epoch milliseconds; `reason` is a sentence. */
  | {
      readonly kind: 'waiting'
      readonly attempt: number
      readonly retryAt: number
      readonly reason: string
    }
  /** The shell ended. */
  | { readonly kind: 'ended' }
  /** Hopeless: no automatic retry. `code` is for choosing an action. */
  | {
      readonly kind: 'failed'
      readonly code: 'signed_out' | 'not_found' | 'agent_unreachable' | 'refused' | 'no_deployment'
      readonly reason: string
    }

/** Bridge to window. Not parsed in the window: the bridge is our own process. */
export type BridgeToWindow =
  | { readonly type: 'data'; readonly terminalId: string; readonly bytes: Uint8Array }
  | { readonly type: 'state'; readonly terminalId: string; readonly state: TerminalState }
  /** The next data draws the whole screen: clear it first. Both sides count credit anew. */
  | { readonly type: 'reset'; readonly terminalId: string }

/** Main to bridge, over the parent port. `attach-window` carries the window's port as transferred. */
export const mainToBridgeSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('set-deployment'),
    deploymentId: z.string().min(1),
    url: z.url(),
    /** Empty where a client certificate is what signs in. */
    token: z.string(),
    cli: cliPlaceSchema,
    /** How it is reached; absent for the plain way. It may hold a secret, which comes this way only. */
    network: networkOptionsSchema.optional(),
    /** The same sign-in with a new token: what is connected stays so. */
    isRenewed: z.boolean().optional(),
  }),
  z.strictObject({ type: z.literal('remove-deployment'), deploymentId: z.string().min(1) }),
  z.strictObject({
    type: z.literal('attach-window'),
    windowId: z.int(),
    /** It shows this desktop and gets nothing else: no terminal, no file, no other desktop. */
    only: onlyDesktopSchema.optional(),
  }),
  /** The machine woke up: every connection is asked for a sign of life, and no wait goes on. */
  z.strictObject({ type: z.literal('wake') }),
  openGatewaySchema,
  closeGatewaySchema,
  retryGatewaySchema,
  openTunnelSchema,
  closeTunnelSchema,
  retryTunnelSchema,
  /** Try an MCP server. The headers are secret and come this way only. */
  z.strictObject({
    type: z.literal('test-mcp'),
    requestId: z.uuid(),
    url: z.url({ protocol: /^https?$/ }),
    transport: z.enum(mcpTransports),
    headers: z.record(z.string(), z.string()),
  }),
  z.strictObject({ type: z.literal('cancel-mcp-test'), requestId: z.uuid() }),
  giveLocalSchema,
  restoreTransfersSchema,
  probeWorkspaceSchema,
  cancelProbeSchema,
  /** The user does not want to wait for this one: `connectionId` as it stands in the timeline. */
  z.strictObject({
    type: z.literal('retry-connection'),
    what: z.enum(connectionKinds),
    connectionId: z.string().min(1),
  }),
  z.strictObject({ type: z.literal('shutdown') }),
])
export type MainToBridge = z.infer<typeof mainToBridgeSchema>

export type BridgeToMain =
  | { readonly type: 'ready'; readonly pid: number }
  /** The deployment refused the token while a terminal connected. */
  | { readonly type: 'signed-out'; readonly deploymentId: string }
  | GatewayState
  /** How it is with the deployment's command line, where one is needed. */
  | { readonly type: 'cli-state'; readonly deploymentId: string; readonly state: CliState }
  | KeepTransfers
  | TunnelState
  | { readonly type: 'mcp-tested'; readonly requestId: string; readonly result: McpTestResult }
  /** For the connection timeline. */
  | { readonly type: 'connection-event'; readonly event: ConnectionEvent }
  | WorkspaceLink
  /** How far a probe is; the last one has the phase `done` or `failed`. */
  | { readonly type: 'probe-progress'; readonly requestId: string; readonly probe: WorkspaceProbe }
  | { readonly type: 'log'; readonly level: 'debug' | 'info' | 'warn' | 'error'; readonly message: string }
