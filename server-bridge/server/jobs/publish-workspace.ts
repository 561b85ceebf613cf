import type { Database } from '../db/database.ts'
import type { Topics } from '../services/topics.ts'

/** Tells the watchers of a build's workspace, and those of all builds, that the build has changed. */
export function publishWorkspaceOf(
  db: Database,
  topics: Pick<Topics, 'workspace' | 'builds'>,
  buildId: string | null,
): void {
  if (buildId === null) return
  const build = db.first(
    db.sql.selectFrom('workspace_builds').select('workspace_id').where('id', '=', buildId),
  )
  if (!build) return
  topics.workspace.publish(build.workspace_id)
  topics.builds.publish(buildId)
}
