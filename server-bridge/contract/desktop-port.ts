/**
 * The screens of chats' desktops between a window and the bridge, over the window's byte port. The bridge carries bytes of
 * the RFB protocol and reads none of them. Flow control is credit, as with terminals (bridge-port.ts).
 */
import { z } from 'zod'

/** Unacknowledged bytes a desktop may have in flight: a picture of a large screen, hardly compressed. */
export const desktopCreditBytes = 4 * 1024 * 1024
/** One message of input. Keys and clicks have a few bytes. */
export const desktopInputMaxBytes = 64 * 1024

const desktopId = z.uuid()
/** Which of a desktop's connections something belongs to: each one begins the protocol anew. */
const connection = z.int().min(1)

/** Window to bridge. */
export const windowToDesktopsSchema = z.discriminatedUnion('type', [
  /** Sent again for every open desktop when a new port arrives (the bridge was restarted). */
  z.strictObject({
    type: z.literal('desktop-open'),
    desktopId,
    deploymentId: z.string().min(1),
    chatId: z.uuid(),
    /** Whose desktop it is, for the connection timeline alone. */
    workspaceId: z.uuid().optional(),
  }),
  z.strictObject({
    type: z.literal('desktop-input'),
    desktopId,
    connection,
    bytes: z.instanceof(Uint8Array).refine(({ length }) => length > 0 && length <= desktopInputMaxBytes),
  }),
  z.strictObject({ type: z.literal('desktop-ack'), desktopId, connection, bytes: z.int().min(1) }),
  z.strictObject({ type: z.literal('desktop-retry'), desktopId }),
  z.strictObject({ type: z.literal('desktop-close'), desktopId }),
])
export type WindowToDesktops = z.infer<typeof windowToDesktopsSchema>

/** The one desktop that a window of a desktop may show. */
export const onlyDesktopSchema = z.strictObject({ deploymentId: z.string().min(1), chatId: z.uuid() })
export type OnlyDesktop = z.infer<typeof onlyDesktopSchema>

export type DesktopState =
  | { readonly kind: 'connecting'; readonly attempt: number }
  | { readonly kind: 'connected'; readonly connection: number }
  /** `retryAt` is epoch milliseconds; `reason` is a sentence. */
  | { readonly kind: 'waiting'; readonly attempt: number; readonly retryAt: number; readonly reason: string }
  /** The desktop itself ended. */
  | { readonly kind: 'ended' }
  /** No automatic retry. `code` is for choosing an action. */
  | {
      readonly kind: 'failed'
      readonly code: 'signed_out' | 'unsupported' | 'refused' | 'no_deployment'
      readonly reason: string
    }

/** Bridge to window. Not parsed in the window: the bridge is our own process. */
export type DesktopsToWindow =
  | { readonly type: 'desktop-state'; readonly desktopId: string; readonly state: DesktopState }
  | {
      readonly type: 'desktop-data'
      readonly desktopId: string
      readonly connection: number
      readonly bytes: Uint8Array
    }
