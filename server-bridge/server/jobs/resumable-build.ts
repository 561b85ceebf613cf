import type { Database } from '../db/database.ts'
import type { BuildStates } from '../services/build-states.ts'

/**
 * Whether a build that was cut off may be done again.
 *
 * Ending a workspace twice does no harm, and nobody is there to start again what a schedule has started. What Terraform
 * was doing is another matter: the state it had not yet handed over is lost.
 */
export function isResumableBuild(db: Database, states: BuildStates, buildId: string | null): boolean {
  const build = db.first(
    db.sql
      .selectFrom('workspace_builds')
      .select(['transition', 'reason'])
      .where('id', '=', buildId ?? ''),
  )
  if (build === undefined || states.get(buildId ?? '') !== undefined) return false
  return build.transition !== 'start' || build.reason === 'autostart'
}
