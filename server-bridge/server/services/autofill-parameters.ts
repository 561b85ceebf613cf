import type { TemplateVersionParameter } from '../../contract/template-versions.ts'
import type { UserParameter } from '../../contract/user-accounts.ts'
import type { Database } from '../db/database.ts'

/** What a user last gave for each parameter of a template, but for those that are asked anew each time. */
export type ReadAutofillParameters = (userId: string, templateId: string) => UserParameter[]

export function createAutofillReader(db: Database): ReadAutofillParameters {
  return (userId, templateId) => {
    const given = db.all(
      db.sql
        .selectFrom('workspace_build_parameters')
        .innerJoin('workspace_builds', 'workspace_builds.id', 'workspace_build_parameters.build_id')
        .innerJoin('workspaces', 'workspaces.id', 'workspace_builds.workspace_id')
        .innerJoin('template_versions', 'template_versions.id', 'workspace_builds.template_version_id')
        .select([
          'workspace_build_parameters.name',
          'workspace_build_parameters.value',
          'template_versions.parameters',
        ])
        .where('workspaces.owner_id', '=', userId)
        .where('workspaces.template_id', '=', templateId)
        .where('workspace_builds.initiator_id', '=', userId)
        .orderBy('workspace_builds.created_at', 'desc')
        .orderBy('workspace_builds.build_number', 'desc')
        .orderBy('workspace_build_parameters.name'),
    )
    const newest = new Map<string, string>()
    for (const { name, value, parameters } of given) {
      const declared = JSON.parse(parameters) as TemplateVersionParameter[]
      const isKept = declared.some((parameter) => parameter.name === name && !parameter.ephemeral)
      if (isKept && !newest.has(name)) newest.set(name, value)
    }
    return [...newest].map(([name, value]) => ({ name, value }))
  }
}
