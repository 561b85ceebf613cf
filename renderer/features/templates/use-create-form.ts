import { useState } from 'react'
import type { Template } from '#bridge/contract/templates'
import type { TemplateVersionParameter } from '#bridge/contract/template-versions'
import type { Workspace } from '#bridge/contract/workspaces'
import { fieldRefusals, hasCode } from '../../api/bridge-error.ts'
import { errorWords, type ErrorWords } from '../../api/error-words.ts'
import { useChange } from '../../api/use-call.ts'
import { readDraft, writeDraft, type CreateDraft } from './create-draft.ts'
import { initialValue, parameterProblem } from './parameter-field.ts'
import { nameProblem, suggestName, type NameProblem } from './workspace-name.ts'

export interface CreateFormDeps {
  readonly deploymentId: string
  readonly template: Template
  readonly parameters: readonly TemplateVersionParameter[]
  /** Names of the user's own workspaces, lower case. */
  readonly taken: ReadonlySet<string>
  /** The workspace is there: nothing is checked any more, its own name least of all. */
  readonly isDone: boolean
}

export interface CreateForm {
  readonly name: string
  readonly setName: (name: string) => void
  readonly nameError: NameProblem | undefined
  readonly value: (parameter: TemplateVersionParameter) => string
  readonly setValue: (parameter: TemplateVersionParameter, value: string) => void
  readonly error: (parameter: TemplateVersionParameter) => string | undefined
  /** The user left the field: from now on it is checked as typed. */
  readonly touch: (field: string) => void
  /** How many fields the user must look at before it can be created. */
  readonly problems: number
  /** What went wrong and belongs to no field. */
  readonly failure: ErrorWords | undefined
  readonly isCreating: boolean
  readonly submit: (onCreated: (workspace: Workspace) => void) => void
}

/** The field name the server uses for the workspace's name, too. */
export const nameField = 'name'

/** The state of a create form: draft, checks on blur and then as typed, and the server's refusals on their fields. */
export function useCreateForm({
  deploymentId,
  template,
  parameters,
  taken,
  isDone,
}: CreateFormDeps): CreateForm {
  const [draft, setDraft] = useState<CreateDraft>(
    () =>
      readDraft(sessionStorage, deploymentId, template.id) ?? {
        name: suggestName(template.name, taken) ?? 'workspace',
        values: {},
      },
  )
  const [touched, setTouched] = useState<ReadonlySet<string>>(new Set())
  const [refused, setRefused] = useState<Readonly<Record<string, string>>>({})
  const create = useChange('workspaces.create')

  const change = (next: CreateDraft, field: string): void => {
    setDraft(next)
    writeDraft(sessionStorage, deploymentId, template.id, next)
    setRefused((before) => without(before, field))
  }
  const value = (parameter: TemplateVersionParameter): string =>
    draft.values[parameter.name] ?? initialValue(parameter)
  const ownProblem = (parameter: TemplateVersionParameter): string | undefined =>
    parameterProblem(parameter, value(parameter))
  const nameIssue = isDone ? undefined : nameProblem(draft.name, taken)

  const shownName = refused[nameField]
    ? { message: refused[nameField], suggestion: suggestName(`${draft.name}-2`, taken) }
    : touched.has(nameField)
      ? nameIssue
      : undefined
  const shownFailure =
    create.error && !isAboutFields(create.error, parameters) ? errorWords(create.error) : undefined

  return {
    name: draft.name,
    setName: (name) => change({ ...draft, name }, nameField),
    nameError: shownName,
    value,
    setValue: (parameter, next) =>
      change({ ...draft, values: { ...draft.values, [parameter.name]: next } }, parameter.name),
    error: (parameter) =>
      refused[parameter.name] ?? (touched.has(parameter.name) ? ownProblem(parameter) : undefined),
    touch: (field) => setTouched((before) => (before.has(field) ? before : new Set(before).add(field))),
    problems:
      Number(nameIssue !== undefined || refused[nameField] !== undefined) +
      parameters.filter((parameter) => ownProblem(parameter) ?? refused[parameter.name]).length,
    failure: shownFailure,
    isCreating: create.isPending,
    submit: (onCreated) => {
      setTouched(new Set([nameField, ...parameters.map(({ name }) => name)]))
      if (nameIssue || parameters.some((parameter) => ownProblem(parameter) !== undefined)) return
      setRefused({})
      create.mutate(
        {
          deploymentId,
          templateId: template.id,
          name: draft.name,
          parameterValues: parameters.map((parameter) => ({ name: parameter.name, value: value(parameter) })),
        },
        {
          onSuccess: (workspace) => {
            writeDraft(sessionStorage, deploymentId, template.id, undefined)
            onCreated(workspace)
          },
          onError: (error) => setRefused(refusalsOf(error, draft.name)),
        },
      )
    },
  }
}

function refusalsOf(error: unknown, name: string): Readonly<Record<string, string>> {
  const fields = Object.fromEntries(fieldRefusals(error).map(({ field, detail }) => [field, detail]))
  if (hasCode<'workspaces.create'>(error, 'name_taken')) {
    // Coder's own words there ("should be unique") do not say what to do.
    return { ...fields, [nameField]: `You have a workspace named ${name} already.` }
  }
  return fields
}

function isAboutFields(error: unknown, parameters: readonly TemplateVersionParameter[]): boolean {
  if (hasCode<'workspaces.create'>(error, 'name_taken')) return true
  const known = new Set([nameField, ...parameters.map(({ name }) => name)])
  const refusals = fieldRefusals(error)
  return refusals.length > 0 && refusals.every(({ field }) => known.has(field))
}

function without<T>(record: Readonly<Record<string, T>>, key: string): Readonly<Record<string, T>> {
  if (!(key in record)) return record
  return Object.fromEntries(Object.entries(record).filter(([name]) => name !== key))
}
