import type { WorkspaceBuildParameter } from '../../contract/workspace-builds.ts'
import type { TemplateVersions, VersionRow } from './template-versions.ts'

/** Values of a build's parameters by name, always strings. */
export type ParameterValues = Readonly<Record<string, string>>

export interface ParameterRequest {
  readonly version: VersionRow
  readonly presetId: string | undefined
  readonly given: readonly WorkspaceBuildParameter[]
  /** Values of the build before; absent for the first. */
  readonly previous: ParameterValues | undefined
}

export interface BuildParameters {
  /** @throws {ApiError} 400 with one validation for each value that cannot be taken. */
  resolve(request: ParameterRequest): ParameterValues
}

declare const resolve: (versions: TemplateVersions, request: ParameterRequest) => ParameterValues
export function createBuildParameters(versions: TemplateVersions): BuildParameters {
  return { resolve: (request) => resolve(versions, request) }
}
