import { chatSwitchesRoutes } from '../../contract/chats-switches.ts'
import { zeroUuid } from '../../contract/zero-values.ts'
import { forbidden } from '../api-error.ts'
import { mayAct } from '../services/authorization.ts'
import type { ChatSwitches } from '../services/chats/chat-switches.ts'
import { bound } from './bind-routes.ts'

/** The switches of all chats: everybody may know them. */
export function chatSwitchHandlers({ chatSwitches }: { readonly chatSwitches: ChatSwitches }) {
  return bound(chatSwitchesRoutes, {
    get: () => chatSwitches.read(),
    update({ body, actor, audit }) {
      if (!mayAct(actor, 'update', { type: 'deployment_config' })) throw forbidden()
      const states = chatSwitches.update(body)
      audit({
        resourceType: 'chat_settings',
        resourceId: zeroUuid,
        resourceTarget: 'switches',
        action: 'write',
      })
      return states
    },
  })
}
