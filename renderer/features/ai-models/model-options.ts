import type { OptionNamespace } from './provider-kinds.ts'

interface FieldWords {
  /** Where it stands in the options: `['thinking', 'budget_tokens']`. */
  readonly path: readonly string[]
  readonly label: string
  readonly help?: string
}

/** One option of a kind of provider, as a field. All are optional: left alone, the provider decides. */
export type OptionField = FieldWords &
  (
    | { readonly kind: 'choice'; readonly choices: readonly string[] }
    | { readonly kind: 'integer'; readonly min: number }
    | { readonly kind: 'flag' | 'text' | 'words' }
  )

const flag = (label: string, ...path: string[]): OptionField => ({ kind: 'flag', label, path })
const integer = (label: string, ...path: string[]): OptionField => ({ kind: 'integer', min: 1, label, path })
const choice = (path: readonly string[], label: string, choices: readonly string[]): OptionField => ({
  kind: 'choice',
  path,
  label,
  choices,
})

const allowedDomains: OptionField = {
  kind: 'words',
  path: ['allowed_domains'],
  label: 'Search only these domains',
  help: 'Separate them with commas.',
}
const webSearch = flag('Web search', 'web_search_enabled')
const efforts = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh']
const reasoning: readonly OptionField[] = [
  flag('Reasoning', 'reasoning', 'enabled'),
  choice(['reasoning', 'effort'], 'Reasoning effort', efforts),
  integer('Reasoning tokens at most', 'reasoning', 'max_tokens'),
  flag('Leave the reasoning out of answers', 'reasoning', 'exclude'),
  flag('Several tool calls at once', 'parallel_tool_calls'),
]

/** The options that a form shows, by whose they are (agents-api 10.2). */
export const optionFields: Readonly<Record<OptionNamespace, readonly OptionField[]>> = {
  anthropic: [
    choice(['effort'], 'Effort', ['low', 'medium', 'high', 'max']),
    {
      kind: 'integer',
      min: 1024,
      path: ['thinking', 'budget_tokens'],
      label: 'Thinking budget',
      help: 'In tokens, from 1,024.',
    },
    choice(['thinking_display'], 'Thinking is shown', ['summarized', 'omitted']),
    flag('Send the thinking back', 'send_reasoning'),
    flag('One tool call at a time', 'disable_parallel_tool_use'),
    webSearch,
    allowedDomains,
    { kind: 'words', path: ['blocked_domains'], label: 'Never search these domains' },
  ],
  openai: [
    choice(['reasoning_effort'], 'Reasoning effort', efforts),
    choice(['reasoning_summary'], 'Reasoning summary', ['auto', 'concise', 'detailed']),
    choice(['text_verbosity'], 'Verbosity', ['low', 'medium', 'high']),
    choice(['service_tier'], 'Service tier', ['auto', 'default', 'flex', 'scale', 'priority']),
    integer('Completion tokens at most', 'max_completion_tokens'),
    integer('Tool calls at most', 'max_tool_calls'),
    flag('Several tool calls at once', 'parallel_tool_calls'),
    flag('OpenAI keeps the conversation', 'store'),
    webSearch,
    choice(['search_context_size'], 'Search results', ['low', 'medium', 'high']),
    allowedDomains,
    { kind: 'text', path: ['prompt_cache_key'], label: 'Key of the prompt cache' },
  ],
  google: [
    {
      kind: 'integer',
      min: -1,
      path: ['thinking_config', 'thinking_budget'],
      label: 'Thinking budget',
      help: 'In tokens; 0 is none, -1 lets the model choose.',
    },
    flag('Show the thinking', 'thinking_config', 'include_thoughts'),
    webSearch,
  ],
  openaicompat: [choice(['reasoning_effort'], 'Reasoning effort', efforts)],
  openrouter: reasoning,
  vercel: reasoning,
}

export type Options = Readonly<Record<string, unknown>>

/** The name of a field in a draft. */
export const optionKey = ({ path }: OptionField): string => path.join('.')

/** What an option says as it stands in its field; empty when it says nothing. */
export function optionText(options: Options | undefined, { path }: OptionField): string {
  let value: unknown = options
  for (const name of path)
    value = typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
  if (Array.isArray(value)) return value.filter((word) => typeof word === 'string').join(', ')
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : ''
}

/** The options with one of them as its field says; what no field shows stays as it was. */
export function withOption(options: Options, field: OptionField, text: string): Options {
  return setAt(options, field.path, valueOf(field, text.trim()))
}

function setAt(options: Options, path: readonly string[], value: unknown): Options {
  const [name, ...rest] = path
  if (name === undefined) return options
  const { [name]: before, ...others } = options
  const next =
    rest.length === 0
      ? value
      : setAt(typeof before === 'object' && before !== null ? (before as Options) : {}, rest, value)
  const isEmpty = next === undefined || (rest.length > 0 && Object.keys(next as Options).length === 0)
  return isEmpty ? others : { ...others, [name]: next }
}

function valueOf(field: OptionField, text: string): unknown {
  if (text === '') return undefined
  switch (field.kind) {
    case 'flag':
      return text === 'true'
    case 'integer':
      return Number(text)
    case 'words':
      return text.split(/[\s,]+/).filter((word) => word !== '')
    case 'choice':
    case 'text':
      return text
  }
}

/** What is wrong with the text of a field. */
export function optionProblem(field: OptionField, text: string): string | undefined {
  if (field.kind !== 'integer' || text.trim() === '') return undefined
  if (/^-?\d{1,9}$/.test(text.trim()) && Number(text) >= field.min) return undefined
  return `Write a whole number from ${field.min.toLocaleString('en-US')}.`
}
