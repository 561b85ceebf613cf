import { oneLine } from '../hostile-text.ts'
import { fieldsOf, textField, textsField } from '../tool-fields.ts'
import type { ToolCall } from '../transcript-rows.ts'
import { argument } from './tool-words.ts'

export interface ActionWords {
  readonly busy: string
  readonly done: string
  /** Before it is done; empty where what it is is not known. */
  readonly asked: string
  /** With what, or where. */
  readonly detail: string
}

const clicks: Readonly<Record<string, readonly [busy: string, done: string, asked: string]>> = {
  click: ['Clicking', 'Clicked', 'Click'],
  left_click: ['Clicking', 'Clicked', 'Click'],
  right_click: ['Clicking the right button', 'Clicked the right button', 'Click the right button'],
  middle_click: ['Clicking the middle button', 'Clicked the middle button', 'Click the middle button'],
  double_click: ['Double-clicking', 'Double-clicked', 'Double-click'],
  triple_click: ['Triple-clicking', 'Triple-clicked', 'Triple-click'],
  mouse_move: ['Moving the pointer', 'Moved the pointer', 'Move the pointer'],
  move: ['Moving the pointer', 'Moved the pointer', 'Move the pointer'],
  left_mouse_down: ['Holding the left button', 'Held the left button', 'Hold the left button'],
  left_mouse_up: ['Letting go of the left button', 'Let go of the left button', 'Let go of the left button'],
}

type ActionCall = Pick<ToolCall, 'args' | 'argsHead'>

/** What a model did on a desktop, by the arguments that its provider's tool has. */
export function actionWords(call: ActionCall): ActionWords {
  const action = argument(call, 'action') ?? argument(call, 'type') ?? ''
  const text = argument(call, 'text') ?? ''
  const at = placeOf(call.args, 'coordinate')
  if (Object.hasOwn(clicks, action)) {
    const [busy, done, asked] = clicks[action] ?? ['', '', '']
    return { busy, done, asked, detail: [at, heldWords(text)].filter((word) => word !== '').join(' ') }
  }
  return { ...(otherWords(call, action, { text, at }) ?? unknownWords(action)) }
}

function otherWords(
  call: ActionCall,
  action: string,
  { text, at }: { readonly text: string; readonly at: string },
): ActionWords | undefined {
  switch (action) {
    case 'screenshot':
    case 'take_screenshot':
      return {
        busy: 'Looking at the desktop',
        done: 'Looked at the desktop',
        asked: 'Look at the desktop',
        detail: '',
      }
    case 'zoom':
      return {
        busy: 'Looking closer at the desktop',
        done: 'Looked closer at the desktop',
        asked: 'Look closer at the desktop',
        detail: '',
      }
    case 'cursor_position':
      return {
        busy: 'Asking where the pointer is',
        done: 'Asked where the pointer is',
        asked: 'Ask where the pointer is',
        detail: '',
      }
    case 'left_click_drag':
    case 'drag': {
      const from = placeOf(call.args, 'start_coordinate')
      const way = from === '' ? at : `${from.replace(/^at/, 'from')} ${at.replace(/^at/, 'to')}`
      return { busy: 'Dragging', done: 'Dragged', asked: 'Drag', detail: way }
    }
    case 'scroll':
      return { busy: 'Scrolling', done: 'Scrolled', asked: 'Scroll', detail: scrollWords(call, at) }
    case 'type':
      return { busy: 'Typing', done: 'Typed', asked: 'Type', detail: quoted(text) }
    case 'key':
    case 'keypress':
      return {
        busy: 'Pressing',
        done: 'Pressed',
        asked: 'Press',
        detail: oneLine(text === '' ? textsField(call.args, 'keys').join('+') : text, 80),
      }
    case 'hold_key':
      return {
        busy: 'Holding',
        done: 'Held',
        asked: 'Hold',
        detail: `${oneLine(text, 80)} ${secondsOf(call.args)}`.trim(),
      }
    case 'wait':
      return { busy: 'Waiting', done: 'Waited', asked: 'Wait', detail: secondsOf(call.args) }
    default:
      return undefined
  }
}

const unknownWords = (action: string): ActionWords => ({
  busy: 'Using the desktop',
  done: 'Used the desktop',
  asked: '',
  detail: oneLine(action.replaceAll('_', ' '), 80),
})

const quoted = (text: string): string => (text === '' ? '' : `“${oneLine(text, 120)}”`)
const heldWords = (text: string): string => (text === '' ? '' : `with ${oneLine(text, 40)} held`)
const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value)

/** `at 412, 310`; empty: where the pointer is. */
function placeOf(args: unknown, name: string): string {
  const fields = fieldsOf(args)
  const given = fields[name] ?? (name === 'coordinate' ? [fields['x'], fields['y']] : undefined)
  if (!Array.isArray(given)) return ''
  const [x, y] = given as unknown[]
  return isNumber(x) && isNumber(y) ? `at ${Math.round(x)}, ${Math.round(y)}` : ''
}

function scrollWords({ args }: ActionCall, at: string): string {
  const direction = textField(args, 'scroll_direction') ?? ''
  const amount = fieldsOf(args)['scroll_amount']
  const steps = isNumber(amount) ? `${amount} ${amount === 1 ? 'step' : 'steps'}` : ''
  return [oneLine(direction, 10), steps, at].filter((word) => word !== '').join(' ')
}

function secondsOf(args: unknown): string {
  const { duration } = fieldsOf(args)
  return isNumber(duration) ? `for ${duration} s` : ''
}
