/** What a check of the way to a deployment found. */
import { z } from 'zod'

export const checkIds = ['dns', 'tcp', 'tls', 'http', 'clock', 'token', 'websocket', 'health'] as const
export type CheckId = (typeof checkIds)[number]

export const checkSchema = z.object({
  id: z.enum(checkIds),
  /** `skipped`: it makes no sense here, or what it stands on failed. */
  status: z.enum(['running', 'ok', 'warning', 'failed', 'skipped']),
  /** `null` while it runs and of one that was skipped. */
  ms: z.number().nullable(),
  /** What was found, in one sentence. Empty while it runs. */
  found: z.string(),
  /** What to do, where it is not as it should be. */
  advice: z.string().nullable(),
})
export type Check = z.infer<typeof checkSchema>
