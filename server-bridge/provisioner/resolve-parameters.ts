import type { TemplateVersionParameter } from '../contract/template-versions.ts'
import { findMonotonicProblem, findValueProblem } from './parameter-rules.ts'

export interface ParameterValue {
  readonly name: string
  readonly value: string
}

/** One entry of an answer's `validations`; `field` is the parameter's name. */
export interface ParameterProblem {
  readonly field: string
  readonly detail: string
}

export interface ResolveOptions {
  readonly firstBuild: boolean
  /** Values of the chosen preset: they win over everything. */
  readonly preset?: readonly ParameterValue[]
}

export type ResolvedParameters =
  | { readonly ok: true; readonly values: readonly ParameterValue[] }
  | { readonly ok: false; readonly problems: readonly ParameterProblem[] }

/**
 * The values a build runs with, by Coder's order: preset, given, the previous build's (not for an ephemeral one), the
 * default. Every parameter with a problem is named, so a form can show them all at once.
 */
export function resolveParameters(
  definitions: readonly TemplateVersionParameter[],
  given: readonly ParameterValue[],
  previous: readonly ParameterValue[],
  options: ResolveOptions,
): ResolvedParameters {
  const problems = findUnknown(definitions, given)
  const values: ParameterValue[] = []
  const [chosen, wanted, earlier] = [toMap(options.preset ?? []), toMap(given), toMap(previous)]
  for (const parameter of definitions) {
    const { name } = parameter
    const last = earlier.get(name)
    const explicit = chosen.get(name) ?? wanted.get(name)
    const value = explicit ?? (parameter.ephemeral ? undefined : last) ?? defaultOf(parameter)
    const isChosen = explicit !== undefined
    // In the first build nothing came before.
    const before = options.firstBuild ? undefined : last
    const detail =
      value === undefined
        ? 'A value is needed.'
        : findProblem(parameter, { value, previous: before, isChosen })
    if (detail !== undefined) problems.push({ field: name, detail })
    else if (value !== undefined) values.push({ name, value })
  }
  return problems.length === 0 ? { ok: true, values } : { ok: false, problems }
}

interface Candidate {
  readonly value: string
  readonly previous: string | undefined
  /** Somebody gave it, now; else it is the previous one or the default. */
  readonly isChosen: boolean
}

function findProblem(
  parameter: TemplateVersionParameter,
  { value, previous, isChosen }: Candidate,
): string | undefined {
  const isChange = previous !== undefined && value !== previous
  if (isChange && !parameter.mutable) return 'The value cannot be changed after the workspace was created.'
  // Coder does not check a default nobody chose: an empty text may well break the pattern meant for input.
  if (!isChosen && value === '' && !parameter.required) return undefined
  const problem = findValueProblem(parameter, value)
  if (problem !== undefined) return problem
  return isChange ? findMonotonicProblem(parameter, previous, value) : undefined
}

function findUnknown(
  definitions: readonly TemplateVersionParameter[],
  given: readonly ParameterValue[],
): ParameterProblem[] {
  const known = new Set(definitions.map((parameter) => parameter.name))
  return given
    .filter(({ name }) => !known.has(name))
    .map(({ name }) => ({ field: name, detail: 'The template has no parameter of this name.' }))
}

function defaultOf(parameter: TemplateVersionParameter): string | undefined {
  return parameter.required ? undefined : parameter.default_value
}

function toMap(values: readonly ParameterValue[]): Map<string, string> {
  return new Map(values.map(({ name, value }) => [name, value]))
}
