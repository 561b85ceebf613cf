import type {
  ChatModelCallConfig,
  ChatModelConfig,
  ChatModelCost,
  CreateChatModelConfigRequest,
  UpdateChatModelConfigRequest,
} from '#bridge/contract/chats-models'
import { optionFields, optionKey, optionProblem, optionText, withOption } from './model-options.ts'
import { kindOf, type OptionNamespace } from './provider-kinds.ts'

/** A model as it is being typed; numbers are text until it is sent. */
export interface ModelDraft {
  readonly model: string
  readonly displayName: string
  readonly contextLimit: string
  readonly threshold: string
  readonly inputPrice: string
  readonly outputPrice: string
  readonly cacheReadPrice: string
  readonly cacheWritePrice: string
  readonly maxOutputTokens: string
  readonly temperature: string
  /** By {@link optionKey}. */
  readonly options: Readonly<Record<string, string>>
}

export type ModelTextField = Exclude<keyof ModelDraft, 'options'>

export const blankModel: ModelDraft = {
  model: '',
  displayName: '',
  contextLimit: '',
  threshold: '70',
  inputPrice: '',
  outputPrice: '',
  cacheReadPrice: '',
  cacheWritePrice: '',
  maxOutputTokens: '',
  temperature: '',
  options: {},
}

const prices = {
  inputPrice: 'input_price_per_million_tokens',
  outputPrice: 'output_price_per_million_tokens',
  cacheReadPrice: 'cache_read_price_per_million_tokens',
  cacheWritePrice: 'cache_write_price_per_million_tokens',
} as const satisfies Partial<Record<ModelTextField, keyof ChatModelCost>>
const priceFields = Object.entries(prices) as [keyof typeof prices, keyof ChatModelCost][]

/** The namespace of options for models of a type of provider. */
export function namespaceOf(providerType: string): OptionNamespace | undefined {
  return kindOf(providerType)?.options
}

const fieldsOf = (providerType: string) => {
  const namespace = namespaceOf(providerType)
  return namespace === undefined ? [] : optionFields[namespace]
}

const numberText = (value: number | undefined): string => (value === undefined ? '' : String(value))

/** The draft that changes nothing of a model. */
export function modelDraftOf(config: ChatModelConfig, providerType: string): ModelDraft {
  const call = config.model_config ?? {}
  const namespace = namespaceOf(providerType)
  const options = namespace === undefined ? undefined : call.provider_options?.[namespace]
  const priceOf = (name: keyof ChatModelCost): string => call.cost?.[name] ?? ''
  return {
    model: config.model,
    displayName: config.display_name,
    contextLimit: String(config.context_limit),
    threshold: String(config.compression_threshold),
    inputPrice: priceOf(prices.inputPrice),
    outputPrice: priceOf(prices.outputPrice),
    cacheReadPrice: priceOf(prices.cacheReadPrice),
    cacheWritePrice: priceOf(prices.cacheWritePrice),
    maxOutputTokens: numberText(call.max_output_tokens),
    temperature: numberText(call.temperature),
    options: Object.fromEntries(
      fieldsOf(providerType).map((field) => [optionKey(field), optionText(options, field)]),
    ),
  }
}

/** Reads `200000`, `200,000`, `200k` or `1M`; undefined for anything else. */
export function readCount(text: string): number | undefined {
  const match = /^(\d{1,9}|\d{1,3}(?:[, _]\d{3}){1,2})\s*([kKmM]?)$/.exec(text.trim())
  if (match === null) return undefined
  const [, digits = '', unit = ''] = match
  const factor = unit === '' ? 1 : unit.toLowerCase() === 'k' ? 1000 : 1_000_000
  const count = Number(digits.replaceAll(/[, _]/g, '')) * factor
  return count <= 1_000_000_000 ? count : undefined
}

export type ModelProblems = Readonly<Record<string, string>>

/** Per field, whether its text can be sent, and what to write else. */
const checks: Readonly<
  Partial<Record<ModelTextField, readonly [isRight: (text: string) => boolean, advice: string]>>
> = {
  model: [(text) => text !== '', 'Write the name the provider has for it.'],
  contextLimit: [
    (text) => (readCount(text) ?? 0) > 0,
    'Write how many tokens it takes, such as 200,000 or 200k.',
  ],
  threshold: [(text) => /^\d{1,3}$/.test(text) && Number(text) <= 100, 'Write a whole number from 0 to 100.'],
  maxOutputTokens: [(text) => text === '' || (readCount(text) ?? 0) > 0, 'Write a whole number from 1.'],
  temperature: [
    (text) => /^(\d(\.\d{1,3})?)?$/.test(text) && Number(text) <= 2,
    'Write a number from 0 to 2, such as 0.7.',
  ],
  ...Object.fromEntries(
    priceFields.map(([field]) => [
      field,
      [
        (text: string) => /^(\d{1,9}(\.\d{1,9})?)?$/.test(text),
        'Write dollars as a decimal, such as 3 or 0.25.',
      ],
    ]),
  ),
}

/** What has to be put right before it can be saved, by field or {@link optionKey}. */
export function modelProblems(draft: ModelDraft, providerType: string): ModelProblems {
  const problems: Record<string, string> = {}
  for (const [field, [isRight, advice]] of Object.entries(checks))
    if (!isRight(draft[field as ModelTextField].trim())) problems[field] = advice
  for (const field of fieldsOf(providerType)) {
    const problem = optionProblem(field, draft.options[optionKey(field)] ?? '')
    if (problem !== undefined) problems[optionKey(field)] = problem
  }
  if (isGiven(draft, 'allowed_domains') && isGiven(draft, 'blocked_domains'))
    problems['blocked_domains'] = 'Name the domains to search or those never to search, not both.'
  return problems
}

const isGiven = ({ options }: ModelDraft, key: string): boolean => (options[key] ?? '').trim() !== ''

/** How the draft has it called; what no field shows stays as `base` has it. */
function callConfig(
  draft: ModelDraft,
  providerType: string,
  base: ChatModelCallConfig = {},
): ChatModelCallConfig {
  const { max_output_tokens: _, temperature: __, cost: ___, provider_options: given, ...others } = base
  const namespace = namespaceOf(providerType)
  const cost = Object.fromEntries(
    priceFields.flatMap(([field, name]) => (draft[field].trim() === '' ? [] : [[name, draft[field].trim()]])),
  )
  let options = namespace === undefined ? {} : (given?.[namespace] ?? {})
  for (const field of fieldsOf(providerType))
    options = { ...withOption(options, field, draft.options[optionKey(field)] ?? '') }
  const maxOutputTokens = readCount(draft.maxOutputTokens)
  return {
    ...others,
    ...(maxOutputTokens === undefined ? {} : { max_output_tokens: maxOutputTokens }),
    ...(draft.temperature.trim() === '' ? {} : { temperature: Number(draft.temperature) }),
    ...(Object.keys(cost).length === 0 ? {} : { cost }),
    ...(namespace === undefined || Object.keys(options).length === 0
      ? {}
      : { provider_options: { [namespace]: options } }),
  }
}

const sent = (draft: ModelDraft) => ({
  model: draft.model.trim(),
  display_name: draft.displayName.trim(),
  context_limit: readCount(draft.contextLimit) ?? 0,
  compression_threshold: Number(draft.threshold),
})

/** A new model as it is sent. */
export function newModel(
  draft: ModelDraft,
  provider: { readonly id: string; readonly type: string },
): CreateChatModelConfigRequest {
  return {
    ...sent(draft),
    ai_provider_id: provider.id,
    enabled: true,
    model_config: callConfig(draft, provider.type),
  }
}

/** A model as it is saved. */
export function modelChanges(
  config: ChatModelConfig,
  draft: ModelDraft,
  providerType: string,
): UpdateChatModelConfigRequest {
  return { ...sent(draft), model_config: callConfig(draft, providerType, config.model_config) }
}

/** A price to read: `$3.00`, `$0.0375`. By its digits, so that it says what was typed. */
export function priceText(decimal: string | undefined): string | undefined {
  if (decimal === undefined || !/^\d+(\.\d+)?$/.test(decimal)) return decimal
  const [whole = '', fraction = ''] = decimal.split('.')
  return `$${whole}.${fraction.replace(/0+$/, '').padEnd(2, '0')}`
}
