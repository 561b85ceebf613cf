import { randomUUID } from 'node:crypto'
import type { Selectable } from 'kysely'
import type { Clock } from '../../lib/clock.ts'
import type { Database } from '../db/database.ts'
import type { AuditLogsTable } from '../db/tables/audit-logs.ts'

/** What a write did, in Coder's words for resource types and actions. */
export interface AuditEntry {
  readonly resourceType:
    | 'ai_provider'
    | 'ai_provider_key'
    | 'api_key'
    | 'chat'
    | 'chat_instruction_settings'
    | 'chat_settings'
    | 'file'
    | 'git_ssh_key'
    | 'health_settings'
    | 'mcp_server_config'
    | 'mcp_server_user_headers'
    | 'mcp_server_user_token'
    | 'notification_template'
    | 'notifications_settings'
    | 'organization_member'
    | 'template'
    | 'template_version'
    | 'user'
    | 'user_ai_budget_override'
    | 'user_secret'
    | 'user_skill'
    | 'workspace'
    | 'workspace_build'
  readonly resourceId: string
  /** The name a person knows the resource by. */
  readonly resourceTarget: string
  readonly action: 'create' | 'write' | 'delete' | 'start' | 'stop' | 'login' | 'logout' | 'open' | 'close'
  readonly organizationId?: string
  /** Who did it, where that is not the caller: a sign-in has no caller yet. */
  readonly userId?: string
}

export interface AuditOrigin {
  readonly requestId: string
  readonly userId: string | undefined
  readonly remoteAddress: string
  readonly userAgent: string
  readonly statusCode: number
}

export interface AuditLog {
  record(entry: AuditEntry, origin: AuditOrigin): void
  newest(limit: number): Selectable<AuditLogsTable>[]
}

/** `onRecorded` hears of every entry after it was written. */
export function createAuditLog(
  db: Database,
  clock: Clock,
  onRecorded: () => void = () => undefined,
): AuditLog {
  return {
    newest: (limit) =>
      db.all(db.sql.selectFrom('audit_logs').selectAll().orderBy('created_at', 'desc').limit(limit)),
    record(entry, origin) {
      db.run(
        db.sql.insertInto('audit_logs').values({
          id: randomUUID(),
          created_at: clock.now(),
          request_id: origin.requestId,
          user_id: entry.userId ?? origin.userId ?? null,
          organization_id: entry.organizationId ?? null,
          ip: origin.remoteAddress,
          user_agent: origin.userAgent,
          resource_type: entry.resourceType,
          resource_id: entry.resourceId,
          resource_target: entry.resourceTarget,
          action: entry.action,
          status_code: origin.statusCode,
        }),
      )
      onRecorded()
    },
  }
}
