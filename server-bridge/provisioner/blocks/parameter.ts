import {
  previewParameterStylingSchema,
  type PreviewParameterStyling,
} from '../../contract/dynamic-parameters.ts'
import {
  parameterTypes,
  type TemplateVersionParameter,
  type TemplateVersionParameterOption,
} from '../../contract/template-versions.ts'
import type { BlockReader } from '../block-reader.ts'
import { isList, toText, type Value } from '../eval/value.ts'
import { checkDefault, checkDefinition } from '../parameter-rules.ts'
import { UnknownValueError } from '../unknown-value.ts'

/** What of a parameter may depend on a value that nobody has given yet. */
type UnknownPart = 'default' | 'options' | 'validation'

export interface ParameterDefinition {
  readonly wire: TemplateVersionParameter
  readonly order: number
  readonly styling: PreviewParameterStyling
  /** Only a preview has such; the wire form is empty there. */
  readonly unknown: ReadonlySet<UnknownPart>
}

type ParameterType = (typeof parameterTypes)[number]

/**
 * Which form types go with which type, with and without options; the first is the default. From the provider's own
 * truth table (terraform-provider-coder, provider/formtype.go).
 */
const formTypes = {
  string: { options: ['radio', 'dropdown'], free: ['input', 'textarea'] },
  number: { options: ['radio', 'dropdown'], free: ['input', 'slider'] },
  bool: { options: ['radio', 'dropdown'], free: ['checkbox', 'switch'] },
  'list(string)': { options: ['radio', 'multi-select'], free: ['tag-select'] },
} as const

/** Coder's limit on the options of one parameter. */
const maxOptions = 64

/**
 * Reads a `data "coder_parameter"` block.
 *
 * @param isGiven Whether a parameter has a value: then its default does not count and may be one that does not fit.
 * @throws {TemplateError} for what Coder's provider refuses.
 */
export function readParameter(
  reader: BlockReader,
  isGiven: (name: string) => boolean = () => false,
): ParameterDefinition {
  const unknown = new Set<UnknownPart>()
  const known = <T>(part: UnknownPart, read: () => T, fallback: T): T => {
    try {
      return read()
    } catch (error) {
      if (!(error instanceof UnknownValueError)) throw error
      unknown.add(part)
      return fallback
    }
  }
  const type: ParameterType = reader.oneOf('type', parameterTypes, 'string')
  const options = known('options', () => reader.blocks('option', maxOptions).map(readOption), [])
  const description = reader.text('description')
  const hasDefault = known('default', () => reader.has('default'), true)
  const displayName = reader.text('display_name')
  const wire: TemplateVersionParameter = {
    name: reader.requiredText('name'),
    ...(displayName !== '' && { display_name: displayName }),
    description,
    description_plaintext: plainText(description),
    type,
    form_type: readFormType(reader, type, options.length > 0 || unknown.has('options')),
    mutable: reader.bool('mutable', false),
    default_value: hasDefault ? known('default', () => defaultText(reader, type), '') : '',
    icon: reader.text('icon'),
    options,
    ...known('validation', () => readValidation(reader, type), {}),
    required: !hasDefault,
    ephemeral: reader.bool('ephemeral', false),
  }
  const order = reader.integer('order') ?? 0
  const styling = readStyling(reader)
  reader.finish()
  checkEphemeral(reader, wire)
  const fail = (name: string, message: string): Error => reader.error(name, message)
  checkDefinition(wire, fail)
  if (hasDefault && unknown.size === 0 && !isGiven(wire.name)) checkDefault(wire, fail)
  return { wire, order, styling, unknown }
}

function checkEphemeral(
  reader: BlockReader,
  { ephemeral, mutable, required }: TemplateVersionParameter,
): void {
  if (ephemeral && !mutable)
    throw reader.error('ephemeral', 'An ephemeral parameter has to be mutable as well.')
  if (ephemeral && required) throw reader.error('ephemeral', 'An ephemeral parameter needs a default.')
}

/** Hints for the widget, written as JSON text. What it does not know is left to newer clients. */
function readStyling(reader: BlockReader): PreviewParameterStyling {
  const text = reader.text('styling')
  if (text === '') return {}
  const wrong = (): Error => reader.error('styling', 'This has to be a JSON object: use jsonencode({ … }).')
  let data: unknown
  try {
    data = JSON.parse(text)
  } catch {
    throw wrong()
  }
  const parsed = previewParameterStylingSchema.safeParse(data)
  if (!parsed.success) throw wrong()
  return parsed.data
}

/** Defaults are text on the wire; a list may be written as one. */
function defaultText(reader: BlockReader, type: ParameterType): string {
  const value: Value = reader.value('default')
  return type === 'list(string)' && isList(value) ? JSON.stringify(value.map(toText)) : reader.text('default')
}

function readOption(reader: BlockReader): TemplateVersionParameterOption {
  const option = {
    name: reader.requiredText('name'),
    description: reader.text('description'),
    value: reader.requiredText('value'),
    icon: reader.text('icon'),
  }
  reader.finish()
  return option
}

function readFormType(
  reader: BlockReader,
  type: ParameterType,
  hasOptions: boolean,
): TemplateVersionParameter['form_type'] {
  const allowed = formTypes[type][hasOptions ? 'options' : 'free'] as readonly [
    TemplateVersionParameter['form_type'],
    ...TemplateVersionParameter['form_type'][],
  ]
  return reader.oneOf('form_type', allowed, allowed[0])
}

function readValidation(reader: BlockReader, type: ParameterType): Partial<TemplateVersionParameter> {
  const [rules] = reader.blocks('validation', 1)
  if (rules === undefined) return {}
  const [min, max] = [rules.integer('min'), rules.integer('max')]
  const monotonic = rules.has('monotonic')
    ? rules.oneOf('monotonic', ['increasing', 'decreasing'], 'increasing')
    : undefined
  const regex = rules.text('regex')
  const error = rules.text('error')
  rules.finish()
  for (const [name, isSet] of [
    ['min', min !== undefined],
    ['max', max !== undefined],
    ['monotonic', monotonic !== undefined],
  ] as const) {
    if (isSet && type !== 'number')
      throw rules.error(name, `This rule is only for numbers, not for "${type}".`)
  }
  if (regex !== '' && type !== 'string')
    throw rules.error('regex', `This rule is only for text, not for "${type}".`)
  if (regex !== '' && error === '')
    throw rules.error('regex', 'A regex needs the argument "error" with its message.')
  return {
    ...(error !== '' && { validation_error: error }),
    ...(regex !== '' && { validation_regex: regex }),
    ...(min !== undefined && { validation_min: min }),
    ...(max !== undefined && { validation_max: max }),
    ...(monotonic !== undefined && { validation_monotonic: monotonic }),
  }
}

/** Descriptions are Markdown; this is enough of a reading aloud. */
function plainText(markdown: string): string {
  return markdown
    .replaceAll(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replaceAll(/[*_`~]{1,3}([^*_`~]+)[*_`~]{1,3}/g, '$1')
    .replaceAll(/^#{1,6}\s+/gm, '')
    .trim()
}
