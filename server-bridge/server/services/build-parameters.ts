import type { WorkspaceBuildParameter } from '../../contract/workspace-builds.ts'
import type { WorkspaceTransition } from '../../contract/workspace-transition.ts'
import { type ParameterValue, resolveParameters } from '../../provisioner/resolve-parameters.ts'
import { ApiError } from '../api-error.ts'
import type { TemplateVersions, VersionRow } from './template-versions.ts'

/** Values of a build's parameters by name, always strings. */
export type ParameterValues = Readonly<Record<string, string>>

export interface ParameterRequest {
  readonly version: VersionRow
  readonly transition: WorkspaceTransition
  readonly presetId: string | undefined
  readonly given: readonly WorkspaceBuildParameter[]
  /** Values of the build before; absent for the first. */
  readonly previous: ParameterValues | undefined
}

export interface BuildParameters {
  /** @throws {ApiError} 400 with one validation for each value that cannot be taken. */
  resolve(request: ParameterRequest): ParameterValues
}

const toRecord = (values: readonly ParameterValue[]): ParameterValues =>
  Object.fromEntries(values.map(({ name, value }) => [name, value]))

export function createBuildParameters(versions: TemplateVersions): BuildParameters {
  const presetValues = (version: VersionRow, presetId: string | undefined): ParameterValue[] | undefined => {
    if (presetId === undefined) return undefined
    const preset = versions.presets(version).find((candidate) => candidate.ID === presetId)
    if (!preset) {
      throw new ApiError(400, {
        message: 'The preset does not belong to the template version.',
        validations: [
          { field: 'template_version_preset_id', detail: 'The template version has no such preset.' },
        ],
      })
    }
    return preset.Parameters.map(({ Name, Value }) => ({ name: Name, value: Value }))
  }

  return {
    resolve({ version, transition, presetId, given, previous }) {
      // What exists must always be possible to stop and to delete, whatever a newer version asks for.
      if (transition !== 'start') return { ...previous, ...toRecord(given) }
      const preset = presetValues(version, presetId)
      const before = Object.entries(previous ?? {}).map(([name, value]) => ({ name, value }))
      const resolved = resolveParameters(versions.parameters(version), given, before, {
        firstBuild: previous === undefined,
        ...(preset ? { preset } : {}),
      })
      if (resolved.ok) return toRecord(resolved.values)
      throw new ApiError(400, {
        message: 'Unable to validate parameters',
        validations: [...resolved.problems],
      })
    },
  }
}
