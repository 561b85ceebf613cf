import type { AIProviderType } from '#bridge/contract/ai-providers'

/** Whose namespace a model's options are in (agents-api 10.2). */
export type OptionNamespace = 'openai' | 'anthropic' | 'google' | 'openaicompat' | 'openrouter' | 'vercel'

export interface ProviderKind {
  readonly type: AIProviderType
  readonly label: string
  readonly description: string
  /** The name of the first one, for people and for the deployment. */
  readonly displayName: string
  readonly name: string
  /** `none`: it is signed in to otherwise. */
  readonly key: 'needed' | 'optional' | 'none'
  /**
   * Where it is. Clients of the two kinds of servers differ in how much of the path they add themselves; Coder's
   * own refuses an empty address.
   */
  readonly address: { readonly outpost: string; readonly coder: string }
  readonly options: OptionNamespace | undefined
  /** Chats can speak to it. */
  readonly isSupported: boolean
}

const same = (address: string) => ({ outpost: address, coder: address })

/** The kinds of providers, in the order in which they are offered. */
export const providerKinds: readonly ProviderKind[] = [
  {
    type: 'anthropic',
    label: 'Anthropic',
    description: 'Claude, with a key of its console',
    displayName: 'Anthropic',
    name: 'anthropic',
    key: 'needed',
    address: { outpost: 'https://api.anthropic.com/v1', coder: 'https://api.anthropic.com' },
    options: 'anthropic',
    isSupported: true,
  },
  {
    type: 'openai',
    label: 'OpenAI',
    description: 'GPT, with a key of its platform',
    displayName: 'OpenAI',
    name: 'openai',
    key: 'needed',
    address: same('https://api.openai.com/v1'),
    options: 'openai',
    isSupported: true,
  },
  {
    type: 'google',
    label: 'Google',
    description: 'Gemini, with a key of AI Studio',
    displayName: 'Google',
    name: 'google',
    key: 'needed',
    address: {
      outpost: 'https://generativelanguage.googleapis.com/v1beta',
      coder: 'https://generativelanguage.googleapis.com',
    },
    options: 'google',
    isSupported: true,
  },
  {
    type: 'bedrock',
    label: 'Amazon Bedrock',
    description: 'Models in your AWS account',
    displayName: 'Amazon Bedrock',
    name: 'bedrock',
    key: 'none',
    address: same('https://bedrock-runtime.us-east-1.amazonaws.com'),
    options: 'anthropic',
    isSupported: true,
  },
  {
    type: 'openai-compat',
    label: 'OpenAI-compatible',
    description: 'Ollama, vLLM, LM Studio or a gateway of your own',
    displayName: 'Ollama',
    name: 'ollama',
    key: 'optional',
    address: same('http://127.0.0.1:11434/v1'),
    options: 'openaicompat',
    isSupported: true,
  },
  {
    type: 'openrouter',
    label: 'OpenRouter',
    description: 'Models of many makers with one key',
    displayName: 'OpenRouter',
    name: 'openrouter',
    key: 'needed',
    address: same('https://openrouter.ai/api/v1'),
    options: 'openrouter',
    isSupported: true,
  },
  {
    type: 'vercel',
    label: 'Vercel AI Gateway',
    description: 'Models of many makers with one key',
    displayName: 'Vercel AI Gateway',
    name: 'vercel',
    key: 'needed',
    address: same('https://ai-gateway.vercel.sh/v1'),
    options: 'vercel',
    isSupported: true,
  },
  {
    type: 'azure',
    label: 'Azure OpenAI',
    description: 'Chats here cannot use it',
    displayName: 'Azure OpenAI',
    name: 'azure',
    key: 'needed',
    address: same(''),
    options: 'openai',
    isSupported: false,
  },
  {
    type: 'copilot',
    label: 'GitHub Copilot',
    description: 'Chats here cannot use it',
    displayName: 'GitHub Copilot',
    name: 'copilot',
    key: 'none',
    address: same(''),
    options: undefined,
    isSupported: false,
  },
]

/** The kind of a provider; undefined for a type that a later server has. */
export function kindOf(type: string): ProviderKind | undefined {
  return providerKinds.find((kind) => kind.type === type)
}

/** What people call a provider. */
export function providerName({
  display_name,
  name,
}: {
  readonly display_name: string
  readonly name: string
}): string {
  return display_name === '' ? name : display_name
}
