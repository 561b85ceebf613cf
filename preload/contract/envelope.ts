/** Messages of the RPC port between a window and main. One request has one id, unique for the life of the port. */
import { z } from 'zod'

/** A request bigger than this is refused with `payload_too_large` before it is parsed. */
export const requestMaxBytes = 1024 * 1024

export const rendererToMainSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('call'),
    id: z.int().min(1),
    procedure: z.string().max(100),
    input: z.unknown(),
  }),
  /** Cancels a call or ends a subscription. Unknown ids are ignored: the answer may be under way. */
  z.strictObject({ type: z.literal('cancel'), id: z.int().min(1) }),
])
export type RendererToMain = z.infer<typeof rendererToMainSchema>

/** How a failure crosses: no stack, no path, no secret. */
export interface WireError {
  readonly code: string
  /** A sentence for the user. */
  readonly message: string
  /** Typed by the code; plain data. */
  readonly details?: unknown
  readonly traceId: string
}

export type MainToRenderer =
  | { readonly type: 'result'; readonly id: number; readonly output: unknown }
  | { readonly type: 'error'; readonly id: number; readonly error: WireError }
  /** One output of a subscription. */
  | { readonly type: 'next'; readonly id: number; readonly output: unknown }
  /** A subscription ended by itself. */
  | { readonly type: 'done'; readonly id: number }
