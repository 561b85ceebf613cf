import type { CreateWorkspaceBuildRequest, WorkspaceBuild } from '../../contract/workspace-builds.ts'
import type { WorkspaceBuildUpdate } from '../../contract/workspace-watches.ts'
import { ApiError, badRequest, forbidden, notFound } from '../api-error.ts'
import type { Database } from '../db/database.ts'
import { type Action, mayAct, requireMay } from './authorization.ts'
import type { BuildParameters } from './build-parameters.ts'
import type { BuildQueue } from './build-queue.ts'
import type { BuildRow, BuildView } from './build-view.ts'
import type { Actor } from './sessions.ts'
import { parseTemplateSettings } from './template-settings.ts'
import type { TemplateVersions, VersionRow } from './template-versions.ts'
import type { Templates } from './templates.ts'
import type { WorkspaceRow } from './workspace-view.ts'
import { type Workspaces, workspaceResource } from './workspaces.ts'

export interface BuildPage {
  readonly limit?: number | undefined
  readonly offset?: number | undefined
  readonly afterId?: string | undefined
  readonly since?: number | undefined
}

export interface WorkspaceBuilds {
  /** A build of a workspace the caller may read, and do the given with. @throws {ApiError} 403, 404 */
  find(
    id: string,
    actor: Actor,
    action?: Action,
  ): { readonly build: BuildRow; readonly workspace: WorkspaceRow }
  findByNumber(workspace: WorkspaceRow, number: number): BuildRow
  /** Newest first. `afterId` selects newer builds than that one, as Coder does. @throws {ApiError} 400 */
  listOf(workspace: WorkspaceRow, page: BuildPage): BuildRow[]
  /** @throws {ApiError} 400, 403, 404, 406, 409 */
  create(workspace: WorkspaceRow, request: CreateWorkspaceBuildRequest, actor: Actor): BuildRow
  /** Whether an automatic update to the active version would need values that nobody has given. */
  needsNewParameters(workspace: WorkspaceRow): boolean
  /** The short form that a watch of all builds sends. */
  update(buildId: string): WorkspaceBuildUpdate | undefined
  toWire(rows: readonly BuildRow[]): WorkspaceBuild[]
}

export interface WorkspaceBuildDeps {
  readonly db: Database
  readonly workspaces: Workspaces
  readonly templates: Templates
  readonly versions: TemplateVersions
  readonly queue: BuildQueue
  readonly parameters: BuildParameters
  readonly view: BuildView
}

export function createWorkspaceBuilds(deps: WorkspaceBuildDeps): WorkspaceBuilds {
  const { db, workspaces, templates, versions, queue, parameters, view } = deps

  /** Without a version a build takes the one of the build before it, not the template's active one. */
  const versionFor = (
    workspace: WorkspaceRow,
    requested: string | undefined,
    previous?: BuildRow,
  ): VersionRow => {
    const version = versions.get(requested ?? previous?.template_version_id ?? '')
    if (version.template_id !== workspace.template_id) {
      throw new ApiError(400, {
        message: 'The template version belongs to another template.',
        validations: [{ field: 'template_version_id', detail: 'It belongs to another template.' }],
      })
    }
    return version
  }

  const requireActiveVersion = (workspace: WorkspaceRow, version: VersionRow, actor: Actor): void => {
    const template = templates.get(workspace.template_id)
    if (!parseTemplateSettings(template.settings).require_active_version) return
    if (version.id === template.active_version_id) return
    if (mayAct(actor, 'update', { type: 'template', id: template.id })) return
    throw forbidden('The template requires its active version: update the workspace to start it.')
  }

  const checkFollowUp = (
    workspace: WorkspaceRow,
    request: CreateWorkspaceBuildRequest,
    actor: Actor,
  ): void => {
    const { on_success: followUp } = request
    if (!followUp) return
    if (request.transition !== 'stop') {
      throw new ApiError(400, {
        message: 'A follow-up build is only permitted when stopping a workspace.',
        validations: [{ field: 'on_success', detail: 'Only a stop can be followed by a start.' }],
      })
    }
    requireMay(actor, 'start', workspaceResource(workspace))
    const version = versionFor(workspace, followUp.template_version_id, queue.latest(workspace.id))
    requireActiveVersion(workspace, version, actor)
  }

  return {
    find(id, actor, action) {
      const build = db.first(db.sql.selectFrom('workspace_builds').selectAll().where('id', '=', id))
      if (!build) throw notFound()
      return { build, workspace: workspaces.find(build.workspace_id, actor, action) }
    },
    findByNumber(workspace, number) {
      const build = db.first(
        db.sql
          .selectFrom('workspace_builds')
          .selectAll()
          .where('workspace_id', '=', workspace.id)
          .where('build_number', '=', number),
      )
      if (!build) throw notFound()
      return build
    },
    listOf(workspace, { limit = 0, offset = 0, afterId, since }) {
      let query = db.sql
        .selectFrom('workspace_builds')
        .selectAll()
        .where('workspace_id', '=', workspace.id)
        .orderBy('build_number', 'desc')
      if (since !== undefined) query = query.where('created_at', '>', since)
      if (afterId !== undefined) {
        const mark = db.first(
          db.sql
            .selectFrom('workspace_builds')
            .select('build_number')
            .where('id', '=', afterId)
            .where('workspace_id', '=', workspace.id),
        )
        if (!mark) throw badRequest(`Record at "after_id" (${JSON.stringify(afterId)}) does not exist.`)
        query = query.where('build_number', '>', mark.build_number)
      }
      // SQLite takes an offset only with a limit; −1 is none.
      return db.all(query.limit(limit === 0 ? -1 : limit).offset(offset))
    },

    create(workspace, request, actor) {
      requireMay(actor, request.transition, workspaceResource(workspace))
      checkRequest(workspace, request, actor)
      checkFollowUp(workspace, request, actor)
      const previous = queue.latest(workspace.id)
      const version = versionFor(workspace, request.template_version_id, previous)
      const presetId = request.template_version_preset_id
      const { transition, state, on_success: onSuccess } = request
      if (transition === 'start') requireActiveVersion(workspace, version, actor)
      return queue.add({
        workspace,
        version,
        transition,
        initiatorId: actor.user.id,
        reason: request.reason ?? 'initiator',
        presetId,
        parameters: parameters.resolve({
          version,
          transition,
          ownerId: workspace.owner_id,
          presetId,
          given: request.rich_parameter_values ?? [],
          previous: previous && queue.parametersOf(previous.id),
        }),
        orphan: request.orphan === true,
        ...(state ? { state: Buffer.from(state, 'base64') } : {}),
        ...(onSuccess ? { onSuccess: JSON.stringify(onSuccess) } : {}),
      })
    },

    needsNewParameters(workspace) {
      const template = templates.get(workspace.template_id)
      const updates =
        workspace.automatic_updates === 'always' ||
        parseTemplateSettings(template.settings).require_active_version
      const previous = queue.latest(workspace.id)
      if (!updates || !previous || previous.template_version_id === template.active_version_id) return false
      try {
        parameters.resolve({
          version: versions.get(template.active_version_id),
          ownerId: workspace.owner_id,
          transition: 'start',
          presetId: undefined,
          given: [],
          previous: queue.parametersOf(previous.id),
        })
        return false
      } catch (error) {
        if (error instanceof ApiError) return true
        throw error
      }
    },
    update: (buildId) =>
      db.first(
        db.sql
          .selectFrom('workspace_builds as build')
          .innerJoin('workspaces', 'workspaces.id', 'build.workspace_id')
          .innerJoin('provisioner_jobs as job', 'job.id', 'build.job_id')
          .select([
            'workspaces.id as workspace_id',
            'workspaces.name as workspace_name',
            'build.id as build_id',
            'build.transition',
            'job.status as job_status',
            'build.build_number',
          ])
          .where('build.id', '=', buildId),
      ),
    toWire: (rows) => (rows.length === 0 ? [] : view.toWire(rows)),
  }
}

/** @throws {ApiError} 400, 403, 409 for what cannot be asked of this workspace, or not by this person. */
function checkRequest(workspace: WorkspaceRow, request: CreateWorkspaceBuildRequest, actor: Actor): void {
  if (workspace.deleted === 1 && request.transition !== 'delete') {
    throw new ApiError(409, { message: 'The workspace was deleted and cannot be started or stopped.' })
  }
  const managesTemplate = mayAct(actor, 'update', { type: 'template', id: workspace.template_id })
  if (request.orphan === true) {
    if (request.transition !== 'delete') {
      throw badRequest('Orphan is only permitted when deleting a workspace.')
    }
    if (request.state) throw badRequest('Custom state cannot be given with orphan.')
    if (!managesTemplate) throw forbidden('Only template managers may orphan a workspace.')
  }
  if (request.state && !managesTemplate) throw forbidden('Only template managers may provide custom state.')
  if (request.log_level !== undefined) {
    throw badRequest(
      managesTemplate
        ? 'Terraform debug mode is disabled in the deployment configuration.'
        : 'Workspace builds with a custom log level are restricted to administrators only.',
    )
  }
  if (request.dry_run === true) throw badRequest('Dry runs are not supported by this deployment.')
}
