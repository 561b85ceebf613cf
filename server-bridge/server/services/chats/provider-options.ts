/** What a model's configuration says to its provider, by Coder's names (agents-api 10.2). */
import { z } from 'zod'
import type { ChatModelCallConfig } from '../../../contract/chats-models.ts'
import { badRequest } from '../../api-error.ts'
import type { AiProviderRow } from './ai-providers.ts'
import { ProviderUnusableError } from './provider-clients.ts'

/** `null` says as little as nothing does. */
const maybe = <T extends z.ZodType>(schema: T) =>
  schema.nullish().transform((value): z.output<T> | undefined => value ?? undefined)
const flag = maybe(z.boolean())
const count = maybe(z.int().min(1))
const text = maybe(z.string().min(1))
const domains = maybe(z.array(z.string().min(1)))
const effort = z.enum(['none', 'minimal', 'low', 'medium', 'high', 'xhigh'])
const reasoningEffort = maybe(effort)

const anthropic = z
  .object({
    send_reasoning: flag,
    /** Anthropic refuses a smaller budget. */
    thinking: maybe(z.object({ budget_tokens: maybe(z.int().min(1024)) })),
    effort: maybe(z.enum(['low', 'medium', 'high', 'xhigh', 'max'])),
    thinking_display: maybe(z.enum(['summarized', 'omitted'])),
    disable_parallel_tool_use: flag,
    web_search_enabled: flag,
    allowed_domains: domains,
    blocked_domains: domains,
  })
  .refine(({ allowed_domains: allowed, blocked_domains: blocked }) => !allowed?.length || !blocked?.length, {
    path: ['blocked_domains'],
    message: 'cannot be given together with allowed_domains',
  })
const openai = z.object({
  max_tool_calls: count,
  parallel_tool_calls: flag,
  reasoning_effort: reasoningEffort,
  reasoning_summary: maybe(z.enum(['auto', 'concise', 'detailed'])),
  max_completion_tokens: count,
  text_verbosity: maybe(z.enum(['low', 'medium', 'high'])),
  store: flag,
  prompt_cache_key: text,
  service_tier: maybe(z.enum(['auto', 'default', 'flex', 'scale', 'priority'])),
  web_search_enabled: flag,
  search_context_size: maybe(z.enum(['low', 'medium', 'high'])),
  allowed_domains: domains,
  user: text,
  safety_identifier: text,
  metadata: maybe(z.record(z.string(), z.string())),
})
const google = z.object({
  thinking_config: maybe(
    z.object({
      /** 0 is none, -1 lets the model choose. */
      thinking_budget: maybe(z.int().min(-1)),
      include_thoughts: flag,
    }),
  ),
  web_search_enabled: flag,
  cached_content: text,
})
const openaicompat = z.object({ reasoning_effort: reasoningEffort, user: text })
const router = z.object({
  reasoning: maybe(z.object({ enabled: flag, exclude: flag, max_tokens: count, effort: maybe(effort) })),
  parallel_tool_calls: flag,
  user: text,
})

const NAMESPACES = { anthropic, openai, google, openaicompat, openrouter: router, vercel: router }
type Namespace = keyof typeof NAMESPACES
/** The options of one namespace, read: those that are unknown here are left out. */
export type ProviderOptions<N extends Namespace> = Partial<z.output<(typeof NAMESPACES)[N]>>

/** Whose options each type of provider takes. */
const NAMESPACE_OF: Readonly<Record<string, Namespace>> = {
  anthropic: 'anthropic',
  bedrock: 'anthropic',
  openai: 'openai',
  google: 'google',
  'openai-compat': 'openaicompat',
  openrouter: 'openrouter',
  vercel: 'vercel',
}

/** Whether chats can speak to providers of this type. */
export const hasClient = ({ type }: Pick<AiProviderRow, 'type'>): boolean => type in NAMESPACE_OF

type Given = ChatModelCallConfig['provider_options']

/**
 * Refuses what could not be said to a provider: nobody looks at an option again that was saved.
 *
 * @throws {ApiError} 400
 */
export function requireValidOptions(given: Given): void {
  for (const namespace of Object.keys(NAMESPACES) as Namespace[]) {
    const read = NAMESPACES[namespace].safeParse(given?.[namespace] ?? {})
    if (read.error) throw badRequest(problemIn(namespace, read.error))
  }
}

/**
 * The options in a namespace.
 *
 * @throws {ProviderUnusableError} for those that were stored before they were checked.
 */
export function readOptions<N extends Namespace>(namespace: N, given: Given): ProviderOptions<N> {
  const schema: z.ZodType = NAMESPACES[namespace]
  const read = schema.safeParse(given?.[namespace] ?? {})
  if (read.error) throw new ProviderUnusableError('config', problemIn(namespace, read.error))
  return read.data as ProviderOptions<N>
}

function problemIn(namespace: Namespace, { issues: [issue] }: z.ZodError): string {
  const name = ['provider_options', namespace, ...(issue?.path ?? [])].join('.')
  return `The option ${name} of the model cannot be used: ${issue?.message ?? 'invalid'}.`
}
