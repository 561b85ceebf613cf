/** Coder's error envelope; also the answer of endpoints that only have something to say. */
import { z } from 'zod'
import { answer, list } from './shape.ts'

export const validationErrorSchema = answer({ field: z.string(), detail: z.string() })
export type ValidationError = z.output<typeof validationErrorSchema>

export const responseSchema = answer({
  message: z.string(),
  detail: z.string().optional(),
  validations: list(validationErrorSchema).optional(),
})
/** `message` and `validations` are for people, `detail` is technical. Named as on the wire. */
export type Response = z.output<typeof responseSchema>
