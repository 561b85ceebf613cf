import type { DynamicParametersResponse, FriendlyDiagnostic } from '../../contract/dynamic-parameters.ts'
import type { BuildOwner } from '../../provisioner/provisioner.ts'
import { ApiError, badRequest } from '../api-error.ts'
import type { Database } from '../db/database.ts'
import { mayAct } from './authorization.ts'
import { findBuildOwner } from './build-owner.ts'
import type { Actor } from './sessions.ts'
import type { TemplatePreviews } from './template-previews.ts'
import type { TemplateVersions, VersionRow } from './template-versions.ts'

/** Parameters of one version as the inputs change, for one caller. */
export interface DynamicParameterSession {
  evaluate(request: {
    readonly id: number
    readonly inputs: Readonly<Record<string, string>>
    readonly ownerId: string | undefined
  }): DynamicParametersResponse
}

export interface DynamicParameters {
  /** @throws {ApiError} 425 while the version is imported, 400 when its import failed. */
  open(version: VersionRow, actor: Actor): DynamicParameterSession
}

export interface DynamicParameterDeps {
  readonly db: Database
  readonly versions: TemplateVersions
  readonly previews: TemplatePreviews
}

export function createDynamicParameters(deps: DynamicParameterDeps): DynamicParameters {
  const { db, versions, previews } = deps

  const findOwner = (actor: Actor, ownerId: string | undefined): BuildOwner | undefined => {
    if (ownerId === undefined) return undefined
    if (!mayAct(actor, 'read', { type: 'organization_member', ownerId })) return undefined
    return findBuildOwner(db, ownerId)
  }

  return {
    open(version, actor) {
      const job = versions.job(version)
      if (job.completed_at === null) {
        throw new ApiError(425, { message: 'Template version job has not finished' })
      }
      if (job.status !== 'succeeded') {
        throw badRequest(`The import of the template version has ${job.status}.`, job.error ?? undefined)
      }
      const preview = previews.open(version)
      return {
        evaluate({ id, inputs, ownerId }) {
          const owner = findOwner(actor, ownerId)
          if (!owner) return { id, diagnostics: [ownerNotFound], parameters: [] }
          const { diagnostics, parameters } = preview({ parameterValues: inputs, owner })
          return {
            id,
            diagnostics: [...diagnostics],
            parameters: parameters.map((parameter) => parameter.preview),
          }
        },
      }
    },
  }
}

const ownerNotFound: FriendlyDiagnostic = {
  severity: 'error',
  summary: 'Failed to fetch workspace owner',
  detail: 'The owner does not exist, or you may not see who it is. Name another owner.',
  extra: { code: 'owner_not_found' },
}
