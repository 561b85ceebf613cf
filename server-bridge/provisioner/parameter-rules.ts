import type { TemplateVersionParameter } from '../contract/template-versions.ts'
import { compileRegex, matchRegex } from './eval/safe-regex.ts'
import { ConversionError, quote } from './eval/value.ts'

/** What is wrong with a value of a parameter, as a sentence; undefined when nothing is. */
export function findValueProblem(parameter: TemplateVersionParameter, value: string): string | undefined {
  const typeProblem = findTypeProblem(parameter.type, value)
  if (typeProblem !== undefined) return typeProblem
  if (parameter.options.length > 0) return findOptionProblem(parameter, value)
  if (parameter.type === 'number') return findRangeProblem(parameter, Number(value))
  if (parameter.validation_regex !== undefined)
    return findRegexProblem(parameter, parameter.validation_regex, value)
  return undefined
}

/** How a number may move between builds. */
export function findMonotonicProblem(
  parameter: TemplateVersionParameter,
  previous: string,
  value: string,
): string | undefined {
  if (parameter.validation_monotonic === 'increasing' && Number(value) < Number(previous)) {
    return `The value can only grow: it was ${previous}.`
  }
  if (parameter.validation_monotonic === 'decreasing' && Number(value) > Number(previous)) {
    return `The value can only shrink: it was ${previous}.`
  }
  return undefined
}

/** The elements of a `list(string)` value, undefined when it is none. */
function parseListValue(value: string): string[] | undefined {
  try {
    const data: unknown = JSON.parse(value)
    return Array.isArray(data) && data.every((item) => typeof item === 'string') ? data : undefined
  } catch {
    return undefined
  }
}

/** Makes the error to throw about an argument. */
type Fail = (argument: string, message: string) => Error

/** Checks a default by the rules of its own parameter. */
export function checkDefault(parameter: TemplateVersionParameter, fail: Fail): void {
  // An empty default of a text means "nothing chosen", which the rules are not applied to.
  if (parameter.default_value === '') return
  const problem = findValueProblem(parameter, parameter.default_value)
  if (problem !== undefined) throw fail('default', problem)
}

/** Checks a definition against itself: its options, its limits, its pattern. */
export function checkDefinition(parameter: TemplateVersionParameter, fail: Fail): void {
  const names = new Set<string>()
  const values = new Set<string>()
  for (const option of parameter.options) {
    if (names.has(option.name)) throw fail('option', `Two options are named ${quote(option.name)}.`)
    if (values.has(option.value)) throw fail('option', `Two options have the value ${quote(option.value)}.`)
    names.add(option.name)
    values.add(option.value)
    const isElement = parameter.form_type === 'multi-select'
    const problem = isElement ? undefined : findTypeProblem(parameter.type, option.value)
    if (problem !== undefined) throw fail('option', `Option ${quote(option.name)}: ${problem}`)
  }
  const { validation_min: min, validation_max: max } = parameter
  if (min !== undefined && max !== undefined && min > max)
    throw fail('validation', 'The minimum is above the maximum.')
  if (parameter.validation_regex !== undefined) {
    try {
      compileRegex(parameter.validation_regex)
    } catch (error) {
      if (error instanceof ConversionError) throw fail('validation', `${error.message}.`)
      throw error
    }
  }
}

function findTypeProblem(type: TemplateVersionParameter['type'], value: string): string | undefined {
  if (type === 'number' && (value.trim() === '' || !Number.isFinite(Number(value))))
    return 'The value has to be a number.'
  if (type === 'bool' && value !== 'true' && value !== 'false') return 'The value has to be true or false.'
  if (type === 'list(string)' && parseListValue(value) === undefined) {
    return 'The value has to be a list of texts, written as JSON.'
  }
  return undefined
}

function findOptionProblem(parameter: TemplateVersionParameter, value: string): string | undefined {
  const possible = new Set(parameter.options.map((option) => option.value))
  const chosen = parameter.form_type === 'multi-select' ? (parseListValue(value) ?? []) : [value]
  const wrong = chosen.find((item) => !possible.has(item))
  if (wrong === undefined) return undefined
  return `${quote(wrong)} is not one of the options: ${[...possible].map(quote).join(', ')}.`
}

function findRangeProblem(parameter: TemplateVersionParameter, value: number): string | undefined {
  const { validation_min: min, validation_max: max } = parameter
  const own = parameter.validation_error
  const fill = (text: string): string =>
    text
      .replaceAll('{min}', String(min))
      .replaceAll('{max}', String(max))
      .replaceAll('{value}', String(value))
  if (min !== undefined && value < min)
    return own === undefined ? `The value has to be at least ${min}.` : fill(own)
  if (max !== undefined && value > max)
    return own === undefined ? `The value has to be at most ${max}.` : fill(own)
  return undefined
}

function findRegexProblem(
  parameter: TemplateVersionParameter,
  regex: string,
  value: string,
): string | undefined {
  try {
    if (matchRegex(regex, value) !== null) return undefined
  } catch (error) {
    if (error instanceof ConversionError) return `The value could not be checked: ${error.message}.`
    throw error
  }
  return parameter.validation_error ?? `The value does not match the pattern ${regex}.`
}
