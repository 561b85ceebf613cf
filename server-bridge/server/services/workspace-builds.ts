import type { CreateWorkspaceBuildRequest, WorkspaceBuild } from '../../contract/workspace-builds.ts'
import { ApiError, badRequest, forbidden, notFound } from '../api-error.ts'
import type { Database } from '../db/database.ts'
import type { BuildParameters } from './build-parameters.ts'
import type { BuildQueue } from './build-queue.ts'
import type { BuildRow, BuildView } from './build-view.ts'
import { mayAct, requireMay } from './authorization.ts'
import type { Actor } from './sessions.ts'
import type { TemplateVersions, VersionRow } from './template-versions.ts'
import type { WorkspaceRow } from './workspace-view.ts'
import type { Workspaces } from './workspaces.ts'

export interface BuildPage {
  readonly limit?: number | undefined
  readonly offset?: number | undefined
  readonly afterId?: string | undefined
  readonly since?: number | undefined
}

export interface WorkspaceBuilds {
  /** A build of a workspace the caller may read. @throws {ApiError} 404 */
  find(id: string, actor: Actor): { readonly build: BuildRow; readonly workspace: WorkspaceRow }
  findByNumber(workspace: WorkspaceRow, number: number): BuildRow
  /** Newest first. `afterId` selects newer builds than that one, as Coder does. @throws {ApiError} 400 */
  listOf(workspace: WorkspaceRow, page: BuildPage): BuildRow[]
  /** @throws {ApiError} 400, 403, 404, 406, 409 */
  create(workspace: WorkspaceRow, request: CreateWorkspaceBuildRequest, actor: Actor): BuildRow
  toWire(rows: readonly BuildRow[]): WorkspaceBuild[]
}

export interface WorkspaceBuildDeps {
  readonly db: Database
  readonly workspaces: Workspaces
  readonly versions: TemplateVersions
  readonly queue: BuildQueue
  readonly parameters: BuildParameters
  readonly view: BuildView
}

export function createWorkspaceBuilds(deps: WorkspaceBuildDeps): WorkspaceBuilds {
  const { db, workspaces, versions, queue, parameters, view } = deps

  /** Without a version a build takes the one of the build before it, not the template's active one. */
  const versionFor = (
    workspace: WorkspaceRow,
    request: CreateWorkspaceBuildRequest,
    previous: BuildRow | undefined,
  ): VersionRow => {
    const version = versions.get(request.template_version_id ?? previous?.template_version_id ?? '')
    if (version.template_id !== workspace.template_id) {
      throw new ApiError(400, {
        message: 'The template version belongs to another template.',
        validations: [{ field: 'template_version_id', detail: 'It belongs to another template.' }],
      })
    }
    return version
  }

  const checkRequest = (
    workspace: WorkspaceRow,
    request: CreateWorkspaceBuildRequest,
    actor: Actor,
  ): void => {
    requireMay(actor, request.transition, {
      type: 'workspace',
      id: workspace.id,
      ownerId: workspace.owner_id,
    })
    if (workspace.deleted === 1 && request.transition !== 'delete') {
      throw new ApiError(409, { message: 'The workspace was deleted and cannot be started or stopped.' })
    }
    if (request.orphan === true) {
      if (request.transition !== 'delete') {
        throw badRequest('Orphan is only permitted when deleting a workspace.')
      }
      if (!mayAct(actor, 'update', { type: 'template', id: workspace.template_id }))
        throw forbidden('Only template managers may orphan a workspace.')
    }
    if (request.log_level !== undefined && !mayAct(actor, 'update', { type: 'deployment_config' })) {
      throw badRequest('Workspace builds with a custom log level are restricted to administrators only.')
    }
    if (request.state) throw badRequest('This deployment keeps no provisioner state that could be replaced.')
    if (request.on_success) throw badRequest('This deployment does not queue follow-up builds.')
    if (request.dry_run === true) throw badRequest('Dry runs are not supported by this deployment.')
  }

  return {
    find(id, actor) {
      const build = db.first(db.sql.selectFrom('workspace_builds').selectAll().where('id', '=', id))
      if (!build) throw notFound()
      return { build, workspace: workspaces.find(build.workspace_id, actor) }
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
    listOf(workspace, { limit, offset = 0, afterId, since }) {
      let rows = db.all(
        db.sql
          .selectFrom('workspace_builds')
          .selectAll()
          .where('workspace_id', '=', workspace.id)
          .orderBy('build_number', 'desc'),
      )
      if (since !== undefined) rows = rows.filter((row) => row.created_at > since)
      if (afterId !== undefined) {
        const mark = rows.find((row) => row.id === afterId)
        if (!mark) throw badRequest(`Record at "after_id" (${JSON.stringify(afterId)}) does not exist.`)
        rows = rows.filter((row) => row.build_number > mark.build_number)
      }
      return limit === undefined || limit === 0 ? rows.slice(offset) : rows.slice(offset, offset + limit)
    },
    create(workspace, request, actor) {
      checkRequest(workspace, request, actor)
      const previous = queue.latest(workspace.id)
      const version = versionFor(workspace, request, previous)
      const presetId = request.template_version_preset_id
      const { transition } = request
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
      })
    },
    toWire: (rows) => (rows.length === 0 ? [] : view.toWire(rows)),
  }
}
