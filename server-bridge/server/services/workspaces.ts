import { randomUUID } from 'node:crypto'
import type { CreateWorkspaceRequest, Workspace, WorkspacesResponse } from '../../contract/workspaces.ts'
import type { Clock } from '../../lib/clock.ts'
import { workspaceStatusOf } from '../../contract/workspace-builds.ts'
import { ApiError, nameTaken, notFound } from '../api-error.ts'
import { type Database, isUniqueViolation } from '../db/database.ts'
import type { BuildParameters } from './build-parameters.ts'
import type { BuildQueue } from './build-queue.ts'
import { mayAct, requireMay } from './authorization.ts'
import type { Actor, UserRow } from './sessions.ts'
import type { TemplateVersions, VersionRow } from './template-versions.ts'
import type { Templates } from './templates.ts'
import type { Topics } from './topics.ts'
import { parseWorkspaceSearch, type WorkspaceSummary } from './workspace-search.ts'
import type { WorkspaceRow, WorkspaceView } from './workspace-view.ts'

export interface Workspaces {
  /** A workspace the caller may read, deleted or not. @throws {ApiError} 404 */
  find(id: string, actor: Actor): WorkspaceRow
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
  recordUse(workspace: Pick<WorkspaceRow, 'id'>): void
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
}

const MINUTE_MS = 60_000
const MAX_TTL_MS = 30 * 24 * 60 * MINUTE_MS

/** Whole minutes, at least one and at most thirty days; 0 and null mean: stopped by hand only. */
function checkTtl(ttlMs: number | null | undefined): number | null {
  if (ttlMs === null || ttlMs === undefined || ttlMs === 0) return null
  const whole = Math.floor(ttlMs / MINUTE_MS) * MINUTE_MS
  if (whole >= MINUTE_MS && whole <= MAX_TTL_MS) return whole
  const detail = whole < MINUTE_MS ? 'ttl must be at least one minute' : 'ttl must be less than 30 days'
  throw new ApiError(400, {
    message: 'Invalid Workspace Time to Shutdown.',
    validations: [{ field: 'ttl_ms', detail }],
  })
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

  const insert = (owner: UserRow, version: VersionRow, request: CreateWorkspaceRequest): WorkspaceRow => {
    const now = clock.now()
    const id = randomUUID()
    const row: WorkspaceRow = {
      id,
      folder: folderName(request.name, id),
      owner_id: owner.id,
      organization_id: version.organization_id,
      template_id: version.template_id ?? '',
      name: request.name,
      autostart_schedule: request.autostart_schedule || null,
      ttl_ms: checkTtl(request.ttl_ms),
      automatic_updates: request.automatic_updates || 'never',
      favorite: 0,
      deleted: 0,
      dormant_at: null,
      deleting_at: null,
      last_used_at: now,
      created_at: now,
      updated_at: now,
    }
    db.run(db.sql.insertInto('workspaces').values(row))
    return row
  }

  return {
    toWire,
    find(id, actor) {
      const row = db.first(db.sql.selectFrom('workspaces').selectAll().where('id', '=', id))
      if (!row) throw notFound()
      requireMay(actor, 'read', { type: 'workspace', id, ownerId: row.owner_id })
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
      const filter = parseWorkspaceSearch(query, actor.user.username)
      const listed = listRows(db, queue, actor).filter(({ summary }) => filter.matches(summary))
      const page = <T>(entries: readonly T[]): T[] =>
        limit === 0 ? entries.slice(offset) : entries.slice(offset, offset + limit)
      const { matchesWhole } = filter
      if (!matchesWhole) {
        const rows = page(listed).map(({ row }) => row)
        return { workspaces: view.toWire(rows, actor.user.id), count: listed.length }
      }
      const whole = view
        .toWire(
          listed.map(({ row }) => row),
          actor.user.id,
        )
        .filter((entry) => matchesWhole(entry))
      return { workspaces: page(whole), count: whole.length }
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
    recordUse(workspace) {
      db.run(
        db.sql.updateTable('workspaces').set({ last_used_at: clock.now() }).where('id', '=', workspace.id),
      )
    },
  }
}

interface Listed {
  readonly row: WorkspaceRow
  readonly summary: WorkspaceSummary
}

/** Living workspaces the caller may read: own favourites first, then running ones, then by owner and name. */
function listRows(db: Database, queue: BuildQueue, actor: Actor): Listed[] {
  let query = db.sql
    .selectFrom('workspaces')
    .innerJoin('users', 'users.id', 'workspaces.owner_id')
    .innerJoin('organizations', 'organizations.id', 'workspaces.organization_id')
    .innerJoin('templates', 'templates.id', 'workspaces.template_id')
    .innerJoin('workspace_builds', 'workspace_builds.workspace_id', 'workspaces.id')
    .innerJoin('provisioner_jobs', 'provisioner_jobs.id', 'workspace_builds.job_id')
    .selectAll('workspaces')
    .select([
      'users.username as owner_name',
      'organizations.name as organization_name',
      'templates.name as template_name',
      'templates.active_version_id as active_version_id',
      'workspace_builds.id as build_id',
      'workspace_builds.template_version_id as version_id',
      'workspace_builds.transition as transition',
      'provisioner_jobs.status as job_status',
    ])
    .where('workspaces.deleted', '=', 0)
    .where((where) =>
      where(
        'workspace_builds.build_number',
        '=',
        where
          .selectFrom('workspace_builds as newest')
          .select((newest) => newest.fn.max('newest.build_number').as('number'))
          .whereRef('newest.workspace_id', '=', 'workspaces.id'),
      ),
    )
  const mayRead = (row: { readonly id: string; readonly owner_id: string }): boolean =>
    mayAct(actor, 'read', { type: 'workspace', id: row.id, ownerId: row.owner_id })
  if (!mayAct(actor, 'read', { type: 'workspace' })) {
    query = query.where('workspaces.owner_id', '=', actor.user.id)
  }
  const listed = db
    .all(query)
    .filter(mayRead)
    .map((row): Listed => ({
      row,
      summary: {
        id: row.id,
        name: row.name,
        ownerName: row.owner_name,
        templateName: row.template_name,
        organizationId: row.organization_id,
        organizationName: row.organization_name,
        status: workspaceStatusOf(row.job_status, row.transition),
        isOutdated: row.version_id !== row.active_version_id,
        isDormant: row.dormant_at !== null,
        lastUsedAt: row.last_used_at ?? 0,
        parameters: () => new Map(Object.entries(queue.parametersOf(row.build_id))),
      },
    }))
  const rank = ({ row, summary }: Listed): number => {
    if (row.favorite === 1 && row.owner_id === actor.user.id) return 0
    return summary.status === 'running' ? 1 : 2
  }
  const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
  return listed.sort(
    (a, b) =>
      rank(a) - rank(b) ||
      compare(a.summary.ownerName, b.summary.ownerName) ||
      compare(a.summary.name.toLowerCase(), b.summary.name.toLowerCase()),
  )
}
