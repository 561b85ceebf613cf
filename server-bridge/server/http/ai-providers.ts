import { type AIProvider, aiProvidersRoutes } from '../../contract/ai-providers.ts'
import { forbidden } from '../api-error.ts'
import type { AuditEntry } from '../services/audit.ts'
import { type Action, mayAct } from '../services/authorization.ts'
import type { AiProviders } from '../services/chats/ai-providers.ts'
import type { Actor } from '../services/sessions.ts'
import { bound } from './bind-routes.ts'

const auditOf = (provider: Pick<AIProvider, 'id' | 'name'>, action: AuditEntry['action']): AuditEntry => ({
  resourceType: 'ai_provider',
  resourceId: provider.id,
  resourceTarget: provider.name,
  action,
})

/** Providers of models, for administrators. */
export function aiProviderHandlers({ aiProviders }: { readonly aiProviders: AiProviders }) {
  const require = (actor: Actor, action: Action): void => {
    if (!mayAct(actor, action, { type: 'ai_provider' })) throw forbidden()
  }
  return bound(aiProvidersRoutes, {
    list({ actor }) {
      require(actor, 'read')
      return aiProviders.list()
    },
    create({ body, actor, audit }) {
      require(actor, 'create')
      const provider = aiProviders.create(body)
      audit(auditOf(provider, 'create'))
      return provider
    },
    get({ params, actor }) {
      require(actor, 'read')
      return aiProviders.toWire(aiProviders.find(params.aiprovider))
    },
    update({ params, body, actor, audit }) {
      require(actor, 'update')
      const provider = aiProviders.update(params.aiprovider, body)
      audit(auditOf(provider, 'write'))
      return provider
    },
    delete({ params, actor, audit }) {
      require(actor, 'delete')
      audit(auditOf(aiProviders.remove(params.aiprovider), 'delete'))
      return undefined
    },
  })
}
