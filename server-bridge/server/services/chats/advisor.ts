import {
  type AdvisorConfig,
  defaultAdvisorTokens,
  maxAdvisorTokens,
  maxAdvisorUses,
  type UpdateAdvisorConfigRequest,
} from '../../../contract/chats-advisor.ts'
import { isZeroUuid, zeroUuid } from '../../../contract/zero-values.ts'
import { badRequest } from '../../api-error.ts'
import { requireEffort } from './advisor-options.ts'
import type { AiProviderRow, AiProviders } from './ai-providers.ts'
import type { ChatConfig } from './chat-config.ts'
import type { ChatRow } from './chat-rows.ts'
import type { ModelConfigRow, ModelConfigs } from './model-configs.ts'
import { hasClient } from './provider-options.ts'

/** A model that can be asked for advice. */
export interface AdvisorModel {
  readonly row: ModelConfigRow
  /** Empty: as the model is set. */
  readonly effort: string
}

/** The advisor as an administrator wants it. */
export interface Advisor {
  config(): AdvisorConfig
  /** @throws {ApiError} 400 */
  update(request: UpdateAdvisorConfigRequest): void
  /** Whether the agent of this chat can ask it. */
  isFor(chat: ChatRow): boolean
  /** In one turn. */
  maxUses(): number
  maxTokens(): number
  /** The one that is chosen for it, else the chat's own; nothing where neither is there any more. */
  modelFor(chat: ChatRow): AdvisorModel | undefined
}

export interface AdvisorDeps {
  /** Whether the experiment is on. */
  readonly isOn: boolean
  readonly chatConfig: Pick<ChatConfig, 'get' | 'set'>
  readonly modelConfigs: Pick<ModelConfigs, 'get' | 'list' | 'choose'>
  readonly providers: Pick<AiProviders, 'rows'>
}

export function createAdvisor({ isOn, chatConfig, modelConfigs, providers }: AdvisorDeps): Advisor {
  const settings = () => chatConfig.get('advisor')
  const providerOf = (id: string | undefined): AiProviderRow | undefined =>
    providers.rows().find((row) => row.id === id)
  const isServed = (providerId: string | undefined): boolean => {
    const provider = providerOf(providerId)
    return provider?.enabled === 1 && hasClient(provider)
  }
  const usable = (id: string): ModelConfigRow | undefined => {
    const row = id === '' ? undefined : modelConfigs.get(id)
    return row?.enabled === 1 && isServed(row.ai_provider_id) ? row : undefined
  }
  return {
    config() {
      const { model_config_id: id, reasoning_effort: effort, ...limits } = settings()
      return {
        // It is no switch: the experiment is one. It says whether anybody would answer.
        enabled: isOn && modelConfigs.list(false).some((model) => isServed(model.ai_provider_id)),
        ...limits,
        model_config_id: id === '' ? zeroUuid : id,
        ...(effort === '' ? {} : { reasoning_effort: effort }),
      }
    },
    update(request) {
      const before = settings()
      const wanted = request.model_config_id ?? before.model_config_id
      const model = isZeroUuid(wanted) ? undefined : modelConfigs.choose(wanted)
      const effort = model === undefined ? '' : (request.reasoning_effort ?? '')
      const provider = providerOf(model?.ai_provider_id)
      if (effort !== '' && provider) requireEffort(provider, effort)
      chatConfig.set('advisor', {
        max_uses_per_run: within('max_uses_per_run', request.max_uses_per_run, maxAdvisorUses),
        max_output_tokens: within('max_output_tokens', request.max_output_tokens, maxAdvisorTokens),
        model_config_id: model?.id ?? '',
        reasoning_effort: effort,
      })
    },
    // Sub-agents have an agent to ask, and plans are made with the user.
    isFor: (chat) => isOn && chat.parent_chat_id === null && chat.plan_mode !== 'plan',
    maxUses: () => settings().max_uses_per_run || maxAdvisorUses,
    maxTokens: () => settings().max_output_tokens || defaultAdvisorTokens,
    modelFor(chat) {
      const { model_config_id: id, reasoning_effort: effort } = settings()
      const chosen = usable(id)
      if (chosen) return { row: chosen, effort }
      const own = modelConfigs.get(chat.last_model_config_id)
      return own && { row: own, effort: '' }
    },
  }
}

/** @throws {ApiError} 400 */
function within(field: string, value: number, most: number): number {
  if (value < 0 || value > most) throw badRequest(`${field} has to be between 0 and ${most}.`)
  return value
}
