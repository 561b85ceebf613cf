import { kindOf } from './provider-kinds.ts'
import type { ModelsList } from './use-ai-models.ts'

export type StepName = 'provider' | 'key' | 'model'

export interface FirstStep {
  readonly name: StepName
  readonly title: string
  readonly help: string
  readonly action: string
  readonly isDone: boolean
}

type Provider = ModelsList['providers'][number]

const isUsable = ({ enabled, type }: Provider): boolean => enabled && kindOf(type)?.isSupported !== false

/** Whether the deployment can sign in to a provider. */
export function hasKey({ type, api_keys: keys }: Provider): boolean {
  return keys.length > 0 || kindOf(type)?.key !== 'needed'
}

/** What has to be there before the first chat, in order. A model stands for the key, too: users may have their own. */
export function firstSteps({ providers, models }: ModelsList): readonly FirstStep[] {
  const usable = providers.filter(isUsable)
  const hasModel = models.some(
    ({ enabled, ai_provider_id: providerId }) => enabled && usable.some(({ id }) => id === providerId),
  )
  return [
    {
      name: 'provider',
      title: 'Add a provider',
      help: 'Who runs the model: a company with an interface of its own, or a server of yours.',
      action: 'Add a provider',
      isDone: usable.length > 0,
    },
    {
      name: 'key',
      title: 'Give it a key',
      help: 'The provider asks for one. The deployment keeps it sealed and shows it to nobody.',
      action: 'Add the key',
      isDone: usable.some(hasKey) || hasModel,
    },
    {
      name: 'model',
      title: 'Add a model',
      help: 'Which of its models chats may use. The first one becomes the default.',
      action: 'Add a model',
      isDone: hasModel,
    },
  ]
}

/** The provider that a step is about. */
export function providerOfStep({ providers }: ModelsList, step: StepName): Provider | undefined {
  const usable = providers.filter(isUsable)
  return step === 'key' ? usable.find((provider) => !hasKey(provider)) : (usable.find(hasKey) ?? usable[0])
}
