import type { JobLogs } from '../services/job-logs.ts'
import { templatesRoutes } from '../../contract/templates.ts'
import { templateVersionsRoutes } from '../../contract/template-versions.ts'
import { ApiError, badRequest, notFound } from '../api-error.ts'
import { requireMay } from '../services/authorization.ts'
import type { Organizations } from '../services/organizations.ts'
import type { ResourceView } from '../services/resource-view.ts'
import type { Actor } from '../services/sessions.ts'
import type { TemplateVersions, VersionRow } from '../services/template-versions.ts'
import type { Templates } from '../services/templates.ts'
import type { JobRow } from '../services/job-records.ts'
import { bound } from './bind-routes.ts'
import type { JobLogStreams } from './job-log-routes.ts'

export interface TemplateHandlerDeps {
  readonly templates: Templates
  readonly versions: TemplateVersions
  readonly organizations: Organizations
  readonly resources: ResourceView
  readonly logs: JobLogs
  readonly jobLogs: JobLogStreams
}

/** Templates are readable by every member, and made by owners and template admins. */
export function templateHandlers(deps: TemplateHandlerDeps) {
  const { templates, versions, organizations, resources, jobLogs } = deps

  const requireAuthor = (actor: Actor): void => requireMay(actor, 'create', { type: 'template' })
  const requireImported = (version: VersionRow, status: number): JobRow => {
    const job = versions.job(version)
    if (job.completed_at === null) {
      throw new ApiError(status, { message: 'Template version job has not finished' })
    }
    return job
  }
  const toWireVersion = (row: VersionRow) => {
    const [version] = versions.toWire([row])
    if (!version) throw notFound()
    return version
  }

  return [
    ...bound(templatesRoutes, {
      list: ({ query, actor }) => templates.search(query.q ?? '', actor).map((row) => templates.toWire(row)),
      listOfOrganization({ params, query, actor }) {
        const organization = organizations.find(params.organization, actor)
        return templates.search(query.q ?? '', actor, organization.id).map((row) => templates.toWire(row))
      },
      getByName({ params, actor }) {
        const organization = organizations.find(params.organization, actor)
        return templates.toWire(templates.getByName(organization.id, params.templatename))
      },
      get: ({ params }) => templates.toWire(templates.get(params.template)),
      create({ params, body, actor, audit }) {
        const organization = organizations.find(params.organization, actor)
        requireAuthor(actor)
        const row = templates.create(organization.id, actor.user.id, body)
        audit({
          resourceType: 'template',
          resourceId: row.id,
          resourceTarget: row.name,
          action: 'create',
          organizationId: organization.id,
        })
        return templates.toWire(row)
      },
    }),
    ...bound(templateVersionsRoutes, {
      create({ params, body, actor, audit }) {
        const organization = organizations.find(params.organization, actor)
        requireAuthor(actor)
        const row = versions.create(organization.id, actor.user.id, body)
        audit({
          resourceType: 'template_version',
          resourceId: row.id,
          resourceTarget: row.name,
          action: 'create',
          organizationId: organization.id,
        })
        return toWireVersion(row)
      },
      listOfTemplate: ({ params, query }) =>
        versions.toWire(
          versions.listOf(templates.get(params.template).id, {
            limit: query.limit,
            offset: query.offset,
            afterId: query.after_id,
            includeArchived: query.include_archived,
          }),
        ),
      get: ({ params }) => toWireVersion(versions.get(params.templateversion)),
      logs: ({ params, query }) => jobLogs.read(versions.get(params.templateversion).job_id, query),
      followLogs: ({ params, query }) =>
        jobLogs.follow(versions.get(params.templateversion).job_id, query.after ?? 0),
      resources({ params }) {
        const version = versions.get(params.templateversion)
        const job = versions.job(version)
        if (job.completed_at === null) throw badRequest("Template version hasn't completed!")
        return resources([job.id]).get(job.id) ?? []
      },
      richParameters({ params }) {
        const version = versions.get(params.templateversion)
        requireImported(version, 425)
        return versions.parameters(version)
      },
      presets: ({ params }) => versions.presets(versions.get(params.templateversion)),
      variables({ params }) {
        const version = versions.get(params.templateversion)
        requireImported(version, 403)
        return versions.variables(version)
      },
    }),
  ]
}
