import type { AiProviders } from './ai-providers.ts'
import { createAdvisorCalls } from './advisor-call.ts'
import { createAdvisorTool } from './advisor-tool.ts'
import { createAdvisor } from './advisor.ts'
import type { ChatConfig } from './chat-config.ts'
import type { ChatDebug } from './chat-debug.ts'
import type { ChatRow } from './chat-rows.ts'
import type { ChatServiceDeps } from './chat-service-deps.ts'
import type { ChatStore } from './chat-store.ts'
import type { Episodes } from './episodes.ts'
import type { ModelConfigs } from './model-configs.ts'
import { MODEL_TIMINGS } from './model-steps.ts'
import type { UsageLimits } from './usage-limits.ts'
import type { UserProviderKeys } from './user-provider-keys.ts'

export interface AdviceParts {
  readonly chatConfig: ChatConfig
  readonly modelConfigs: ModelConfigs
  readonly aiProviders: AiProviders
  readonly userProviderKeys: Pick<UserProviderKeys, 'accessFor'>
  readonly usageLimits: Pick<UsageLimits, 'refusal'>
  readonly chatDebug: Pick<ChatDebug, 'begin'>
  readonly store: ChatStore
  readonly episodes: Episodes
  readonly mayAskBeside: (chat: ChatRow) => boolean
}

/** The advisor, and the tool by which agents ask it. */
export function createAdvice(deps: ChatServiceDeps, parts: AdviceParts) {
  const { modelConfigs, store, episodes, usageLimits } = parts
  const providers = parts.aiProviders
  const advisor = createAdvisor({ ...parts, providers, isOn: deps.hasAdvisor })
  const calls = createAdvisorCalls({
    ...{ clock: deps.clock, store, providers },
    isAllowed: parts.mayAskBeside,
    debug: parts.chatDebug,
    accessFor: parts.userProviderKeys.accessFor,
    timings: { ...MODEL_TIMINGS, ...deps.options.timings },
  })
  const tool = createAdvisorTool({
    ...{ advisor, calls, store, episodes, providers, usageLimits },
    contextLimitOf: (id) => modelConfigs.get(id)?.context_limit,
  })
  return { advisor, tool }
}
