import { sql } from 'kysely'
import type { Clock } from '../../lib/clock.ts'
import type { Database } from '../db/database.ts'

const MINUTE_MS = 60_000

/** By way of what a workspace can be used; Coder's words. */
export type ActivityApp = 'vscode' | 'jetbrains' | 'reconnecting-pty' | 'ssh'

export interface WorkspaceActivity {
  /** Notes that the workspace is being used in this minute. */
  record(workspaceId: string, app: ActivityApp): void
}

/** Minutes of use, which insights are computed from. A minute counts once, however often it is noted. */
export function createWorkspaceActivity(db: Database, clock: Clock): WorkspaceActivity {
  return {
    record(workspaceId, app) {
      const minute = Math.floor(clock.now() / MINUTE_MS)
      db.run(
        db.sql
          .insertInto('workspace_activity')
          .columns(['workspace_id', 'app', 'minute', 'user_id', 'template_id'])
          .expression((select) =>
            select
              .selectFrom('workspaces')
              .select([
                'id',
                sql<string>`${app}`.as('app'),
                sql<number>`cast(${minute} as integer)`.as('minute'),
                'owner_id',
                'template_id',
              ])
              .where('id', '=', workspaceId),
          )
          .onConflict((conflict) => conflict.doNothing()),
      )
    },
  }
}
