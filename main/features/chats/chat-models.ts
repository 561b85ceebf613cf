/** The models the user may choose: the picker's list says what is usable, the configs what to send (agents-api 10.1). */
import type { CoderClient } from '#bridge/client/coder-client'
import {
  chatModelsRoutes,
  type ChatModelConfig,
  type ChatModelsResponse,
} from '#bridge/contract/chats-models'
import type { ChatModelChoice } from '#ipc/chats'

const reasons: Readonly<Record<string, string>> = {
  missing_api_key: 'This provider has no key yet. An administrator has to add one.',
  fetch_failed: 'The models of this provider could not be read.',
  user_api_key_required: 'This provider needs a key of your own. Add it in the settings.',
}

export interface ChatModels {
  readonly models: ChatModelChoice[]
  readonly unsupportedProviders: string[]
}

/** Reads both lists and joins them. */
export async function loadChatModels(
  client: Pick<CoderClient, 'call'>,
  signal: AbortSignal,
): Promise<ChatModels> {
  const [usable, configs] = await Promise.all([
    client.call(chatModelsRoutes.usable, {}, { signal }),
    client.call(chatModelsRoutes.list, {}, { signal }),
  ])
  return joinModels(usable, configs)
}

/** Configs by what their provider says of itself; one that no provider lists is left out only when it is disabled. */
export function joinModels(usable: ChatModelsResponse, configs: readonly ChatModelConfig[]): ChatModels {
  const listed = usable.providers.flatMap((provider) => provider.models.map((model) => ({ provider, model })))
  return {
    models: configs
      .filter(({ enabled }) => enabled)
      .map((config): ChatModelChoice => {
        const found =
          listed.find(
            ({ model }) =>
              model.model === config.model &&
              (config.display_name === '' || model.display_name === config.display_name),
          ) ?? listed.find(({ model }) => model.model === config.model)
        const reason =
          found === undefined
            ? 'The deployment does not offer this model now.'
            : found.provider.available
              ? undefined
              : (reasons[found.provider.unavailable_reason ?? ''] ?? 'This provider cannot be used now.')
        return {
          configId: config.id,
          provider: found?.provider.provider ?? '',
          providerType: found?.model.provider ?? '',
          displayName: config.display_name === '' ? config.model : config.display_name,
          model: config.model,
          contextLimit: config.context_limit,
          isDefault: config.is_default,
          ...effortsOf(config),
          ...(reason === undefined ? {} : { unavailable: reason }),
        }
      }),
    unsupportedProviders: usable.unsupported_providers.map(
      ({ display_name: name, provider }) => name || provider,
    ),
  }
}

/** More words than any server has, and longer ones, are no choice. */
const mostEfforts = 20
const longestEffort = 40

/** Only servers after July 2026 tell what efforts a model takes: what is not told cannot be chosen, and is never sent. */
function effortsOf({
  reasoning_efforts: told = [],
  model_config: call,
}: ChatModelConfig): Pick<ChatModelChoice, 'efforts' | 'defaultEffort'> {
  const efforts = [...new Set(told)]
    .filter((effort) => effort !== '' && effort.length <= longestEffort)
    .slice(0, mostEfforts)
  if (efforts.length === 0) return {}
  const usual = call?.reasoning_effort?.default
  return { efforts, ...(usual !== undefined && efforts.includes(usual) ? { defaultEffort: usual } : {}) }
}
