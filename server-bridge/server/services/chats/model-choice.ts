import type { PersonalOverrideContext } from '../../../contract/chats-config.ts'
import type { ChatConfig } from './chat-config.ts'
import type { ChatUserConfig } from './chat-user-config.ts'
import type { ModelConfigRow, ModelConfigs } from './model-configs.ts'

/** Which model a chat begins with where nobody named one (agents-api 3.3 and 9.1). */
export interface ModelChoice {
  /** For a chat of this person's: their own wish, where that is allowed and usable, else the default. @throws {ApiError} 400 */
  forNew(ownerId: string, wanted: string | undefined): ModelConfigRow
  /** For a sub-agent of that kind; `undefined`: that of the chat that began it. */
  forSubAgent(ownerId: string, kind: 'general' | 'explore'): ModelConfigRow | undefined
  /** For titles; `undefined`: that of the chat. */
  forTitles(): string | undefined
}

export function createModelChoice({
  modelConfigs,
  chatConfig,
  chatUserConfig,
}: {
  readonly modelConfigs: Pick<ModelConfigs, 'get' | 'choose'>
  readonly chatConfig: ChatConfig
  readonly chatUserConfig: ChatUserConfig
}): ModelChoice {
  const usable = (id: string): ModelConfigRow | undefined => {
    const row = id === '' ? undefined : modelConfigs.get(id)
    return row?.enabled === 1 ? row : undefined
  }
  const own = (ownerId: string, context: PersonalOverrideContext) =>
    chatConfig.get('allow_personal_model_overrides') ? chatUserConfig.override(ownerId, context) : undefined
  return {
    forNew(ownerId, wanted) {
      const wish = wanted === undefined ? own(ownerId, 'root') : undefined
      const wished = wish?.mode === 'model' ? usable(wish.modelConfigId) : undefined
      return wished ?? modelConfigs.choose(wanted)
    },
    forSubAgent(ownerId, kind) {
      const wish = own(ownerId, kind)
      if (wish?.mode === 'chat_default') return undefined
      const wished = wish?.mode === 'model' ? usable(wish.modelConfigId) : undefined
      return wished ?? usable(chatConfig.modelOverride(kind))
    },
    forTitles: () => chatConfig.modelOverride('title_generation') || undefined,
  }
}
