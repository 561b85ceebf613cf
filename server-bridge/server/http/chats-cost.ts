import { chatCostRoutes } from '../../contract/chats-cost.ts'
import { zeroUuid } from '../../contract/zero-values.ts'
import type { Clock } from '../../lib/clock.ts'
import { forbidden } from '../api-error.ts'
import type { Database } from '../db/database.ts'
import type { Accounts } from '../services/accounts.ts'
import type { AuditEntry } from '../services/audit.ts'
import { mayAct } from '../services/authorization.ts'
import type { Chats } from '../services/chats/chats.ts'
import { readCostRange, summarizeCost, summarizeCostByUser } from '../services/chats/cost-summary.ts'
import type { UsageLimits } from '../services/chats/usage-limits.ts'
import type { Actor, UserRow } from '../services/sessions.ts'
import { bound } from './bind-routes.ts'

export interface ChatCostHandlerDeps {
  readonly db: Database
  readonly clock: Clock
  readonly accounts: Accounts
  readonly chats: Chats
  readonly usageLimits: UsageLimits
}

const overrideEntry = (user: UserRow, action: AuditEntry['action']): AuditEntry => ({
  resourceType: 'user_ai_budget_override',
  resourceId: user.id,
  resourceTarget: user.username,
  action,
})

function requireAdmin(actor: Actor): void {
  if (!mayAct(actor, 'update', { type: 'deployment_config' })) throw forbidden()
}

/** What chats cost, and how much they may. Users may look at their own. */
export function chatCostHandlers({ db, clock, accounts, chats, usageLimits }: ChatCostHandlerDeps) {
  return bound(chatCostRoutes, {
    summary({ params, query, actor }) {
      const { id: userId } = accounts.find(params.user, actor)
      const range = readCostRange(query, clock.now())
      return summarizeCost(db, { userId, range, limit: usageLimits.status(userId) })
    },
    users({ query, actor }) {
      requireAdmin(actor)
      return summarizeCostByUser(db, {
        range: readCostRange(query, clock.now()),
        username: query.username ?? '',
        limit: query.limit,
        offset: query.offset ?? 0,
      })
    },
    limits({ actor }) {
      requireAdmin(actor)
      return usageLimits.limits()
    },
    updateLimits({ body, actor, audit }) {
      requireAdmin(actor)
      const limits = usageLimits.update(body)
      audit({
        resourceType: 'chat_settings',
        resourceId: zeroUuid,
        resourceTarget: 'usage limits',
        action: 'write',
      })
      return limits
    },
    status: ({ actor }) => usageLimits.status(actor.user.id),
    setOverride({ params, body, actor, audit }) {
      requireAdmin(actor)
      const user = accounts.find(params.user, actor)
      const override = usageLimits.setOverride(user.id, body.spend_limit_micros)
      audit(overrideEntry(user, 'write'))
      return override
    },
    deleteOverride({ params, actor, audit }) {
      requireAdmin(actor)
      const user = accounts.find(params.user, actor)
      usageLimits.removeOverride(user.id)
      audit(overrideEntry(user, 'delete'))
      return undefined
    },
    chat: ({ params, actor }) => usageLimits.chatCost(chats.findUnshared(params.chat, actor).id),
    limitChat({ params, body, actor, audit }) {
      const chat = chats.findOwn(params.chat, actor)
      const cost = usageLimits.limitChat(chat.id, body.spend_limit_micros)
      audit({ resourceType: 'chat', resourceId: chat.id, resourceTarget: chat.title, action: 'write' })
      return cost
    },
  })
}
