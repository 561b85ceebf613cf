import { chatApprovalsRoutes } from '../../contract/chats-approvals.ts'
import { zeroUuid } from '../../contract/zero-values.ts'
import { forbidden } from '../api-error.ts'
import type { Database } from '../db/database.ts'
import type { AuditEntry } from '../services/audit.ts'
import { mayAct } from '../services/authorization.ts'
import type { Approvals } from '../services/chats/approvals.ts'
import type { Chats } from '../services/chats/chats.ts'
import { toolAuditEntry } from '../services/chats/tool-audit.ts'
import type { PolicyRule } from '../services/chats/tool-policy.ts'
import { deploymentPolicy, readRules, userPolicy } from '../services/chats/tool-policy-settings.ts'
import type { ToolRules } from '../services/chats/tool-rules.ts'
import { bound } from './bind-routes.ts'

export interface ChatApprovalHandlerDeps {
  readonly db: Database
  readonly chats: Chats
  readonly approvals: Approvals
  readonly toolRules: ToolRules
}

/** What owners of chats decide about calls of tools, and the rules that spare them the question. */
export function chatApprovalHandlers({ db, chats, approvals, toolRules }: ChatApprovalHandlerDeps) {
  // Rules that hold, and chats that know nothing of them, would wait for ever.
  const replaceRules = (userId: string | null, rules: readonly PolicyRule[]): void =>
    db.transaction(() => {
      toolRules.replace(userId, rules)
      approvals.settle(userId)
    })
  return bound(chatApprovalsRoutes, {
    decide({ params, body, actor, audit }) {
      const chat = chats.findOwn(params.chat, actor)
      const calls = approvals.decide(chat, body.decisions, actor.user.id)
      for (const [index, { name: tool }] of calls.entries()) {
        const did = body.decisions[index]?.decision === 'allow' ? 'allowed' : 'denied'
        audit(toolAuditEntry(db, chat, { did, tool }))
      }
      return undefined
    },
    policy: () => deploymentPolicy(toolRules),
    updatePolicy({ body, actor, audit }) {
      if (!mayAct(actor, 'update', { type: 'deployment_config' })) throw forbidden()
      replaceRules(null, readRules(db, body, undefined))
      audit(rulesAudit(zeroUuid, 'tool policy of the deployment'))
      return undefined
    },
    ownPolicy: ({ actor }) => userPolicy(toolRules, actor.user.id),
    updateOwnPolicy({ body, actor, audit }) {
      replaceRules(actor.user.id, readRules(db, body, actor.user.id))
      audit(rulesAudit(actor.user.id, `tool policy of ${actor.user.username}`))
      return undefined
    },
  })
}

const rulesAudit = (resourceId: string, resourceTarget: string): AuditEntry => ({
  resourceType: 'chat_instruction_settings',
  resourceId,
  resourceTarget,
  action: 'write',
})
