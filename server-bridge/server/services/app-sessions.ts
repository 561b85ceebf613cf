import type { Clock } from '../../lib/clock.ts'
import type { Database } from '../db/database.ts'
import type { AgentPlace } from './agent-records.ts'
import type { KeyHolder } from './key-watch.ts'
import { hashSecret, randomAlphanumeric } from './secret-tokens.ts'

/** Which app, over all builds of its workspace. */
export interface AppTarget {
  readonly workspaceId: string
  readonly agentName: string
  readonly slug: string
}

/**
 * Who may use one app in a browser. A path app lives on the server's own origin, where a hostile one could use a session
 * cookie for the API; what a browser gets instead opens this one app, and ends with the key it was made with.
 */
export interface AppSessions {
  /** What opens the app once, within a minute. */
  ticket(apiKeyId: string, target: AppTarget): string
  /** Trades the ticket of a query for a session; `undefined` for one that is spent, late or another app's. */
  redeem(ticket: string, target: AppTarget): string | undefined
  /** Whose a session is, and the key it was made with. */
  holderOf(session: string, target: AppTarget): KeyHolder | undefined
}

/** In the query of the first request only: that is answered with a redirect to the clean address. */
export const appTicketKey = 'outpost_app_ticket'
/** The cookie of a path app, in Coder's name. */
export const appCookieName = 'coder_path_app_session_token'

const TICKET_MS = 60_000
export const appSessionSeconds = 24 * 3600
const SECRET_LENGTH = 32

/** Where a path app is found, with the slash that saves a redirect. */
export function appPath(
  place: Pick<AgentPlace, 'ownerName' | 'workspaceName' | 'agent'>,
  slug: string,
): string {
  return `/@${place.ownerName}/${place.workspaceName}.${place.agent.name}/apps/${slug}/`
}

export function createAppSessions(db: Database, clock: Clock): AppSessions {
  const insert = (apiKeyId: string, target: AppTarget, isTicket: boolean): string => {
    const secret = randomAlphanumeric(SECRET_LENGTH)
    const now = clock.now()
    db.run(db.sql.deleteFrom('workspace_app_sessions').where('expires_at', '<=', now))
    db.run(
      db.sql.insertInto('workspace_app_sessions').values({
        token_hash: hashSecret(secret),
        api_key_id: apiKeyId,
        workspace_id: target.workspaceId,
        agent_name: target.agentName,
        app_slug: target.slug,
        is_ticket: Number(isTicket),
        expires_at: now + (isTicket ? TICKET_MS : appSessionSeconds * 1000),
      }),
    )
    return secret
  }

  /** Looked up by its hash: what a comparison's time could tell is about the hash, not the secret. */
  const find = (secret: string, target: AppTarget, isTicket: boolean) =>
    db.first(
      db.sql
        .selectFrom('workspace_app_sessions as session')
        .innerJoin('api_keys as key', 'key.id', 'session.api_key_id')
        .innerJoin('users as user', 'user.id', 'key.user_id')
        .select(['session.api_key_id', 'user.id as user_id'])
        .where('session.token_hash', '=', hashSecret(secret) as never)
        .where('session.is_ticket', '=', Number(isTicket))
        .where('session.workspace_id', '=', target.workspaceId)
        .where('session.agent_name', '=', target.agentName)
        .where('session.app_slug', '=', target.slug)
        .where('session.expires_at', '>', clock.now())
        .where('key.expires_at', '>', clock.now())
        .where('user.status', '!=', 'suspended'),
    )

  return {
    ticket: (apiKeyId, target) => insert(apiKeyId, target, true),
    redeem: (ticket, target) =>
      db.transaction(() => {
        const row = find(ticket, target, true)
        if (!row) return undefined
        db.run(
          db.sql.deleteFrom('workspace_app_sessions').where('token_hash', '=', hashSecret(ticket) as never),
        )
        return insert(row.api_key_id, target, false)
      }),
    holderOf(session, target) {
      const row = find(session, target, false)
      return row && { keyId: row.api_key_id, userId: row.user_id }
    },
  }
}
