import { oneLine } from '../hostile-text.ts'
import { fieldsOf, numberField, textField } from '../tool-fields.ts'
import { actionWords } from './computer-words.ts'

/** What an agent asks to do on a desktop. */
export interface AskedAction {
  /** The arguments that are said whole. What else there is has to be shown beside them: nothing may be hidden. */
  readonly names: readonly string[]
  readonly words: string
  /** What it would type or press, where that does not go into the words: as it is, to its end. */
  readonly text: string | undefined
}

/** In words; undefined where the action is not known, of which only its arguments tell. */
export function askedAction(args: unknown): AskedAction | undefined {
  const { asked, detail } = actionWords({ args, argsHead: '' })
  if (asked === '') return undefined
  const named = textField(args, 'action') === undefined ? 'type' : 'action'
  const action = textField(args, named) ?? ''
  const text = textField(args, 'text')
  const times = timesOf(action, args)
  if (text !== undefined && writers.includes(action) && !isShortText(action, text))
    return {
      names: [named, 'text', ...times.names],
      words: `${asked} this${times.words}:`,
      text,
    }
  return {
    names: [named, ...saidBy(action).filter((name) => isWhole(name, args)), ...times.names],
    words: `${[asked, detail].filter((word) => word !== '').join(' ')}${times.words}.`,
    text: undefined,
  }
}

/** Actions whose text is what they do. */
const writers: readonly string[] = ['type', 'key', 'keypress', 'hold_key']

/** What is typed is never put between other words: where it ends would be its own to say. */
const isShortText = (action: string, text: string): boolean => action !== 'type' && isSaid(text, longestHeld)

/** Of {@link actionWords}: beyond it, words are cut. */
const longestHeld = 40
const longestDirection = 10

const isSaid = (text: string, longest: number): boolean => oneLine(text, longest) === text

/** The arguments that {@link actionWords} has words for. */
function saidBy(action: string): readonly string[] {
  switch (action) {
    case 'screenshot':
    case 'take_screenshot':
    case 'cursor_position':
    case 'zoom':
    case 'type':
      return []
    case 'left_click_drag':
    case 'drag':
      return ['start_coordinate', 'coordinate']
    case 'scroll':
      return ['scroll_direction', 'scroll_amount', 'coordinate']
    case 'key':
    case 'keypress':
      return ['text']
    case 'hold_key':
      return ['text', 'duration']
    case 'wait':
      return ['duration']
    default:
      return ['coordinate', 'text']
  }
}

/** Whether the words say it as it is. */
function isWhole(name: string, args: unknown): boolean {
  const value = fieldsOf(args)[name]
  switch (name) {
    case 'coordinate':
    case 'start_coordinate':
      return Array.isArray(value) && value.length === 2 && value.every((one) => Number.isInteger(one))
    case 'text':
      return typeof value === 'string' && isSaid(value, longestHeld)
    case 'scroll_direction':
      return typeof value === 'string' && isSaid(value, longestDirection)
    default:
      return numberField(args, name) !== undefined
  }
}

function timesOf(
  action: string,
  args: unknown,
): { readonly names: readonly string[]; readonly words: string } {
  const repeat = numberField(args, 'repeat')
  if (!['key', 'keypress'].includes(action) || repeat === undefined) return { names: [], words: '' }
  return { names: ['repeat'], words: repeat === 1 ? '' : ` ${repeat} times` }
}
