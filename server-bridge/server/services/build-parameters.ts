import type { TemplateVersionParameter } from '../../contract/template-versions.ts'
import type { WorkspaceBuildParameter } from '../../contract/workspace-builds.ts'
import type { WorkspaceTransition } from '../../contract/workspace-transition.ts'
import type { ParameterPreview } from '../../provisioner/provisioner.ts'
import {
  type ParameterProblem,
  type ParameterValue,
  resolveParameters,
} from '../../provisioner/resolve-parameters.ts'
import { ApiError } from '../api-error.ts'
import type { Database } from '../db/database.ts'
import { findBuildOwner } from './build-owner.ts'
import type { TemplatePreviews } from './template-previews.ts'
import { parseTemplateSettings } from './template-settings.ts'
import type { TemplateVersions, VersionRow } from './template-versions.ts'

/** Values of a build's parameters by name, always strings. */
export type ParameterValues = Readonly<Record<string, string>>

export interface ParameterRequest {
  readonly version: VersionRow
  readonly transition: WorkspaceTransition
  /** Who the workspace belongs to: parameters may depend on their name, groups and roles. */
  readonly ownerId: string
  readonly presetId: string | undefined
  readonly given: readonly WorkspaceBuildParameter[]
  /** Values of the build before; absent for the first. */
  readonly previous: ParameterValues | undefined
}

export interface BuildParameters {
  /** @throws {ApiError} 400 with one validation for each value that cannot be taken. */
  resolve(request: ParameterRequest): ParameterValues
}

export interface BuildParameterDeps {
  readonly db: Database
  readonly versions: TemplateVersions
  readonly previews: TemplatePreviews
}

/** What is known of the values before the template is asked. */
interface Sources {
  readonly preset: ParameterValues
  readonly given: ParameterValues
  readonly previous: ParameterValues
}

const toRecord = (values: readonly ParameterValue[]): ParameterValues =>
  Object.fromEntries(values.map(({ name, value }) => [name, value]))
const toList = (values: ParameterValues): ParameterValue[] =>
  Object.entries(values).map(([name, value]) => ({ name, value }))

function refusal(problems: readonly ParameterProblem[], detail?: string): ApiError {
  return new ApiError(400, {
    message: 'Unable to validate parameters',
    ...(detail !== undefined && { detail }),
    validations: [...problems],
  })
}

export function createBuildParameters({ db, versions, previews }: BuildParameterDeps): BuildParameters {
  const presetValues = (version: VersionRow, presetId: string | undefined): ParameterValues => {
    if (presetId === undefined) return {}
    const preset = versions.presets(version).find((candidate) => candidate.ID === presetId)
    if (!preset) {
      throw new ApiError(400, {
        message: 'The preset does not belong to the template version.',
        validations: [
          { field: 'template_version_preset_id', detail: 'The template version has no such preset.' },
        ],
      })
    }
    return toRecord(preset.Parameters.map(({ Name, Value }) => ({ name: Name, value: Value })))
  }

  const isClassic = (version: VersionRow): boolean => {
    const template = db.first(
      db.sql
        .selectFrom('templates')
        .select('settings')
        .where('id', '=', version.template_id ?? ''),
    )
    return template !== undefined && parseTemplateSettings(template.settings).use_classic_parameter_flow
  }

  /** The parameters there are for these values: those a build of the same template will find. */
  const evaluate = (version: VersionRow, ownerId: string, sources: Sources): Evaluated => {
    if (isClassic(version)) return { definitions: versions.parameters(version), declaredNames: undefined }
    const owner = findBuildOwner(db, ownerId)
    if (!owner) throw new ApiError(400, { message: 'The owner of the workspace does not exist.' })
    const preview = previews.open(version)
    const chosen = { ...sources.given, ...sources.preset }
    let values: ParameterValues = { ...sources.previous, ...chosen }
    let result = preview({ parameterValues: values, owner })
    // An ephemeral value is not remembered, and without it other parameters may turn up that are ephemeral as well.
    for (
      let stale = findStale(result, values, chosen);
      stale.size > 0;
      stale = findStale(result, values, chosen)
    ) {
      values = Object.fromEntries(Object.entries(values).filter(([name]) => !stale.has(name)))
      result = preview({ parameterValues: values, owner })
    }
    return usable(result)
  }

  return {
    resolve({ version, transition, ownerId, presetId, given, previous }) {
      // What exists must always be possible to stop and to delete, whatever a newer version asks for.
      if (transition !== 'start') return { ...previous, ...toRecord(given) }
      // The queue refuses such a version, in words about its import.
      if (versions.job(version).status !== 'succeeded') return toRecord(given)
      const sources: Sources = {
        preset: presetValues(version, presetId),
        given: toRecord(given),
        previous: previous ?? {},
      }
      const { definitions, declaredNames } = evaluate(version, ownerId, sources)
      const known = new Set(definitions.map(({ name }) => name))
      // A form may still hold the value of a parameter that another answer made vanish.
      const relevant = given.filter(({ name }) => known.has(name) || declaredNames?.has(name) !== true)
      const resolved = resolveParameters(definitions, relevant, toList(sources.previous), {
        firstBuild: previous === undefined,
        preset: toList(sources.preset),
      })
      if (resolved.ok) return toRecord(resolved.values)
      throw refusal(resolved.problems)
    },
  }
}

interface Evaluated {
  readonly definitions: readonly TemplateVersionParameter[]
  /** Absent in the classic flow, where every parameter is always there. */
  readonly declaredNames: ReadonlySet<string> | undefined
}

/** Names of ephemeral parameters whose value comes from the build before only. */
function findStale(preview: ParameterPreview, values: ParameterValues, chosen: ParameterValues): Set<string> {
  const ephemeral = preview.parameters.filter(({ definition }) => definition?.ephemeral === true)
  return new Set(
    ephemeral
      .map(({ preview: { name } }) => name)
      .filter((name) => Object.hasOwn(values, name) && !Object.hasOwn(chosen, name)),
  )
}

/** @throws {ApiError} 400 when the template is wrong for these values. */
function usable({ diagnostics, parameters, declaredNames }: ParameterPreview): Evaluated {
  const broken = parameters.flatMap(({ definition, preview }): ParameterProblem[] =>
    definition === undefined
      ? preview.diagnostics.map(({ detail }) => ({ field: preview.name, detail }))
      : [],
  )
  const errors = diagnostics.filter(({ severity }) => severity === 'error')
  if (errors.length > 0 || broken.length > 0) {
    const detail = errors.map((diagnostic) => `${diagnostic.summary}: ${diagnostic.detail}`).join('\n')
    throw refusal(broken, errors.length > 0 ? detail : undefined)
  }
  return { declaredNames, definitions: parameters.flatMap(({ definition }) => definition ?? []) }
}
