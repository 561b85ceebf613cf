/** How connections are and were: the timeline, checks of a deployment, probes of a workspace, the support bundle. */
import { z } from 'zod'
import { checkSchema } from '#bridge/contract/connection-checks'
import {
  connectionEventSchema,
  connectionIdMaxChars,
  connectionKinds,
} from '#bridge/contract/connection-events'
import { probeKinds, workspaceLinkSchema, workspaceProbeSchema } from '#bridge/contract/workspace-probe'
import { deploymentIdSchema } from './deployments.ts'
import { defineProcedure } from './procedure.ts'

/** One connection in one state, however often it came back to it within a short time. */
export const timelineEntrySchema = z.object({
  id: z.int(),
  event: connectionEventSchema,
  /** Epoch milliseconds of the first time; `event.at` is the last. */
  since: z.number(),
  times: z.int().min(1),
})
export type TimelineEntry = z.infer<typeof timelineEntrySchema>

export const latencySampleSchema = z.object({ at: z.number(), latencyMs: z.number() })
export type LatencySample = z.infer<typeof latencySampleSchema>

export const workspaceLinkViewSchema = workspaceLinkSchema.omit({ type: true }).extend({ at: z.number() })
export type WorkspaceLinkView = z.infer<typeof workspaceLinkViewSchema>

/** The checks of one run, in order; those that did not begin yet are not in it. */
export const checkReportSchema = z.object({
  deploymentId: deploymentIdSchema,
  startedAt: z.number(),
  /** By which way the deployment is reached: a sentence. */
  route: z.string(),
  checks: z.array(checkSchema),
  isDone: z.boolean(),
})
export type CheckReport = z.infer<typeof checkReportSchema>

export const bundleOptionsSchema = z.strictObject({
  /** Names of hosts and deployments become `host-1`, `deployment-1`. */
  leaveOutHosts: z.boolean(),
})

export const bundleFileSchema = z.object({
  name: z.string(),
  bytes: z.int(),
  /** What is in it: a sentence. */
  about: z.string(),
  /** Its text, of at most some thousand characters. */
  text: z.string(),
})
export type BundleFile = z.infer<typeof bundleFileSchema>

export const diagnostics = {
  /** What connections do and did. The latency of that deployment is measured every few seconds while this is watched. */
  watch: defineProcedure({
    kind: 'subscription',
    input: z.strictObject({ deploymentId: deploymentIdSchema }),
    output: z.object({
      /** Of the watched deployment, in the last minutes, oldest first. */
      latency: z.array(latencySampleSchema),
      links: z.array(workspaceLinkViewSchema),
      /** Of all deployments, newest first. */
      entries: z.array(timelineEntrySchema),
      /** The ids of entries that say how their connection is now. */
      current: z.array(z.int()),
    }),
    errors: [],
  }),
  /** Tries a connection that waits or was given up now. */
  retry: defineProcedure({
    kind: 'mutation',
    input: z.strictObject({
      deploymentId: deploymentIdSchema,
      what: z.enum(connectionKinds),
      connectionId: z.string().min(1).max(connectionIdMaxChars),
    }),
    output: z.null(),
    errors: [],
  }),
  /** Runs the checks, one after the other, and ends with the last. Cancelling stops them. */
  runChecks: defineProcedure({
    kind: 'subscription',
    input: z.strictObject({ deploymentId: deploymentIdSchema }),
    output: checkReportSchema,
    errors: [],
  }),
  /** Pings a workspace, or tries its speed as well, and ends with the result. Cancelling stops it. */
  probeWorkspace: defineProcedure({
    kind: 'subscription',
    input: z.strictObject({
      deploymentId: deploymentIdSchema,
      workspaceId: z.uuid(),
      kind: z.enum(probeKinds),
    }),
    output: workspaceProbeSchema,
    errors: ['bridge_down'],
  }),
  /** What a support bundle would hold now. */
  previewBundle: defineProcedure({
    kind: 'query',
    input: bundleOptionsSchema,
    output: z.object({
      files: z.array(bundleFileSchema),
      /** Values that were looked for, and masked wherever they stood. */
      secretsMasked: z.int(),
      /** Why something is left out: a sentence. */
      note: z.string().nullable(),
    }),
    errors: [],
  }),
  /** Saves it where the user says, by the system's dialog. */
  saveBundle: defineProcedure({
    kind: 'mutation',
    input: bundleOptionsSchema,
    output: z.object({ saved: z.boolean() }),
    errors: ['not_saved'],
  }),
} as const
