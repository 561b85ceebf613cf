/** A model's options as the clients of the providers take them. */
import type { ChatModelCallConfig } from '../../../contract/chats-models.ts'
import type { AiProviderRow } from './ai-providers.ts'
import { type ProviderOptions, readOptions } from './provider-options.ts'

export interface ClientOptions {
  /** By the name of the client that takes them. */
  readonly providerOptions: Readonly<Record<string, Readonly<Record<string, unknown>>>>
  /** What a client would not let through: laid over the body of each request. */
  readonly body?: Readonly<Record<string, unknown>>
  readonly maxOutputTokens?: number
  /** False where thoughts of earlier steps are not given back, and the client has no option for it. */
  readonly sendsReasoning?: boolean
}

/** The options of a model's configuration that are for this kind of provider. */
export function optionsFor(
  { type }: Pick<AiProviderRow, 'type'>,
  given: ChatModelCallConfig['provider_options'],
): ClientOptions {
  switch (type) {
    case 'anthropic':
      return forAnthropic(readOptions('anthropic', given))
    case 'bedrock':
      return forBedrock(readOptions('anthropic', given))
    case 'openai':
      return forOpenAI(readOptions('openai', given))
    case 'google':
      return forGoogle(readOptions('google', given))
    case 'openai-compat': {
      const { reasoning_effort: reasoningEffort, user } = readOptions('openaicompat', given)
      return { providerOptions: { openaiCompatible: said({ reasoningEffort, user }) } }
    }
    case 'openrouter':
    case 'vercel': {
      // What the client does not know it passes on as it is.
      const { reasoning, ...others } = readOptions(type, given)
      const options = said({ ...others, reasoning: reasoning && said(reasoning) })
      return { providerOptions: { openaiCompatible: options } }
    }
    default:
      return { providerOptions: {} }
  }
}

function forAnthropic(options: ProviderOptions<'anthropic'>): ClientOptions {
  const { thinking_display: display } = options
  const budgetTokens = options.thinking?.budget_tokens
  const providerOptions = {
    anthropic: said({
      sendReasoning: options.send_reasoning,
      effort: options.effort,
      disableParallelToolUse: options.disable_parallel_tool_use,
      thinking: thinkingOf(options),
    }),
  }
  // The client takes it for adaptive thinking only, Anthropic for both.
  const isLeftOut = display !== undefined && budgetTokens !== undefined
  return { providerOptions, ...(isLeftOut ? { body: { thinking: { display } } } : {}) }
}

/** A budget asks for it, and so does the wish to see it; the effort alone is an option of its own. */
function thinkingOf({ thinking, thinking_display: display }: ProviderOptions<'anthropic'>) {
  if (thinking?.budget_tokens !== undefined) return { type: 'enabled', budgetTokens: thinking.budget_tokens }
  return display === undefined ? undefined : { type: 'adaptive', display }
}

function forBedrock(options: ProviderOptions<'anthropic'>): ClientOptions {
  const { effort: maxReasoningEffort, disable_parallel_tool_use: disableParallelToolUse } = options
  const reasoningConfig = said({ ...thinkingOf(options), maxReasoningEffort })
  return {
    providerOptions: {
      bedrock: Object.keys(reasoningConfig).length === 0 ? {} : { reasoningConfig },
      anthropic: said({ disableParallelToolUse }),
    },
    ...(options.send_reasoning === false ? { sendsReasoning: false } : {}),
  }
}

function forOpenAI(options: ProviderOptions<'openai'>): ClientOptions {
  const { reasoning_effort: reasoningEffort, reasoning_summary: reasoningSummary } = options
  const isReasoning = reasoningEffort !== undefined || reasoningSummary !== undefined
  return {
    providerOptions: {
      openai: said({
        // What is asked of OpenAI is not kept there unless somebody wants that.
        store: options.store ?? false,
        reasoningEffort,
        reasoningSummary,
        // The client knows models by their names, and leaves these out for others.
        ...(isReasoning ? { forceReasoning: true } : {}),
        maxToolCalls: options.max_tool_calls,
        parallelToolCalls: options.parallel_tool_calls,
        textVerbosity: options.text_verbosity,
        promptCacheKey: options.prompt_cache_key,
        user: options.user,
        safetyIdentifier: options.safety_identifier,
        metadata: options.metadata,
      }),
    },
    // The client leaves it out for models it does not know, and does not know all tiers.
    ...(options.service_tier === undefined ? {} : { body: { service_tier: options.service_tier } }),
    ...(options.max_completion_tokens === undefined
      ? {}
      : { maxOutputTokens: options.max_completion_tokens }),
  }
}

function forGoogle({ thinking_config: thinking, cached_content }: ProviderOptions<'google'>): ClientOptions {
  const thinkingConfig =
    thinking && said({ thinkingBudget: thinking.thinking_budget, includeThoughts: thinking.include_thoughts })
  return { providerOptions: { google: said({ thinkingConfig, cachedContent: cached_content }) } }
}

/** Without what nobody said. */
function said(options: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))
}
