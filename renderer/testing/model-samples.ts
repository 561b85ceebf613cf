/** Providers, models and what chats may cost, complete, for tests and the preview. */
import type { AIProvider } from '#bridge/contract/ai-providers'
import type { UserAIProviderKey } from '#bridge/contract/ai-provider-keys'
import type { ChatModelConfig } from '#bridge/contract/chats-models'
import type { ChatCostSummary, ChatUsageLimits } from '#bridge/contract/chats-cost'
import { sampleId, sampleTime } from './wire-samples.ts'

export function sampleProvider(change: Partial<AIProvider> = {}): AIProvider {
  return {
    id: sampleId(60),
    type: 'anthropic',
    name: 'anthropic',
    display_name: 'Anthropic',
    icon: '',
    enabled: true,
    base_url: 'https://api.anthropic.com/v1',
    api_keys: [{ id: sampleId(61), masked: 'sk-ant-…x4Qf', created_at: sampleTime }],
    settings: null,
    created_at: sampleTime,
    updated_at: sampleTime,
    ...change,
  }
}

export function sampleModel(change: Partial<ChatModelConfig> = {}): ChatModelConfig {
  return {
    id: sampleId(62),
    ai_provider_id: sampleId(60),
    model: 'large-1',
    display_name: 'Large',
    enabled: true,
    is_default: true,
    context_limit: 200_000,
    compression_threshold: 70,
    model_config: {
      cost: { input_price_per_million_tokens: '3', output_price_per_million_tokens: '15' },
    },
    created_at: sampleTime,
    updated_at: sampleTime,
    ...change,
  }
}

export function sampleOwnKey(
  change: Partial<UserAIProviderKey> = {},
  provider: Partial<UserAIProviderKey['provider']> = {},
): UserAIProviderKey {
  return {
    provider: {
      id: sampleId(60),
      type: 'anthropic',
      name: 'anthropic',
      display_name: 'Anthropic',
      icon: '',
      enabled: true,
      deleted: false,
      ...provider,
    },
    has_user_api_key: false,
    has_provider_api_key: true,
    byok_enabled: true,
    ...change,
  }
}

export function sampleLimits(change: Partial<ChatUsageLimits> = {}): ChatUsageLimits {
  return {
    spend_limit_micros: null,
    chat_spend_limit_micros: null,
    period: 'month',
    unpriced_model_count: 0,
    overrides: [],
    group_overrides: [],
    ...change,
  }
}

export const noTotals = {
  total_cost_micros: 0,
  total_input_tokens: 0,
  total_output_tokens: 0,
  total_cache_read_tokens: 0,
  total_cache_creation_tokens: 0,
  total_runtime_ms: 0,
}

export function sampleCost(change: Partial<ChatCostSummary> = {}): ChatCostSummary {
  return {
    start_date: sampleTime,
    end_date: sampleTime,
    priced_message_count: 0,
    unpriced_message_count: 0,
    ...noTotals,
    by_model: [],
    by_chat: [],
    ...change,
  }
}
