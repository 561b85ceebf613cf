import { chatFoundModelsRoutes } from '../../contract/chats-found-models.ts'
import { forbidden } from '../api-error.ts'
import { mayAct } from '../services/authorization.ts'
import type { FoundModels } from '../services/chats/found-models.ts'
import { bound } from './bind-routes.ts'

/** Models on the server's machine, for whoever may add them. */
export function chatFoundModelHandlers({ foundModels }: { readonly foundModels: FoundModels }) {
  return bound(chatFoundModelsRoutes, {
    async find({ actor }) {
      if (!mayAct(actor, 'create', { type: 'ai_provider' })) throw forbidden()
      return { servers: await foundModels.find() }
    },
  })
}
