import type { LanguageModelV3 as LanguageModel } from '@ai-sdk/provider'
import type { ChatErrorKind } from '../../../contract/chats.ts'
import { providerFetch } from './provider-fetch.ts'
import type { AiProviderRow, ProviderAccess } from './ai-providers.ts'

/** Why no call was made. */
export class ProviderUnusableError extends Error {
  override readonly name = 'ProviderUnusableError'
  readonly kind: ChatErrorKind
  constructor(kind: ChatErrorKind, message: string) {
    super(message)
    this.kind = kind
  }
}

/** Said always: a client must not look for an address in the environment of this process. */
const HOME: Readonly<Record<string, string>> = {
  anthropic: 'https://api.anthropic.com/v1',
  openai: 'https://api.openai.com/v1',
  google: 'https://generativelanguage.googleapis.com/v1beta',
  openrouter: 'https://openrouter.ai/api/v1',
  vercel: 'https://ai-gateway.vercel.sh/v1',
}
const DEFAULT_REGION = 'us-east-1'

/** The body of a request with more laid over it: objects in it are added to, not replaced. */
export function withBody(body: string, more: Readonly<Record<string, unknown>>): string {
  const said = JSON.parse(body) as Record<string, unknown>
  const merged = Object.entries(more).map(([name, value]) => {
    const before = said[name]
    return [name, isObject(before) && isObject(value) ? { ...before, ...value } : value]
  })
  return JSON.stringify({ ...said, ...Object.fromEntries(merged) })
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null

function fetchWith(more: Readonly<Record<string, unknown>> | undefined): typeof fetch {
  if (more === undefined) return providerFetch
  return (input, init) =>
    providerFetch(input, typeof init?.body === 'string' ? { ...init, body: withBody(init.body, more) } : init)
}

/**
 * The client of one model. The clients' code is loaded when the first chat needs it.
 *
 * @param body laid over what the client sends; not with Bedrock, whose requests are signed.
 * @throws {ProviderUnusableError}
 */
export async function openModel(
  provider: AiProviderRow,
  access: ProviderAccess,
  { model, body }: { readonly model: string; readonly body?: Readonly<Record<string, unknown>> | undefined },
): Promise<LanguageModel> {
  if (provider.enabled !== 1)
    throw new ProviderUnusableError('provider_disabled', `The provider ${provider.name} is switched off.`)
  const baseURL = (provider.base_url || HOME[provider.type] || '').replace(/\/+$/, '')
  const common = { baseURL, fetch: fetchWith(body) }
  switch (provider.type) {
    case 'anthropic': {
      const { createAnthropic } = await import('@ai-sdk/anthropic')
      return createAnthropic({ ...common, apiKey: needKey(provider, access) })(model)
    }
    case 'openai': {
      const { createOpenAI } = await import('@ai-sdk/openai')
      return createOpenAI({ ...common, apiKey: needKey(provider, access) }).responses(model)
    }
    case 'google': {
      const { createGoogleGenerativeAI } = await import('@ai-sdk/google')
      return createGoogleGenerativeAI({ ...common, apiKey: needKey(provider, access) })(model)
    }
    case 'bedrock':
      return openBedrock(provider, access, model)
    case 'openai-compat':
    case 'openrouter':
    case 'vercel': {
      const { createOpenAICompatible } = await import('@ai-sdk/openai-compatible')
      const apiKey = provider.type === 'openai-compat' ? access.apiKey : needKey(provider, access)
      return createOpenAICompatible({
        ...common,
        name: 'openaiCompatible',
        includeUsage: true,
        ...(apiKey === undefined ? {} : { apiKey }),
      })(model)
    }
    default:
      throw new ProviderUnusableError('config', `Chats cannot use providers of type ${provider.type}.`)
  }
}

async function openBedrock(
  provider: AiProviderRow,
  { bedrock }: ProviderAccess,
  model: string,
): Promise<LanguageModel> {
  const {
    region = DEFAULT_REGION,
    access_key: accessKeyId,
    access_key_secret: secretAccessKey,
  } = bedrock ?? {}
  if (!accessKeyId || !secretAccessKey)
    throw new ProviderUnusableError('missing_key', `The provider ${provider.name} has no access key.`)
  const { createAmazonBedrock } = await import('@ai-sdk/amazon-bedrock')
  const baseURL = provider.base_url || `https://bedrock-runtime.${region}.amazonaws.com`
  return createAmazonBedrock({ region, accessKeyId, secretAccessKey, baseURL, fetch: providerFetch })(model)
}

function needKey(provider: AiProviderRow, { apiKey }: ProviderAccess): string {
  if (apiKey !== undefined) return apiKey
  throw new ProviderUnusableError(
    'missing_key',
    `The provider ${provider.name} has no API key. Add your own, or ask an administrator for one.`,
  )
}
