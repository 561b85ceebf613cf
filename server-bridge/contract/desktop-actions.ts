/**
 * What a model does on the virtual desktop of a workspace, as its agent is asked for it (see `agentToolRoutes`). Ours; what
 * providers call such actions is put into these by the server.
 */
import { z } from 'zod'

/** The screen a desktop begins with. */
export const desktopScreen = { width: 1280, height: 800 } as const
/** Of each side: a screen that is larger is neither held in memory nor sent anywhere. */
export const maxScreenSide = 4096

/** One action never waits for longer. */
export const maxDesktopWaitMs = 60_000
export const maxTypedChars = 10_000
export const maxScrollSteps = 50
/** Of a picture of the screen, as PNG; providers take no larger ones. */
export const maxScreenshotBytes = 3_750_000

/** A film of a desktop fits into the files of a chat. */
export const maxRecordingBytes = 10 * 1024 * 1024
export const recordingType = 'video/mp4'

const side = z
  .int()
  .min(0)
  .max(maxScreenSide - 1)
const point = z.strictObject({ x: side, y: side })
export type ScreenPoint = z.output<typeof point>
export const mouseButtons = ['left', 'middle', 'right'] as const
export type MouseButton = (typeof mouseButtons)[number]
export const scrollDirections = ['up', 'down', 'left', 'right'] as const
/** Names of keys, joined by `+`; several such after each other, with spaces between them. Held: one such. */
const keys = z.string().min(1).max(200)

export const desktopActionSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('screenshot') }),
  z.strictObject({ type: z.literal('cursor_position') }),
  z.strictObject({ type: z.literal('move'), at: point }),
  z.strictObject({
    type: z.literal('click'),
    button: z.enum(mouseButtons),
    count: z.int().min(1).max(3),
    /** Absent: where the pointer is. */
    at: point.optional(),
    /** Held meanwhile. */
    held: keys.optional(),
  }),
  z.strictObject({ type: z.literal('hold_button'), isDown: z.boolean(), at: point.optional() }),
  z.strictObject({
    type: z.literal('drag'),
    from: point.optional(),
    to: point,
    held: keys.optional(),
  }),
  z.strictObject({
    type: z.literal('scroll'),
    at: point.optional(),
    direction: z.enum(scrollDirections),
    steps: z.int().min(0).max(maxScrollSteps),
    held: keys.optional(),
  }),
  z.strictObject({ type: z.literal('key'), keys, count: z.int().min(1).max(100) }),
  z.strictObject({ type: z.literal('hold_key'), keys, ms: z.int().min(0).max(maxDesktopWaitMs) }),
  z.strictObject({ type: z.literal('type'), text: z.string().max(maxTypedChars) }),
  z.strictObject({ type: z.literal('wait'), ms: z.int().min(0).max(maxDesktopWaitMs) }),
])
export type DesktopAction = z.output<typeof desktopActionSchema>

export const desktopActionRequestSchema = z.strictObject({ chat_id: z.uuid(), action: desktopActionSchema })

export const desktopActionAnswerSchema = z.strictObject({
  /** Where the pointer was put last by an action. */
  cursor: point,
  width: z.int().min(1).max(maxScreenSide),
  height: z.int().min(1).max(maxScreenSide),
  /** How the screen looks once the action has shown its effect, as PNG in base64. */
  screenshot: z.base64().max(Math.ceil(maxScreenshotBytes / 3) * 4),
})
/** The film of what a chat has done, from its first action on, as MP4 in base64. Absent: nothing was recorded. */
export const desktopRecordingAnswerSchema = z.strictObject({
  recording: z
    .base64()
    .max(Math.ceil(maxRecordingBytes / 3) * 4)
    .optional(),
})

export type DesktopActionAnswer = z.output<typeof desktopActionAnswerSchema>
