import { sql } from 'kysely'
import type { DeploymentStats } from '../../contract/deployment-admin.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Database } from '../db/database.ts'
import { toWireTime } from './wire-time.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 3_600_000
/** Clients report use once a minute; one that missed a few of them is still there. */
const SESSION_MINUTES = 5

type Bucket = 'pending' | 'building' | 'running' | 'failed' | 'stopped'

function bucketOf(status: string, transition: string): Bucket | undefined {
  if (status === 'pending') return 'pending'
  if (status === 'running' || status === 'canceling') return 'building'
  if (status === 'failed' || status === 'canceled') return 'failed'
  if (transition === 'start') return 'running'
  return transition === 'stop' ? 'stopped' : undefined
}

/** Counts what there is now. Traffic and latency are not measured: -1 is Coder's word for no latency. */
export function readDeploymentStats(db: Database, clock: Clock): DeploymentStats {
  const now = clock.now()
  const latest = db.all<{ status: string; transition: string }>(
    db.sql
      .selectFrom('workspaces')
      .innerJoin('workspace_builds as build', 'build.workspace_id', 'workspaces.id')
      .innerJoin('provisioner_jobs as job', 'job.id', 'build.job_id')
      .select(['job.status', 'build.transition'])
      .where('workspaces.deleted', '=', 0)
      .where(
        'build.build_number',
        '=',
        sql<number>`(select max(build_number) from workspace_builds where workspace_id = workspaces.id)`,
      ),
  )
  const workspaces = { pending: 0, building: 0, running: 0, failed: 0, stopped: 0 }
  for (const { status, transition } of latest) {
    const bucket = bucketOf(status, transition)
    if (bucket) workspaces[bucket] += 1
  }
  const sessions = db.all<{ app: string; sessions: number }>(
    db.sql
      .selectFrom('workspace_activity')
      .select((select) => ['app', select.fn.count<number>('workspace_id').distinct().as('sessions')])
      .where('minute', '>=', Math.floor(now / MINUTE_MS) - SESSION_MINUTES)
      .groupBy('app'),
  )
  const used = (app: string): number => sessions.find((row) => row.app === app)?.sessions ?? 0
  return {
    aggregated_from: toWireTime(now - HOUR_MS),
    collected_at: toWireTime(now),
    next_update_at: toWireTime(now + MINUTE_MS),
    workspaces: {
      ...workspaces,
      connection_latency_ms: { P50: -1, P95: -1 },
      rx_bytes: 0,
      tx_bytes: 0,
    },
    session_count: {
      vscode: used('vscode'),
      ssh: used('ssh'),
      jetbrains: used('jetbrains'),
      reconnecting_pty: used('reconnecting-pty'),
    },
  }
}
