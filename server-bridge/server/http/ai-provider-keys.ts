import { aiProviderKeysRoutes } from '../../contract/ai-provider-keys.ts'
import { notFound } from '../api-error.ts'
import type { Accounts } from '../services/accounts.ts'
import type { AuditEntry } from '../services/audit.ts'
import type { UserProviderKeys } from '../services/chats/user-provider-keys.ts'
import type { Actor } from '../services/sessions.ts'
import { bound } from './bind-routes.ts'

const auditOf = (
  provider: { readonly id: string; readonly name: string },
  action: AuditEntry['action'],
): AuditEntry => ({
  resourceType: 'ai_provider_key',
  resourceId: provider.id,
  resourceTarget: provider.name,
  action,
})

/** Users' own keys of providers. */
export function aiProviderKeyHandlers({
  accounts,
  userProviderKeys: keys,
}: {
  readonly accounts: Accounts
  readonly userProviderKeys: UserProviderKeys
}) {
  /** Nobody else's: an owner of the deployment looks after accounts, not into them. */
  const self = (reference: string, actor: Actor): string => {
    const user = accounts.find(reference, actor)
    if (user.id !== actor.user.id) throw notFound()
    return user.id
  }
  return bound(aiProviderKeysRoutes, {
    list: ({ params, actor }) => keys.list(self(params.user, actor)),
    set({ params, body, actor, audit }) {
      const key = keys.set(self(params.user, actor), params.provider, body.api_key)
      audit(auditOf(key.provider, 'write'))
      return key
    },
    delete({ params, actor, audit }) {
      audit(auditOf(keys.remove(self(params.user, actor), params.provider), 'delete'))
      return undefined
    },
  })
}
