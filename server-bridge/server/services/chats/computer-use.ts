import type { ComputerUseProvider } from '../../../contract/chats-config.ts'
import type { AiProviderRow, AiProviders } from './ai-providers.ts'
import type { ChatConfig } from './chat-config.ts'
import type { ChatRow } from './chat-rows.ts'
import { drivesComputers } from './computer-driver.ts'
import type { ModelConfigs } from './model-configs.ts'
import type { UserProviderKeys } from './user-provider-keys.ts'

/** Who may act on the desktop of a workspace, and with which model. */
export interface ComputerUse {
  /** Why a root cannot have sub-agents that do, in words for its model. */
  refusal(root: ChatRow): string | undefined
  /** The model of such a sub-agent: the root's own where that can, else the first that can. */
  modelFor(root: ChatRow): string | undefined
  /** Whether the chat is such a sub-agent, which acts and does not plan. */
  isUser(chat: ChatRow): boolean
  /** Whether the model it has now can. */
  canDrive(chat: ChatRow): boolean
}

export interface ComputerUseDeps {
  /** Whether desktops are on. */
  readonly isOn: boolean
  readonly chatConfig: Pick<ChatConfig, 'get'>
  readonly modelConfigs: Pick<ModelConfigs, 'get' | 'list'>
  readonly providers: Pick<AiProviders, 'rows'>
  readonly accessFor: UserProviderKeys['accessFor']
}

const providerNames: Readonly<Record<ComputerUseProvider, string>> = {
  anthropic: 'Anthropic',
  openai: 'OpenAI',
}

export function createComputerUse(deps: ComputerUseDeps): ComputerUse {
  const { isOn, chatConfig, modelConfigs, providers, accessFor } = deps
  const providerOf = (id: string): AiProviderRow | undefined => providers.rows().find((row) => row.id === id)

  const isUsable = (root: ChatRow, { model, ai_provider_id: id = '' }: UsedModel): boolean => {
    const provider = providerOf(id)
    return (
      provider?.enabled === 1 &&
      provider.type === chatConfig.get('computer_use_provider') &&
      drivesComputers({ provider, model }) &&
      accessFor(root.owner_id, provider).apiKey !== undefined
    )
  }
  const modelFor = (root: ChatRow): string | undefined => {
    const own = modelConfigs.get(root.last_model_config_id)
    if (own?.enabled === 1 && isUsable(root, own)) return own.id
    return modelConfigs.list(false).find((config) => isUsable(root, config))?.id
  }
  return {
    modelFor,
    refusal(root) {
      if (!isOn) return 'This deployment has no sub-agents that use a desktop. Use another type.'
      if (root.plan_mode !== '') return 'While planning, nothing is done on a desktop. Use another type.'
      if (modelFor(root) !== undefined)
        return root.workspace_id === null
          ? 'This chat has no workspace, and so there is no desktop to use. Make one first.'
          : undefined
      const name = providerNames[chatConfig.get('computer_use_provider')]
      return `This deployment has no model of ${name} for the user that can use a desktop. Use another type.`
    },
    isUser: (chat) =>
      isOn && chat.agent_type === 'computer_use' && chat.workspace_id !== null && chat.plan_mode === '',
    canDrive(chat) {
      const config = modelConfigs.get(chat.last_model_config_id)
      const provider = config && providerOf(config.ai_provider_id)
      return provider !== undefined && drivesComputers({ provider, model: config?.model ?? '' })
    },
  }
}

interface UsedModel {
  readonly model: string
  readonly ai_provider_id?: string | undefined
}
