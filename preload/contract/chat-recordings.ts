/** Recordings of desktops. */
import { z } from 'zod'
import { deploymentIdSchema } from './deployments.ts'
import { defineProcedure } from './procedure.ts'

/** Films that the window plays. */
export const recordingTypes = ['video/mp4', 'video/webm'] as const
export const maxRecordingBytes = 100 * 1024 * 1024

/** A recording of a desktop, base64, in pieces as they come: all of them are the film. */
export const readRecording = defineProcedure({
  kind: 'subscription',
  input: z.strictObject({ deploymentId: deploymentIdSchema, fileId: z.uuid() }),
  output: z.object({
    mediaType: z.enum(recordingTypes),
    /** Of the whole, in bytes; null where the server does not say. */
    size: z.int().nullable(),
    piece: z.string(),
  }),
  errors: ['rate_limited', 'too_large', 'type_refused'],
})
