import { auditRoutes } from '../../contract/audit.ts'
import { forbidden } from '../api-error.ts'
import { parseAuditSearch } from '../services/audit-search.ts'
import type { ReadAuditLog } from '../services/audit-view.ts'
import { mayAct } from '../services/authorization.ts'
import { bound } from './bind-routes.ts'

/** The audit log. It is known to be there, so who may not read it is told so. */
export function auditHandlers({ readAuditLog }: { readonly readAuditLog: ReadAuditLog }) {
  return bound(auditRoutes, {
    list({ query, actor }) {
      if (!mayAct(actor, 'read', { type: 'audit_log' })) throw forbidden()
      const filter = parseAuditSearch(query.q ?? '', actor.user.username)
      return readAuditLog(filter, { limit: query.limit ?? 0, offset: query.offset ?? 0 })
    },
  })
}
