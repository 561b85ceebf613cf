import type { TemplateVersionParameter } from '#bridge/contract/template-versions'

/** The control a parameter is asked with. */
export type ParameterControl =
  | 'text'
  | 'textarea'
  | 'number'
  | 'slider'
  | 'switch'
  | 'checkbox'
  | 'radio'
  | 'select'
  | 'multi-select'
  | 'tags'

/** More choices than this do not fit as cards. */
const radioAtMost = 4

/** What a person calls the parameter. */
export function parameterLabel(parameter: TemplateVersionParameter): string {
  return parameter.display_name || parameter.name
}

/** Which control fits: the template's wish where it suits the type, else what the type suggests. */
export function parameterControl(parameter: TemplateVersionParameter): ParameterControl {
  const { type, form_type: wish, options } = parameter
  if (options.length > 0) {
    if (type === 'list(string)') return 'multi-select'
    if (wish === 'radio' || wish === 'dropdown') return wish === 'radio' ? 'radio' : 'select'
    return options.length <= radioAtMost ? 'radio' : 'select'
  }
  switch (type) {
    case 'bool':
      return wish === 'checkbox' ? 'checkbox' : 'switch'
    case 'number': {
      const hasEnds = parameter.validation_min !== undefined && parameter.validation_max !== undefined
      return wish === 'slider' && hasEnds ? 'slider' : 'number'
    }
    case 'list(string)':
      return 'tags'
    default:
      return wish === 'textarea' ? 'textarea' : 'text'
  }
}

/** What the form starts with. Switches and sliders always stand somewhere, so they have a value from the start. */
export function initialValue(parameter: TemplateVersionParameter): string {
  if (parameter.default_value !== '') return parameter.default_value
  switch (parameterControl(parameter)) {
    case 'switch':
    case 'checkbox':
      return 'false'
    case 'slider':
      return String(parameter.validation_min ?? 0)
    case 'tags':
    case 'multi-select':
      return '[]'
    default:
      return ''
  }
}

/** Lists travel as a JSON array in a string. Anything else reads as empty. */
export function readList(value: string): readonly string[] {
  try {
    const parsed: unknown = JSON.parse(value)
    return Array.isArray(parsed) ? parsed.filter((item): item is string => typeof item === 'string') : []
  } catch {
    // A default that is no JSON: shown as an empty list, so that the user can fill it.
    return []
  }
}

/** Why a value does not fit its parameter, in one sentence; `undefined` when it fits. */
export function parameterProblem(parameter: TemplateVersionParameter, value: string): string | undefined {
  const isEmpty = value === '' || (parameter.type === 'list(string)' && readList(value).length === 0)
  if (isEmpty) return parameter.required ? `${parameterLabel(parameter)} is needed.` : undefined
  if (parameter.options.length > 0) return optionProblem(parameter, value)
  if (parameter.type === 'number') return numberProblem(parameter, value)
  return patternProblem(parameter, value)
}

function optionProblem(parameter: TemplateVersionParameter, value: string): string | undefined {
  const known = new Set(parameter.options.map((option) => option.value))
  const chosen = parameter.type === 'list(string)' ? readList(value) : [value]
  return chosen.every((item) => known.has(item)) ? undefined : 'Choose one of the offered values.'
}

function numberProblem(parameter: TemplateVersionParameter, value: string): string | undefined {
  if (!/^-?\d+$/.test(value.trim())) return 'Enter a whole number.'
  const number = Number(value)
  const { validation_min: min, validation_max: max } = parameter
  const isInside = (min === undefined || number >= min) && (max === undefined || number <= max)
  if (isInside) return undefined
  if (min !== undefined && max !== undefined) return `Enter a number from ${min} to ${max}.`
  return min === undefined ? `Enter at most ${max ?? ''}.` : `Enter at least ${min}.`
}

/** Longer values are left to the server: a template's pattern must not be able to freeze the window. */
const patternValueMaxChars = 256

function patternProblem(parameter: TemplateVersionParameter, value: string): string | undefined {
  const { validation_regex: pattern, validation_error: said } = parameter
  if (!pattern || value.length > patternValueMaxChars) return undefined
  try {
    if (new RegExp(pattern).test(value)) return undefined
  } catch {
    // Go's syntax has forms that JavaScript has not; the server checks those.
    return undefined
  }
  return said || `This does not fit the pattern ${pattern}`
}
