import type { Template, TransitionStats } from '../../contract/templates.ts'
import type { Database } from '../db/database.ts'
import { groupBy, indexBy } from './group-by.ts'
import { parseTemplateSettings } from './template-settings.ts'
import type { TemplateUsage } from './template-usage.ts'
import type { TemplateRow } from './template-row.ts'
import { toWireTime } from './wire-time.ts'

/** Templates in wire form, in the order of the rows. */
export type TemplateView = (rows: readonly TemplateRow[]) => Template[]

const TRANSITIONS = ['start', 'stop', 'delete'] as const
/** Coder, too, looks at the newest builds only. */
const BUILDS_FOR_STATS = 100

interface BuildDuration {
  readonly transition: string
  readonly startedAt: number | null
  readonly completedAt: number | null
}

export function createTemplateView(db: Database, usage: TemplateUsage): TemplateView {
  /** How long the newest builds of each of these templates took. */
  const buildsOf = (templateIds: readonly string[]): Map<string, BuildDuration[]> => {
    const numbered = db.sql
      .selectFrom('workspace_builds as build')
      .innerJoin('workspaces as workspace', 'workspace.id', 'build.workspace_id')
      .innerJoin('provisioner_jobs as job', 'job.id', 'build.job_id')
      .select((select) => [
        'workspace.template_id as templateId',
        'build.transition',
        'job.started_at as startedAt',
        'job.completed_at as completedAt',
        select.fn
          .agg<number>('row_number')
          .over((over) => over.partitionBy('workspace.template_id').orderBy('build.created_at', 'desc'))
          .as('newness'),
      ])
      .where('workspace.template_id', 'in', [...templateIds])
      .where('job.status', '=', 'succeeded')
    const rows = db.all(
      db.sql.selectFrom(numbered.as('numbered')).selectAll().where('newness', '<=', BUILDS_FOR_STATS),
    )
    return groupBy(rows, ({ templateId }) => templateId)
  }

  return (rows) => {
    if (rows.length === 0) return []
    const builds = buildsOf(rows.map((row) => row.id))
    const active = usage.activeUsers(rows.map((row) => row.id))
    const organizations = indexBy(
      db.all(db.sql.selectFrom('organizations').selectAll()),
      (organization) => organization.id,
    )
    const authors = indexBy(
      db.all(
        db.sql
          .selectFrom('users')
          .select(['id', 'username'])
          .where('id', 'in', [...new Set(rows.map((row) => row.created_by))]),
      ),
      (author) => author.id,
    )
    return rows.map((row) => {
      const organization = organizations.get(row.organization_id)
      return {
        ...parseTemplateSettings(row.settings),
        id: row.id,
        created_at: toWireTime(row.created_at),
        updated_at: toWireTime(row.updated_at),
        organization_id: row.organization_id,
        organization_name: organization?.name ?? '',
        organization_display_name: organization?.display_name ?? '',
        organization_icon: organization?.icon ?? '',
        name: row.name,
        display_name: row.display_name,
        provisioner: 'terraform',
        active_version_id: row.active_version_id,
        active_user_count: active.get(row.id) ?? 0,
        build_time_stats: statsOf(builds.get(row.id) ?? []),
        description: row.description,
        deprecated: row.deprecation_message !== '',
        deprecation_message: row.deprecation_message,
        deleted: row.deleted === 1,
        icon: row.icon,
        created_by_id: row.created_by,
        created_by_name: authors.get(row.created_by)?.username ?? '',
        max_port_share_level: 'public',
      }
    })
  }
}

function statsOf(builds: readonly BuildDuration[]): Template['build_time_stats'] {
  const byTransition = groupBy(builds, (build) => build.transition)
  return Object.fromEntries(
    TRANSITIONS.map((transition) => [
      transition,
      toStats(
        (byTransition.get(transition) ?? []).map(
          ({ startedAt, completedAt }) => (completedAt ?? 0) - (startedAt ?? 0),
        ),
      ),
    ]),
  )
}

/** Milliseconds; null while there is nothing to say. */
function toStats(durations: readonly number[]): TransitionStats {
  const sorted = [...durations].sort((a, b) => a - b)
  const percentile = (share: number): number | null =>
    sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? null
  return { P50: percentile(0.5), P95: percentile(0.95) }
}
