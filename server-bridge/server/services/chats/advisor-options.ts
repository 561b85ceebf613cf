import type { ChatModelCallConfig } from '../../../contract/chats-models.ts'
import { badRequest } from '../../api-error.ts'
import type { AiProviderRow } from './ai-providers.ts'
import { requireValidOptions } from './provider-options.ts'

type Options = NonNullable<ChatModelCallConfig['provider_options']>
type Provider = Pick<AiProviderRow, 'type'>

/** How each kind of provider is told how hard to think, laid over the options a model has. */
function withEffort(options: Options, { type }: Provider, effort: string): Options | undefined {
  switch (type) {
    case 'anthropic':
    case 'bedrock':
      return { ...options, anthropic: { ...options.anthropic, effort } }
    case 'openai':
      return { ...options, openai: { ...options.openai, reasoning_effort: effort } }
    case 'openai-compat':
      return { ...options, openaicompat: { ...options.openaicompat, reasoning_effort: effort } }
    case 'openrouter':
    case 'vercel': {
      const { reasoning } = options[type] ?? {}
      const before = typeof reasoning === 'object' ? reasoning : {}
      return { ...options, [type]: { ...options[type], reasoning: { ...before, effort } } }
    }
    default:
      return undefined
  }
}

/** Refuses an effort that could not be said to the provider. @throws {ApiError} 400 */
export function requireEffort(provider: Provider, effort: string): void {
  const options = withEffort({}, provider, effort)
  if (options === undefined) throw badRequest('Models of this provider cannot be told how hard to think.')
  requireValidOptions(options)
}

export interface AdvisorBounds {
  /** Empty: as the model is set. */
  readonly effort: string
  readonly maxTokens: number
  readonly contextLimit: number
}

/** How a model is asked for advice: as its configuration says, within what the advisor may say. */
export function advisorCallConfig(
  config: ChatModelCallConfig,
  provider: Provider,
  { effort, maxTokens, contextLimit }: AdvisorBounds,
): ChatModelCallConfig {
  const given = config.provider_options ?? {}
  const options = (effort === '' ? undefined : withEffort(given, provider, effort)) ?? given
  const { max_completion_tokens: own, ...openai } = options.openai ?? {}
  // Half of the context is for what is asked.
  const bounds = [maxTokens, config.max_output_tokens, own, Math.ceil(contextLimit / 2)]
  return {
    ...config,
    max_output_tokens: Math.min(...bounds.filter((bound) => typeof bound === 'number')),
    // It would come before that bound.
    provider_options: options.openai === undefined ? options : { ...options, openai },
  }
}
