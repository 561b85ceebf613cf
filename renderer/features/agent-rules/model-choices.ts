import type { ChatModelConfig } from '#bridge/contract/chats-models'
import type { Option } from '../../ui/option.ts'

/** The first option, which is no model: no value of a choice can be empty. */
export const noModel = 'none'
/** Shown for a chosen model that is in no list any more. */
export const goneModel = 'A model that is gone'

/** What a rule about models offers: `otherwise`, the models that are switched on, and the chosen one in any case. */
export function modelChoices(
  models: readonly ChatModelConfig[],
  chosen: string | null,
  otherwise: string,
): readonly Option[] {
  return [
    { value: noModel, label: otherwise },
    ...models
      .filter(({ enabled, id }) => enabled || id === chosen)
      .map((model) => ({
        value: model.id,
        label: model.display_name || model.model,
        ...(model.enabled ? {} : { description: 'Switched off', disabled: true }),
      })),
  ]
}
