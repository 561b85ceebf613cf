import { randomUUID } from 'node:crypto'
import type { WorkspaceApp, WorkspaceAppStatus } from '../../contract/workspace-apps.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Database } from '../db/database.ts'
import type { Topics } from './topics.ts'
import { toWireTime } from './wire-time.ts'

/** What stays of an app's statuses: they go with every answer about its workspace. */
const KEPT_STATUSES = 50

export interface NewAppStatus {
  readonly app_slug: string
  readonly state: string
  readonly message: string
  readonly uri: string
  readonly needs_user_attention: boolean
}

/** The agent an app belongs to; `apps` is its JSON column. */
interface AppOwner {
  readonly agent: { readonly id: string; readonly apps: string }
  readonly workspaceId: string
}

export interface AppStatuses {
  /** Keeps what an app tells about its work. Answers false when the agent has no such app. */
  add(place: AppOwner, status: NewAppStatus): boolean
  /** The statuses of these agents' apps, newest first. */
  ofAgents(agentIds: readonly string[]): WorkspaceAppStatus[]
}

export function createAppStatuses(db: Database, clock: Clock, topics: Topics): AppStatuses {
  const prune = (appId: string): void => {
    const kept = db.all(
      db.sql
        .selectFrom('workspace_app_statuses')
        .select('id')
        .where('app_id', '=', appId)
        .orderBy('created_at', 'desc')
        .orderBy('rowid' as never, 'desc')
        .limit(KEPT_STATUSES),
    )
    db.run(
      db.sql
        .deleteFrom('workspace_app_statuses')
        .where('app_id', '=', appId)
        .where(
          'id',
          'not in',
          kept.map(({ id }) => id),
        ),
    )
  }

  return {
    add({ agent, workspaceId }, { app_slug, needs_user_attention, ...status }) {
      const app = (JSON.parse(agent.apps) as WorkspaceApp[]).find(({ slug }) => slug === app_slug)
      if (app === undefined) return false
      const row = {
        ...status,
        id: randomUUID(),
        agent_id: agent.id,
        workspace_id: workspaceId,
        app_id: app.id,
        icon: '',
        needs_user_attention: Number(needs_user_attention),
        created_at: clock.now(),
      }
      db.transaction(() => {
        db.run(db.sql.insertInto('workspace_app_statuses').values(row))
        prune(app.id)
      })
      topics.workspace.publish(workspaceId)
      return true
    },

    ofAgents: (agentIds) =>
      db
        .all(
          db.sql
            .selectFrom('workspace_app_statuses')
            .selectAll()
            .where('agent_id', 'in', [...agentIds])
            .orderBy('created_at', 'desc')
            .orderBy('rowid' as never, 'desc'),
        )
        .map(({ needs_user_attention, created_at, ...row }) => ({
          ...row,
          created_at: toWireTime(created_at),
          needs_user_attention: needs_user_attention === 1,
        })),
  }
}
