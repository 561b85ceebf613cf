import { randomUUID } from 'node:crypto'
import type { CreateWorkspaceRequest, Workspace, WorkspacesResponse } from '../../contract/workspaces.ts'
import type { Clock } from '../../lib/clock.ts'
import { ApiError, nameTaken, notFound } from '../api-error.ts'
import { type Database, isUniqueViolation } from '../db/database.ts'
import type { AgentMetadata } from './agent-metadata.ts'
import type { AgentStatuses } from './agent-statuses.ts'
import { type Action, mayAct, requireMay } from './authorization.ts'
import { nextAutostart } from './autostop-deadline.ts'
import type { BuildParameters } from './build-parameters.ts'
import type { BuildQueue } from './build-queue.ts'
import { listedTargets } from './key-access.ts'
import type { Actor, UserRow } from './sessions.ts'
import type { TemplateVersions, VersionRow } from './template-versions.ts'
import { parseTemplateSettings, type TemplateSettings } from './template-settings.ts'
import type { TemplateRow } from './template-row.ts'
import type { Templates } from './templates.ts'
import type { Topics } from './topics.ts'
import { listWorkspaces } from './workspace-list.ts'
import { checkSchedule, checkTtl } from './workspace-schedules.ts'
import { parseWorkspaceSearch } from './workspace-search.ts'
import type { WorkspaceRow, WorkspaceView } from './workspace-view.ts'

export interface Workspaces {
  /** A workspace the caller may read, deleted or not, and do the given with. @throws {ApiError} 403, 404 */
  find(id: string, actor: Actor, action?: Action): WorkspaceRow
  /** The living one of that name, else the deleted one that was made last. @throws {ApiError} 404 */
  findByName(owner: UserRow, name: string, includeDeleted: boolean): WorkspaceRow
  search(
    query: string,
    page: { readonly limit: number; readonly offset: number },
    actor: Actor,
  ): WorkspacesResponse
  /** Makes the workspace and queues its first build. @throws {ApiError} 400, 404, 406, 409 */
  create(owner: UserRow, request: CreateWorkspaceRequest, actor: Actor): WorkspaceRow
  setFavorite(workspace: WorkspaceRow, favorite: boolean): void
  /** @throws {ApiError} 400 where renames are off, 405 for a deleted one, 409 for a name that is taken. */
  rename(workspace: WorkspaceRow, name: string): void
  setAutomaticUpdates(workspace: WorkspaceRow, value: 'always' | 'never'): void
  toWire(row: WorkspaceRow, viewerId: string): Workspace
}

export interface WorkspaceDeps {
  readonly db: Database
  readonly clock: Clock
  readonly templates: Templates
  readonly versions: TemplateVersions
  readonly queue: BuildQueue
  readonly parameters: BuildParameters
  readonly view: WorkspaceView
  readonly topics: Topics
  readonly agentStatuses: AgentStatuses
  readonly metadata: Pick<AgentMetadata, 'attach'>
  readonly allowRenames: boolean
}

/** What a workspace is for the rules. */
export function workspaceResource(row: WorkspaceRow) {
  return { type: 'workspace', ownerId: row.owner_id, id: row.id } as const
}

export function createWorkspaces(deps: WorkspaceDeps): Workspaces {
  const { db, clock, templates, versions, queue, parameters, view, topics } = deps
  const toWire = (row: WorkspaceRow, viewerId: string): Workspace => {
    const [workspace] = view.toWire([row], viewerId)
    if (!workspace) throw new Error(`Workspace ${row.id} has no wire form.`)
    return workspace
  }

  const versionFor = (request: CreateWorkspaceRequest): VersionRow => {
    const versionId =
      request.template_version_id ?? templates.get(request.template_id ?? '').active_version_id
    const version = versions.get(versionId)
    if (version.template_id !== null) requireOffered(templates.get(version.template_id))
    if (version.archived === 1 || version.template_id === null) {
      throw new ApiError(400, {
        message: 'The template version cannot be used to make a workspace.',
        validations: [
          {
            field: 'template_version_id',
            detail:
              version.archived === 1 ? 'The version is archived.' : 'The version belongs to no template.',
          },
        ],
      })
    }
    return version
  }

  /** People see it at every prompt, so it is the workspace's name wherever that was never taken. */
  const folderName = (name: string, id: string): string => {
    const folder = name.toLowerCase()
    const used = db.first(db.sql.selectFrom('workspaces').select('id').where('folder', '=', folder))
    return used === undefined ? folder : `${folder}-${id.slice(0, 8)}`
  }

  const ttlFor = (request: CreateWorkspaceRequest, settings: TemplateSettings): number | null => {
    const chosen = checkTtl(request.ttl_ms)
    return chosen === null || !settings.allow_user_autostop ? settings.default_ttl_ms || null : chosen
  }

  const insert = (owner: UserRow, version: VersionRow, request: CreateWorkspaceRequest): WorkspaceRow => {
    const now = clock.now()
    const id = randomUUID()
    const settings = parseTemplateSettings(templates.get(version.template_id ?? '').settings)
    const schedule = checkSchedule(request.autostart_schedule, settings)
    const row: WorkspaceRow = {
      id,
      folder: folderName(request.name, id),
      owner_id: owner.id,
      organization_id: version.organization_id,
      template_id: version.template_id ?? '',
      name: request.name,
      autostart_schedule: schedule,
      next_start_at: nextAutostart(now, schedule, settings),
      ttl_ms: ttlFor(request, settings),
      automatic_updates: request.automatic_updates || 'never',
      favorite: 0,
      deleted: 0,
      dormant_at: null,
      deleting_at: null,
      last_used_at: now,
      latest_build_id: null,
      latest_transition: null,
      latest_job_status: null,
      created_at: now,
      updated_at: now,
    }
    db.run(db.sql.insertInto('workspaces').values(row))
    return row
  }

  const update = (
    workspace: WorkspaceRow,
    values: Partial<Pick<WorkspaceRow, 'name' | 'automatic_updates'>>,
  ): void => {
    db.run(
      db.sql
        .updateTable('workspaces')
        .set({ ...values, updated_at: clock.now() })
        .where('id', '=', workspace.id),
    )
    topics.workspace.publish(workspace.id)
  }

  return {
    toWire,
    find(id, actor, action = 'read') {
      const row = db.first(db.sql.selectFrom('workspaces').selectAll().where('id', '=', id))
      if (!row) throw notFound()
      requireMay(actor, action, workspaceResource(row))
      return row
    },

    findByName(owner, name, includeDeleted) {
      const row = db
        .all(
          db.sql
            .selectFrom('workspaces')
            .selectAll()
            .where('owner_id', '=', owner.id)
            .where((where) => where(where.fn('lower', ['name']), '=', name.toLowerCase()))
            .orderBy('deleted')
            .orderBy('created_at', 'desc'),
        )
        .find((candidate) => includeDeleted || candidate.deleted === 0)
      if (!row) throw notFound()
      return row
    },

    search(query, { limit, offset }, actor) {
      const seesAll = mayAct(actor, 'read', { type: 'workspace' })
      const filter = parseWorkspaceSearch(query, actor.user.username)
      const { rows, count } = listWorkspaces(db, deps.agentStatuses, {
        filter,
        limit,
        offset,
        callerId: actor.user.id,
        ownerId: seesAll ? undefined : actor.user.id,
        ids: listedTargets(actor.access, 'workspace'),
      })
      const workspaces = view.toWire(rows, actor.user.id)
      return { workspaces: filter.withAgentMetadata ? deps.metadata.attach(workspaces) : workspaces, count }
    },

    create(owner, request, actor) {
      const version = versionFor(request)
      requireMay(actor, 'create', { type: 'workspace', ownerId: owner.id })
      requireMay(actor, 'use', { type: 'template', id: version.template_id ?? '' })
      const presetId = request.template_version_preset_id
      const taken = (): ApiError => nameTaken(`Workspace ${JSON.stringify(request.name)} already exists.`)
      try {
        return db.transaction(() => {
          const workspace = insert(owner, version, request)
          queue.add({
            workspace,
            version,
            transition: 'start',
            initiatorId: actor.user.id,
            reason: 'initiator',
            presetId,
            parameters: parameters.resolve({
              version,
              transition: 'start',
              ownerId: owner.id,
              presetId,
              given: request.rich_parameter_values ?? [],
              previous: undefined,
            }),
          })
          return workspace
        })
      } catch (error) {
        if (isUniqueViolation(error)) throw taken()
        throw error
      }
    },

    setFavorite(workspace, favorite) {
      db.run(
        db.sql
          .updateTable('workspaces')
          .set({ favorite: favorite ? 1 : 0 })
          .where('id', '=', workspace.id),
      )
      topics.workspace.publish(workspace.id)
    },

    rename(workspace, name) {
      if (workspace.name === name) return
      if (!deps.allowRenames) {
        throw new ApiError(400, {
          message: 'Workspace renames are not allowed.',
          validations: [
            { field: 'name', detail: 'This deployment does not allow workspaces to be renamed.' },
          ],
        })
      }
      if (workspace.deleted === 1) {
        throw new ApiError(405, {
          message: `Workspace ${JSON.stringify(workspace.name)} is deleted and cannot be updated.`,
        })
      }
      try {
        update(workspace, { name })
      } catch (error) {
        if (isUniqueViolation(error)) throw nameTaken(`Workspace ${JSON.stringify(name)} already exists.`)
        throw error
      }
    },
    setAutomaticUpdates(workspace, value) {
      update(workspace, { automatic_updates: value })
    },
  }
}

function requireOffered(template: TemplateRow): void {
  if (template.deprecation_message === '') return
  throw new ApiError(400, {
    message: `Template ${JSON.stringify(template.name)} has been deprecated, and cannot be used to create a new workspace.`,
    detail: template.deprecation_message,
    validations: [],
  })
}
