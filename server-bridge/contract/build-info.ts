import { z } from 'zod'
import { answer, flag, text } from './shape.ts'
import { defineRoute } from './route.ts'

export const buildInfoResponseSchema = answer({
  external_url: text,
  /** `vX.Y.Z`, maybe with `-rc.N` or `-devel+<hash>`. */
  version: z.string().min(1),
  /** The deployment's access URL. */
  dashboard_url: text,
  telemetry: flag,
  workspace_proxy: flag,
  agent_api_version: text,
  provisioner_api_version: text,
  upgrade_message: text,
  deployment_id: text,
  webpush_public_key: z.string().optional(),
  /** Ours, not Coder's: see features.ts. */
  outpost_features: z.array(z.string()).optional().catch(undefined),
})
export type BuildInfoResponse = z.output<typeof buildInfoResponseSchema>

export const buildInfoRoutes = {
  get: defineRoute({
    method: 'GET',
    path: '/api/v2/buildinfo',
    auth: 'none',
    status: 200,
    answer: buildInfoResponseSchema,
    errors: [],
  }),
} as const
