import { randomUUID } from 'node:crypto'
import type { Database } from '../../db/database.ts'
import type { AuditEntry, AuditLog } from '../audit.ts'
import type { ChatRow } from './chat-rows.ts'

/** What was done with a tool in a chat: names only, since arguments may hold anything. */
export function toolAuditEntry(
  db: Database,
  chat: ChatRow,
  { did, tool }: { readonly did: 'allowed' | 'denied' | 'ran'; readonly tool: string },
): AuditEntry {
  const workspace =
    chat.workspace_id === null
      ? undefined
      : db.first(db.sql.selectFrom('workspaces').select('name').where('id', '=', chat.workspace_id))
  const place = workspace ? ` in ${workspace.name}` : ''
  return {
    resourceType: 'chat',
    resourceId: chat.id,
    resourceTarget: `${chat.title} (${did} ${tool}${place})`,
    action: 'write',
    organizationId: chat.organization_id,
  }
}

/** Writes down that a tool runs for the owner of a chat, who has made no request for it. */
export function recordToolRun(
  { db, auditLog }: { readonly db: Database; readonly auditLog: Pick<AuditLog, 'record'> },
  chat: ChatRow,
  tool: string,
): void {
  auditLog.record(toolAuditEntry(db, chat, { did: 'ran', tool }), {
    requestId: randomUUID(),
    userId: chat.owner_id,
    remoteAddress: '',
    userAgent: '',
    statusCode: 200,
  })
}
