import { notFound } from '../api-error.ts'
import { mayAct, requireMay } from './authorization.ts'
import type { Actor } from './sessions.ts'
import type { TemplateRow } from './template-row.ts'
import type { Templates } from './templates.ts'
import type { TemplateVersions, VersionRow } from './template-versions.ts'

/** Templates and versions by who asks. */
export interface ReadableTemplates {
  /** @throws {ApiError} 404 */
  template(id: string, actor: Actor): TemplateRow
  /** A version without a template is for those who can make one of it. @throws {ApiError} 404 */
  version(id: string, actor: Actor): VersionRow
}

export function createReadableTemplates(templates: Templates, versions: TemplateVersions): ReadableTemplates {
  return {
    template(id, actor) {
      const template = templates.get(id)
      requireMay(actor, 'read', { type: 'template', id })
      return template
    },
    version(id, actor) {
      const version = versions.get(id)
      if (version.template_id === null) {
        if (!mayAct(actor, 'create', { type: 'template' })) throw notFound()
        return version
      }
      requireMay(actor, 'read', { type: 'template', id: version.template_id })
      return version
    },
  }
}
