import { templatesRoutes } from '../../contract/templates.ts'
import { forbidden } from '../api-error.ts'
import type { AuditEntry } from '../services/audit.ts'
import { requireMay } from '../services/authorization.ts'
import type { Organizations } from '../services/organizations.ts'
import type { ReadableTemplates } from '../services/readable-templates.ts'
import type { Actor } from '../services/sessions.ts'
import type { TemplateExamples } from '../services/template-examples.ts'
import type { TemplateUsage } from '../services/template-usage.ts'
import type { TemplateVersionChanges } from '../services/template-version-changes.ts'
import type { TemplateView } from '../services/template-view.ts'
import type { TemplateRow } from '../services/template-row.ts'
import type { Templates } from '../services/templates.ts'
import { bound } from './bind-routes.ts'

export interface TemplateHandlerDeps {
  readonly templates: Templates
  readonly templateView: TemplateView
  readonly templateUsage: TemplateUsage
  readonly readable: ReadableTemplates
  readonly versionChanges: TemplateVersionChanges
  readonly organizations: Organizations
  readonly examples: TemplateExamples
}

/** Templates are readable by every member, and made and changed by those who may. */
export function templateHandlers(deps: TemplateHandlerDeps) {
  const { templates, templateView, templateUsage, readable, versionChanges, organizations, examples } = deps

  const changeable = (id: string, actor: Actor, action: 'update' | 'delete'): TemplateRow => {
    const template = readable.template(id, actor)
    requireMay(actor, action, { type: 'template', id })
    return template
  }
  const listExamples = (actor: Actor) => {
    requireMay(actor, 'read', { type: 'template' })
    return examples.list()
  }

  return bound(templatesRoutes, {
    examples: ({ actor }) => listExamples(actor),
    examplesOfOrganization({ params, actor }) {
      organizations.find(params.organization, actor)
      return listExamples(actor)
    },
    list: ({ query, actor }) => templateView(templates.search(query.q ?? '', actor)),
    listOfOrganization({ params, query, actor }) {
      const organization = organizations.find(params.organization, actor)
      return templateView(templates.search(query.q ?? '', actor, organization.id))
    },
    getByName({ params, actor }) {
      const organization = organizations.find(params.organization, actor)
      return templates.toWire(templates.getByName(organization.id, params.templatename))
    },
    get: ({ params, actor }) => templates.toWire(readable.template(params.template, actor)),
    create({ params, body, actor, audit }) {
      const organization = organizations.find(params.organization, actor)
      requireMay(actor, 'create', { type: 'template' })
      const row = templates.create(organization.id, actor.user.id, body)
      audit(entryOf(row, 'create'))
      return templates.toWire(row)
    },
    patch({ params, body, actor, audit }) {
      const row = templates.update(changeable(params.template, actor, 'update'), body)
      audit(entryOf(row, 'write'))
      return templates.toWire(row)
    },
    remove({ params, actor, audit }) {
      const row = changeable(params.template, actor, 'delete')
      templates.remove(row)
      audit(entryOf(row, 'delete'))
      return { message: 'Template has been deleted!' }
    },
    promote({ params, body, actor, audit }) {
      const row = changeable(params.template, actor, 'update')
      versionChanges.promote(row, body.id)
      audit(entryOf(row, 'write'))
      return { message: 'Updated the active template version!' }
    },
    archiveVersions({ params, body, actor, audit }) {
      const row = changeable(params.template, actor, 'update')
      const ids = versionChanges.archiveUnused(row, body.all)
      audit(entryOf(row, 'write'))
      return { template_id: row.id, archived_ids: ids }
    },
    daus: ({ params, query, actor }) =>
      templateUsage.daily(readable.template(params.template, actor).id, query.tz_offset ?? 0),
    acl: refuseAccessLists,
    aclAvailable: refuseAccessLists,
    updateAcl: refuseAccessLists,
  })
}

/** As Coder without a licence, before it looks for the template. */
function refuseAccessLists(): never {
  throw forbidden('Template RBAC is a Premium feature. Contact sales!')
}

function entryOf(row: TemplateRow, action: AuditEntry['action']): AuditEntry {
  return {
    resourceType: 'template',
    resourceId: row.id,
    resourceTarget: row.name,
    action,
    organizationId: row.organization_id,
  }
}
