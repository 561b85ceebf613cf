import type { CreateTemplateVersionRequest } from '../../contract/template-versions.ts'
import { templateVersionsRoutes } from '../../contract/template-versions.ts'
import { ApiError, badRequest, notFound } from '../api-error.ts'
import type { JobWorker } from '../jobs/job-worker.ts'
import type { AuditEntry } from '../services/audit.ts'
import { mayAct, requireMay } from '../services/authorization.ts'
import type { Files } from '../services/files.ts'
import type { Organizations } from '../services/organizations.ts'
import type { ReadableTemplates } from '../services/readable-templates.ts'
import type { ResourceView } from '../services/resource-view.ts'
import type { Actor } from '../services/sessions.ts'
import type { TemplateExamples } from '../services/template-examples.ts'
import type { TemplateVersionChanges } from '../services/template-version-changes.ts'
import type { TemplateVersions, VersionRow } from '../services/template-versions.ts'
import type { Templates } from '../services/templates.ts'
import { bound } from './bind-routes.ts'
import type { JobLogStreams } from './job-log-routes.ts'

export interface TemplateVersionHandlerDeps {
  readonly templates: Templates
  readonly versions: TemplateVersions
  readonly versionChanges: TemplateVersionChanges
  readonly readable: ReadableTemplates
  readonly organizations: Organizations
  readonly examples: TemplateExamples
  readonly files: Files
  readonly resources: ResourceView
  readonly worker: JobWorker
  readonly jobLogs: JobLogStreams
}

/** Versions are read by those who may read their template, and changed by those who may change it. */
export function templateVersionHandlers(deps: TemplateVersionHandlerDeps) {
  const { templates, versions, versionChanges, readable, organizations, worker, jobLogs } = deps

  const toWire = (row: VersionRow) => {
    const [version] = versions.toWire([row])
    if (!version) throw notFound()
    return version
  }
  const find = (id: string, actor: Actor): VersionRow => readable.version(id, actor)
  const findChangeable = (id: string, actor: Actor): VersionRow => {
    const version = find(id, actor)
    requireMay(actor, 'update', { type: 'template', ...(version.template_id && { id: version.template_id }) })
    return version
  }
  const findImported = (id: string, actor: Actor, tooEarly: number): VersionRow => {
    const version = find(id, actor)
    if (versions.job(version).completed_at === null) {
      throw new ApiError(tooEarly, { message: 'Template version job has not finished' })
    }
    return version
  }
  const findByName = (
    names: {
      readonly organization: string
      readonly templatename: string
      readonly templateversionname: string
    },
    actor: Actor,
  ): VersionRow => {
    const organization = organizations.find(names.organization, actor)
    const template = templates.getByName(organization.id, names.templatename)
    requireMay(actor, 'read', { type: 'template', id: template.id })
    return versions.getByName(template.id, names.templateversionname)
  }

  return bound(templateVersionsRoutes, {
    async create({ params, body, actor, audit }) {
      const organization = organizations.find(params.organization, actor)
      requireMay(actor, 'create', { type: 'template' })
      const request = await withExampleFile(deps, body, actor.user.id)
      if (body.file_id !== undefined) requireReadableFile(deps.files, body.file_id, actor)
      const row = versions.create(organization.id, actor.user.id, request)
      audit(entryOf(row, 'create'))
      return toWire(row)
    },
    listOfTemplate: ({ params, query, actor }) =>
      versions.toWire(
        versions.listOf(readable.template(params.template, actor).id, {
          limit: query.limit,
          offset: query.offset,
          afterId: query.after_id,
          includeArchived: query.include_archived,
        }),
      ),
    get: ({ params, actor }) => toWire(find(params.templateversion, actor)),
    getByName: ({ params, actor }) => toWire(findByName(params, actor)),
    getOfTemplateByName({ params, actor }) {
      const template = readable.template(params.template, actor)
      return toWire(versions.getByName(template.id, params.templateversionname))
    },
    previous({ params, actor }) {
      const previous = versions.previous(findByName(params, actor))
      return previous ? toWire(previous) : new Response(null, { status: 204 })
    },
    patch({ params, body, actor, audit }) {
      const row = versionChanges.patch(findChangeable(params.templateversion, actor), body)
      audit(entryOf(row, 'write'))
      return toWire(row)
    },
    cancel({ params, actor, audit }) {
      const version = findChangeable(params.templateversion, actor)
      worker.cancel(version.job_id)
      audit(entryOf(version, 'stop'))
      return { message: 'Job has been marked as canceled...' }
    },
    archive({ params, actor, audit }) {
      const version = findChangeable(params.templateversion, actor)
      versionChanges.archive(version)
      audit(entryOf(version, 'write'))
      return 'template version archived'
    },
    unarchive({ params, actor, audit }) {
      const version = findChangeable(params.templateversion, actor)
      versionChanges.unarchive(version)
      audit(entryOf(version, 'write'))
      return 'template version unarchived'
    },
    logs: ({ params, query, actor }) => jobLogs.read(find(params.templateversion, actor).job_id, query),
    followLogs: ({ params, query, actor }) =>
      jobLogs.follow(find(params.templateversion, actor).job_id, query.after ?? 0),
    resources({ params, actor }) {
      const job = versions.job(find(params.templateversion, actor))
      if (job.completed_at === null) throw badRequest("Template version hasn't completed!")
      return deps.resources([job.id]).get(job.id) ?? []
    },
    richParameters: ({ params, actor }) =>
      versions.parameters(findImported(params.templateversion, actor, 425)),
    presets: ({ params, actor }) => versions.presets(find(params.templateversion, actor)),
    variables: ({ params, actor }) => versions.variables(findImported(params.templateversion, actor, 403)),
    // Nothing here signs anybody in elsewhere, and the built-in provisioner refuses templates that ask for it.
    externalAuth: ({ params, actor }) => none(find(params.templateversion, actor)),
    schema: ({ params, actor }) => none(find(params.templateversion, actor)),
    legacyParameters: ({ params, actor }) => none(find(params.templateversion, actor)),
  })
}

function none(_readable: VersionRow): [] {
  return []
}

/** Whoever has a version reads its file by it. @throws {ApiError} 404 also for a file that the caller may not read. */
function requireReadableFile(files: Files, id: string, actor: Actor): void {
  const file = files.describe(id)
  if (file && mayAct(actor, 'read', { type: 'file', id: file.id, ownerId: file.createdBy })) return
  throw new ApiError(404, { message: 'File not found.' })
}

/** A version of an example is one of its archive. @throws {ApiError} 400, 404 */
async function withExampleFile(
  { examples, files }: Pick<TemplateVersionHandlerDeps, 'examples' | 'files'>,
  request: CreateTemplateVersionRequest,
  userId: string,
): Promise<CreateTemplateVersionRequest> {
  const { example_id: exampleId = '', file_id: fileId } = request
  if (exampleId === '') return request
  if (fileId !== undefined) throw badRequest('You cannot specify both an example_id and a file_id.')
  const archive = await examples.archive(exampleId)
  return { ...request, file_id: files.store(userId, 'application/x-tar', archive).id }
}

function entryOf(row: VersionRow, action: AuditEntry['action']): AuditEntry {
  return {
    resourceType: 'template_version',
    resourceId: row.id,
    resourceTarget: row.name,
    action,
    organizationId: row.organization_id,
  }
}
