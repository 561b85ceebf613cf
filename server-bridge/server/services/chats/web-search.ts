import type { LanguageModelV3ProviderTool as ProviderTool } from '@ai-sdk/provider'
import type { ChatModelCallConfig } from '../../../contract/chats-models.ts'
import type { AiProviderRow } from './ai-providers.ts'
import { readOptions } from './provider-options.ts'

/** The name of the search that a provider runs itself, as parts of messages have it (agents-api 11). */
const WEB_SEARCH = 'web_search'

/** Models of Google before Gemini 3 take a search or other tools: an agent without its tools is none. */
const TAKES_BOTH = /(?:^|\/)gemini-(?![12](?:\D|$)|pro(?:-vision)?$|robotics)/i

interface Searcher {
  readonly provider: Pick<AiProviderRow, 'type'>
  readonly model: string
  readonly config: Pick<ChatModelCallConfig, 'provider_options'>
  /** The others that are offered. */
  readonly tools: readonly { readonly name: string }[]
}

/** The provider's own search, where the model's configuration has it. Bedrock and the routers have none. */
export async function webSearchFor({ provider, model, config, tools }: Searcher): Promise<ProviderTool[]> {
  // A client's or a server's own: providers refuse two with one name.
  if (tools.some(({ name }) => name === WEB_SEARCH)) return []
  const given = config.provider_options
  switch (provider.type) {
    case 'anthropic': {
      const options = readOptions('anthropic', given)
      if (options.web_search_enabled !== true) return []
      const { anthropic } = await import('@ai-sdk/anthropic')
      return told(
        anthropic.tools.webSearch_20250305({
          ...some('allowedDomains', options.allowed_domains),
          ...some('blockedDomains', options.blocked_domains),
        }),
      )
    }
    case 'openai': {
      const options = readOptions('openai', given)
      if (options.web_search_enabled !== true) return []
      const { openai } = await import('@ai-sdk/openai')
      const filters = some('allowedDomains', options.allowed_domains)
      return told(
        openai.tools.webSearch({
          ...(options.search_context_size === undefined
            ? {}
            : { searchContextSize: options.search_context_size }),
          ...('allowedDomains' in filters ? { filters } : {}),
        }),
      )
    }
    case 'google': {
      if (readOptions('google', given).web_search_enabled !== true) return []
      if (tools.length > 0 && !TAKES_BOTH.test(model)) return []
      const { google } = await import('@ai-sdk/google')
      return told(google.tools.googleSearch({}))
    }
    default:
      return []
  }
}

/** As a client takes it with a request. */
const told = (tool: object): ProviderTool[] => {
  const { id, args } = tool as Pick<ProviderTool, 'id' | 'args'>
  return [{ type: 'provider', name: WEB_SEARCH, id, args }]
}

/** Providers refuse an empty list. */
function some<K extends string>(name: K, words: string[] | undefined): Partial<Record<K, string[]>> {
  const list: Partial<Record<K, string[]>> = {}
  if (words !== undefined && words.length > 0) list[name] = words
  return list
}
