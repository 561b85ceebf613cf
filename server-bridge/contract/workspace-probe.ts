/** Ping and speed of the way into a workspace, measured by the bridge over SSH; and which way that is. */
import { z } from 'zod'
import { connectionTextMaxChars } from './connection-events.ts'

export const probeKinds = ['ping', 'speed'] as const
export type ProbeKind = (typeof probeKinds)[number]

/** Round trips of one ping. */
export const pingCount = 10
/** One direction of a speed test ends with whichever comes first. */
export const speedMaxBytes = 64 * 1024 * 1024
export const speedMaxMs = 5_000

const reason = z.string().max(connectionTextMaxChars)
/** Bytes that arrived, and the time they took. */
const amount = z.strictObject({ bytes: z.int().min(0), ms: z.number().min(0) })

/** How far a probe is. Everything measured so far is in each report. */
export const workspaceProbeSchema = z.strictObject({
  phase: z.enum(['connecting', 'ping', 'download', 'upload', 'done', 'failed']),
  /** Milliseconds of each round trip. */
  roundTripsMs: z.array(z.number().min(0)).max(pingCount),
  download: amount.nullable(),
  upload: amount.nullable(),
  /** A sentence, of a probe that failed. */
  reason: reason.nullable(),
})
export type WorkspaceProbe = z.infer<typeof workspaceProbeSchema>

/** Main to bridge. */
export const probeWorkspaceSchema = z.strictObject({
  type: z.literal('probe-workspace'),
  requestId: z.uuid(),
  deploymentId: z.string().min(1),
  workspaceId: z.uuid(),
  kind: z.enum(probeKinds),
})
export const cancelProbeSchema = z.strictObject({ type: z.literal('cancel-probe'), requestId: z.uuid() })

/** Bridge to main: by which way SSH reached a workspace, and what that way tells of itself. */
export const workspaceLinkSchema = z.strictObject({
  type: z.literal('workspace-link'),
  deploymentId: z.string(),
  workspaceId: z.uuid(),
  transport: z.enum(['websocket', 'coder-cli']),
  /** `null` where the way does not tell: the deployment's own socket, or before the first report. */
  network: z
    .strictObject({
      /** Straight to the agent; relayed otherwise. */
      isDirect: z.boolean(),
      latencyMs: z.number(),
      /** Of the relay that is used, or would be. */
      relay: z.string().max(connectionTextMaxChars),
      isCoderConnect: z.boolean(),
    })
    .nullable(),
})
export type WorkspaceLink = z.infer<typeof workspaceLinkSchema>
