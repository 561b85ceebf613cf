import {
  chatUserConfigRoutes,
  type ChatPersonalModelOverride,
  type PersonalOverrideContext,
  personalOverrideContexts,
} from '../../contract/chats-config.ts'
import { badRequest, forbidden, notFound } from '../api-error.ts'
import type { ChatConfig } from '../services/chats/chat-config.ts'
import type { ChatUserConfig } from '../services/chats/chat-user-config.ts'
import type { ModelConfigs } from '../services/chats/model-configs.ts'
import { bound } from './bind-routes.ts'
import { checkedPrompt, toWireOverride } from './chats-config.ts'

export interface ChatUserConfigHandlerDeps {
  readonly chatConfig: ChatConfig
  readonly chatUserConfig: ChatUserConfig
  readonly modelConfigs: ModelConfigs
}

/** What people set for their own chats. */
export function chatUserConfigHandlers({
  chatConfig,
  chatUserConfig,
  modelConfigs,
}: ChatUserConfigHandlerDeps) {
  const isAllowed = (): boolean => chatConfig.get('allow_personal_model_overrides')
  const show = (userId: string, context: PersonalOverrideContext): ChatPersonalModelOverride => {
    const own = chatUserConfig.override(userId, context)
    return {
      ...toWireOverride(context, own?.modelConfigId ?? '', modelConfigs),
      mode: own?.mode ?? (context === 'root' ? 'chat_default' : 'deployment_default'),
      is_set: own !== undefined,
    }
  }
  return bound(chatUserConfigRoutes, {
    prompt: ({ actor }) => ({ custom_prompt: chatUserConfig.prompt(actor.user.id) }),
    updatePrompt({ actor, body }) {
      chatUserConfig.setPrompt(actor.user.id, checkedPrompt('custom_prompt', body.custom_prompt))
      return { custom_prompt: chatUserConfig.prompt(actor.user.id) }
    },
    modelOverrides({ actor: { user } }) {
      const shared = (context: 'general' | 'explore') =>
        toWireOverride(context, chatConfig.modelOverride(context), modelConfigs)
      return {
        enabled: isAllowed(),
        root: show(user.id, 'root'),
        general: show(user.id, 'general'),
        explore: show(user.id, 'explore'),
        deployment_defaults: { general: shared('general'), explore: shared('explore') },
      }
    },
    updateModelOverride({ actor, params, body }) {
      const context = personalOverrideContexts.find((known) => known === params.context)
      if (context === undefined) throw notFound()
      if (!isAllowed()) throw forbidden('An administrator has not allowed models of one’s own.')
      if (context === 'root' && body.mode === 'deployment_default')
        throw badRequest('mode of root has to be chat_default or model.')
      const modelConfigId = body.mode === 'model' ? modelConfigs.choose(body.model_config_id).id : ''
      chatUserConfig.setOverride(actor.user.id, context, { mode: body.mode, modelConfigId })
      return undefined
    },
    thresholds: ({ actor }) => ({
      thresholds: chatUserConfig.thresholds(actor.user.id).map(({ modelConfigId, percent }) => ({
        model_config_id: modelConfigId,
        threshold_percent: percent,
      })),
    }),
    updateThreshold({ actor, params, body }) {
      if (!modelConfigs.get(params.modelconfig)) throw notFound()
      chatUserConfig.setThreshold(actor.user.id, params.modelconfig, body.threshold_percent)
      return { model_config_id: params.modelconfig, threshold_percent: body.threshold_percent }
    },
    deleteThreshold({ actor, params }) {
      chatUserConfig.setThreshold(actor.user.id, params.modelconfig, undefined)
      return undefined
    },
  })
}
