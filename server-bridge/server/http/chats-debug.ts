import { chatDebugConfigRoutes, chatDebugRoutes } from '../../contract/chats-debug.ts'
import { ApiError, forbidden, notFound } from '../api-error.ts'
import { type Action, mayAct } from '../services/authorization.ts'
import type { ChatConfig } from '../services/chats/chat-config.ts'
import type { ChatDebug } from '../services/chats/chat-debug.ts'
import type { ChatDebugStore } from '../services/chats/chat-debug-store.ts'
import type { ChatUserConfig } from '../services/chats/chat-user-config.ts'
import type { Chats } from '../services/chats/chats.ts'
import type { Actor } from '../services/sessions.ts'
import { bound } from './bind-routes.ts'
import { checkedDays } from './chats-config.ts'

export interface ChatDebugHandlerDeps {
  readonly chats: Chats
  readonly chatConfig: ChatConfig
  readonly chatUserConfig: ChatUserConfig
  readonly chatDebug: ChatDebug
  readonly chatDebugStore: ChatDebugStore
}

const administers = (actor: Actor, action: Action): boolean =>
  mayAct(actor, action, { type: 'deployment_config' })
function requireAdmin(actor: Actor): void {
  if (!administers(actor, 'update')) throw forbidden()
}

/** What models were asked for a chat, and whether that is written down. Who only reads a chat along sees nothing of it. */
export function chatDebugHandlers(deps: ChatDebugHandlerDeps) {
  const { chats, chatConfig, chatUserConfig, chatDebug, chatDebugStore } = deps
  return [
    ...bound(chatDebugRoutes, {
      runs: ({ params, actor }) => chatDebugStore.list(chats.findUnshared(params.chat, actor).id),
      run({ params, actor }) {
        const run = chatDebugStore.find(chats.findUnshared(params.chat, actor), params.run)
        if (!run) throw notFound()
        return run
      },
    }),
    ...bound(chatDebugConfigRoutes, {
      logging({ actor }) {
        if (!administers(actor, 'read')) throw notFound()
        const { isForced } = chatDebug.loggingOf(actor.user.id)
        return { allow_users: chatConfig.get('allow_debug_logging'), forced_by_deployment: isForced }
      },
      updateLogging({ actor, body }) {
        requireAdmin(actor)
        chatConfig.set('allow_debug_logging', body.allow_users)
        return undefined
      },
      ownLogging({ actor }) {
        const { isOn, isForced, mayChoose } = chatDebug.loggingOf(actor.user.id)
        return { debug_logging_enabled: isOn, user_toggle_allowed: mayChoose, forced_by_deployment: isForced }
      },
      updateOwnLogging({ actor, body }) {
        const { isForced, mayChoose } = chatDebug.loggingOf(actor.user.id)
        if (isForced)
          throw new ApiError(409, { message: 'Debug logging is on for all chats of this deployment.' })
        if (!mayChoose) throw forbidden('An administrator has not allowed debug logging.')
        chatUserConfig.setDebugLogging(actor.user.id, body.debug_logging_enabled)
        return undefined
      },
      retentionDays: () => ({ debug_retention_days: chatConfig.get('debug_retention_days') }),
      updateRetentionDays({ actor, body }) {
        requireAdmin(actor)
        const days = checkedDays('debug_retention_days', body.debug_retention_days)
        chatConfig.set('debug_retention_days', days)
        return undefined
      },
    }),
  ]
}
