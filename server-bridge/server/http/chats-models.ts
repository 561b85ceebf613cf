import { chatModelsRoutes } from '../../contract/chats-models.ts'
import { forbidden } from '../api-error.ts'
import { mayAct } from '../services/authorization.ts'
import type { ModelConfigs } from '../services/chats/model-configs.ts'
import type { Actor } from '../services/sessions.ts'
import { bound } from './bind-routes.ts'

/** Models of chats: what there is for everybody, what is set for administrators. Coder keeps no audit of them. */
export function chatModelHandlers({ modelConfigs }: { readonly modelConfigs: ModelConfigs }) {
  const administers = (actor: Actor): boolean => mayAct(actor, 'update', { type: 'deployment_config' })
  const requireAdmin = (actor: Actor): void => {
    if (!administers(actor)) throw forbidden()
  }
  return bound(chatModelsRoutes, {
    usable: ({ actor }) => modelConfigs.usable(actor.user.id),
    list: ({ actor }) => modelConfigs.list(administers(actor)),
    create({ body, actor }) {
      requireAdmin(actor)
      return modelConfigs.create(body)
    },
    update({ params, body, actor }) {
      requireAdmin(actor)
      return modelConfigs.update(params.modelconfig, body)
    },
    delete({ params, actor }) {
      requireAdmin(actor)
      modelConfigs.remove(params.modelconfig)
      return undefined
    },
  })
}
