/** What models want done on a desktop, in the words of their providers' tools for it. */
import { z } from 'zod'
import {
  type DesktopAction,
  desktopActionSchema,
  maxDesktopWaitMs,
  type MouseButton,
  scrollDirections,
} from '../../../contract/desktop-actions.ts'

const place = z.tuple([z.number(), z.number()])

/** As Anthropic's tools have it, the newest and those before. */
const givenSchema = z.object({
  action: z.string().max(50),
  coordinate: place.optional(),
  start_coordinate: place.optional(),
  /** What to type, the keys to press, or those held during a click. */
  text: z.string().optional(),
  scroll_direction: z.enum(scrollDirections).optional(),
  scroll_amount: z.number().optional(),
  /** In seconds. */
  duration: z.number().optional(),
  repeat: z.number().optional(),
})
type Given = z.output<typeof givenSchema>

/** A call's arguments as the action they mean; what is wrong with them is said for the model. */
export const computerActionSchema = givenSchema.transform((given, context): DesktopAction => {
  const wanted = toAction(given)
  const parsed = desktopActionSchema.safeParse(wanted)
  if (parsed.success) return parsed.data
  const message =
    wanted === undefined
      ? `There is no action ${JSON.stringify(given.action)} here.`
      : z.prettifyError(parsed.error)
  context.addIssue({ code: 'custom', message })
  return z.NEVER
})
export const computerInputSchema = z.toJSONSchema(givenSchema, { io: 'input' })

const clicks: Readonly<Record<string, readonly [MouseButton, number]>> = {
  left_click: ['left', 1],
  right_click: ['right', 1],
  middle_click: ['middle', 1],
  double_click: ['left', 2],
  triple_click: ['left', 3],
}

const DEFAULT_SCROLL_STEPS = 3

/** Not proven yet: the desktop's own schema says what is missing. */
function toAction(given: Given): object | undefined {
  const { action, text } = given
  const at = pointOf('at', given.coordinate)
  const held = text === undefined || text === '' ? {} : { held: text }
  if (Object.hasOwn(clicks, action)) {
    const [button, count] = clicks[action] ?? ['left', 1]
    return { type: 'click', button, count, ...at, ...held }
  }
  switch (action) {
    case 'screenshot':
    case 'cursor_position':
      return { type: action }
    case 'mouse_move':
      return { type: 'move', ...at }
    case 'left_mouse_down':
    case 'left_mouse_up':
      return { type: 'hold_button', isDown: action === 'left_mouse_down', ...at }
    case 'left_click_drag':
      return {
        type: 'drag',
        ...pointOf('from', given.start_coordinate),
        ...pointOf('to', given.coordinate),
        ...held,
      }
    case 'scroll': {
      const { scroll_direction: direction, scroll_amount: amount = DEFAULT_SCROLL_STEPS } = given
      return { type: 'scroll', ...at, direction, steps: Math.round(amount), ...held }
    }
    case 'key':
      return { type: 'key', keys: text, count: Math.round(given.repeat ?? 1) }
    case 'hold_key':
      return { type: 'hold_key', keys: text, ms: millisecondsOf(given.duration) }
    case 'type':
      return { type: 'type', text }
    case 'wait':
      return { type: 'wait', ms: millisecondsOf(given.duration) }
    default:
      return undefined
  }
}

function pointOf(name: string, given: readonly [number, number] | undefined): object {
  return given === undefined ? {} : { [name]: { x: Math.round(given[0]), y: Math.round(given[1]) } }
}

/** Longer waits end early rather than not at all: the screen is shown then, and the model can wait again. */
const millisecondsOf = (seconds = 1): number =>
  Math.min(maxDesktopWaitMs, Math.max(0, Math.round(seconds * 1000)))
