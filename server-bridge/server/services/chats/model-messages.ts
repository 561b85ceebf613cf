import type {
  JSONValue,
  LanguageModelV3Message as ModelMessage,
  LanguageModelV3ToolResultPart as ToolResultPart,
} from '@ai-sdk/provider'
import type { AiProviderRow } from './ai-providers.ts'
import type { FilePart } from './chat-files.ts'
import type { ModelFile, ReadModelFiles } from './model-files.ts'
import { newestPictures, pictureOf } from './model-screenshots.ts'
import type { StoredMessage, StoredPart } from './stored-parts.ts'

export interface TellingOptions {
  /** Said after the chat's own instructions. */
  readonly instructions: readonly string[]
  readonly readFiles: ReadModelFiles
  readonly provider: Pick<AiProviderRow, 'type'>
  readonly model: string
  /** Whether thoughts are given back. */
  readonly sendsReasoning: boolean
}

/** The history as a model is told it: instructions first, nothing empty, results after their calls. */
export function toModelMessages(history: readonly StoredMessage[], options: TellingOptions): ModelMessage[] {
  const users = history.filter(({ role }) => role === 'user')
  // Others are told of pictures in words.
  const pictures = options.provider.type === 'anthropic' ? newestPictures(history) : NO_PICTURES
  const files = options.readFiles([
    ...users.flatMap(({ parts }) => parts.filter(isFile)),
    ...pictures.values(),
  ])
  const instructions = history
    .filter(({ role }) => role === 'system')
    .flatMap(({ parts }) => parts.map(textOf))
  const system = [...instructions, ...options.instructions].filter((text) => text !== '').join('\n\n')
  const all: ModelMessage[] = system === '' ? [] : [{ role: 'system', content: system }]
  const ownMessageOf = keptFor(options)
  let results: ContentOf<'tool'> | undefined
  for (const message of history) {
    const told =
      message.role === 'user'
        ? toUserMessage(message, files)
        : (toPictureMessage(message, { pictures, files, provider: options.provider }) ??
          ownMessageOf(message))
    if (told === undefined) continue
    // The results of one step in one message: Google takes them so only.
    if (told.role === 'tool' && results) results.push(...told.content)
    else {
      // A copy, since it grows here.
      results = told.role === 'tool' ? [...told.content] : undefined
      all.push(results ? { role: 'tool', content: results } : told)
    }
  }
  markForCache(all, options)
  return all
}

type ContentOf<Role extends ModelMessage['role']> = Extract<ModelMessage, { role: Role }>['content']
type Told = WeakMap<StoredMessage, { readonly message: ModelMessage | undefined }>
const keptOf = new Map<string, Told>()

/**
 * What others than users said, once for each message that a chat at work holds: a step must not cost more after thousands
 * of others. Files of users are read anew.
 */
function keptFor({
  provider,
  sendsReasoning,
}: TellingOptions): (message: StoredMessage) => ModelMessage | undefined {
  const key = `${provider.type} ${String(sendsReasoning)}`
  const kept: Told = keptOf.get(key) ?? new WeakMap()
  keptOf.set(key, kept)
  return (stored) => {
    const known = kept.get(stored)
    if (known) return known.message
    const message = toOwnMessage(stored, { provider, sendsReasoning })
    kept.set(stored, { message })
    return message
  }
}

function toOwnMessage(
  { role, parts }: StoredMessage,
  { provider, sendsReasoning }: Pick<TellingOptions, 'provider' | 'sendsReasoning'>,
): ModelMessage | undefined {
  if (role === 'assistant') {
    const content = parts
      .filter((part) => part.type !== 'reasoning' || sendsReasoning)
      .flatMap((part) => toAssistantContent(part, provider))
    return content.length === 0 ? undefined : { role: 'assistant', content }
  }
  if (role !== 'tool') return undefined
  const content = parts.flatMap((part) => toToolContent(part, provider))
  return content.length === 0 ? undefined : { role: 'tool', content }
}

/** Of Claude on Bedrock; the older ones refuse requests with such marks. */
const CACHES_ON_BEDROCK = /claude-(?:3-7|3-5-haiku|[a-z]+-\d)/

/**
 * What comes before a mark is kept by the provider for the next request, at a tenth of its price: the instructions
 * (with the tools before them), what the step before this one was asked, and what this one is asked. The step before is
 * marked because Anthropic looks only twenty blocks back from a mark for what it has kept. Others need no marks.
 */
function markForCache(messages: ModelMessage[], { provider, model }: TellingOptions): void {
  const mark =
    provider.type === 'anthropic'
      ? { anthropic: { cacheControl: { type: 'ephemeral' } } }
      : provider.type === 'bedrock' && CACHES_ON_BEDROCK.test(model)
        ? { bedrock: { cachePoint: { type: 'default' } } }
        : undefined
  if (mark === undefined) return
  const lastStep = messages.findLastIndex(({ role }) => role === 'assistant')
  const marked = new Set([messages[0]?.role === 'system' ? 0 : -1, lastStep - 1, messages.length - 1])
  for (const at of marked) {
    const message = messages[at]
    // A copy: others may hold the message.
    if (message) messages[at] = { ...message, providerOptions: mark }
  }
}

type UserPart = ContentOf<'user'>[number]

const isFile = (part: StoredPart): part is FilePart => part.type === 'file'

function toUserMessage(
  { parts }: StoredMessage,
  files: ReadonlyMap<FilePart, ModelFile>,
): ModelMessage | undefined {
  const content = parts.flatMap((part) => toUserContent(part, files))
  return content.length === 0 ? undefined : { role: 'user', content }
}

function toUserContent(part: StoredPart, files: ReadonlyMap<FilePart, ModelFile>): UserPart[] {
  const file = isFile(part) ? files.get(part) : undefined
  if (file?.kind === 'bytes')
    return [{ type: 'file', data: file.bytes, mediaType: file.mediaType, filename: file.name }]
  const text = file?.text ?? textOf(part)
  return text === '' ? [] : [{ type: 'text', text }]
}

function textOf(part: StoredPart): string {
  if (part.type === 'text') return part.text
  if (part.type !== 'file-reference') return ''
  const lines = `${part.start_line}-${part.end_line}`
  return `<file-reference file=${JSON.stringify(part.file_name)} lines="${lines}">\n${part.content}\n</file-reference>`
}

type AssistantPart = ContentOf<'assistant'>[number]

/** By its ids: only Anthropic takes its searches back, others would miss the answers to such calls. */
const isOwnSearch = (id: string, { type }: Pick<AiProviderRow, 'type'>): boolean =>
  type === 'anthropic' && id.startsWith('srvtoolu_')

function toAssistantContent(part: StoredPart, provider: Pick<AiProviderRow, 'type'>): AssistantPart[] {
  const providerOptions = 'provider_metadata' in part ? part.provider_metadata : undefined
  const common = providerOptions === undefined ? {} : { providerOptions: providerOptions as never }
  switch (part.type) {
    case 'text':
      return part.text === '' ? [] : [{ type: 'text', text: part.text, ...common }]
    case 'reasoning':
      return [{ type: 'reasoning', text: part.text, ...common }]
    case 'tool-call':
      if (part.provider_executed === true && !isOwnSearch(part.tool_call_id, provider)) return []
      return [
        {
          type: 'tool-call',
          ...(part.provider_executed === true ? { providerExecuted: true } : {}),
          toolCallId: part.tool_call_id,
          toolName: part.tool_name,
          // Providers take objects only.
          input: part.invalid === true ? { invalid_arguments: part.args } : part.args,
          ...common,
        },
      ]
    case 'tool-result':
      return isOwnSearch(part.tool_call_id, provider) ? [toResult(part, provider)] : []
    default:
      return []
  }
}

const toToolContent = (part: StoredPart, provider: Pick<AiProviderRow, 'type'>): ContentOf<'tool'> =>
  part.type === 'tool-result' ? [toResult(part, provider)] : []

const NO_PICTURES: ReturnType<typeof newestPictures> = new Map()
const LEFT_OUT = '[A picture of the screen was here. It is not shown any more.]'

interface Pictures {
  readonly pictures: ReturnType<typeof newestPictures>
  readonly files: ReadonlyMap<FilePart, ModelFile>
  readonly provider: Pick<AiProviderRow, 'type'>
}

/** Results with pictures that the model sees now, and later does not; undefined: the message has none. */
function toPictureMessage(
  { role, parts }: StoredMessage,
  { pictures, files, provider }: Pictures,
): ModelMessage | undefined {
  if (role !== 'tool' || pictures.size === 0) return undefined
  const shown = parts.map((part) => (part.type === 'tool-result' ? pictures.get(part) : undefined))
  if (shown.every((picture) => picture === undefined)) return undefined
  const content = parts.flatMap((part, at) => {
    const picture = shown[at]
    const file = picture && files.get(picture)
    return toToolContent(part, provider).map((told): typeof told =>
      told.type === 'tool-result' && file ? { ...told, output: toPicture(file) } : told,
    )
  })
  return { role: 'tool', content }
}

function toPicture(file: ModelFile): ToolResultPart['output'] {
  if (file.kind === 'text') return { type: 'text', value: file.text }
  const { mediaType, bytes } = file
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64')
  return { type: 'content', value: [{ type: 'image-data', data, mediaType }] }
}

/** Google takes results as objects; all others as text, which would be made anew in each step. */
function toResult(
  part: Extract<StoredPart, { type: 'tool-result' }>,
  { type }: Pick<AiProviderRow, 'type'>,
): ToolResultPart {
  const value = (pictureOf(part) === undefined ? (part.result ?? null) : LEFT_OUT) as JSONValue
  const isError = part.is_error === true
  const output: ToolResultPart['output'] =
    type === 'google' || isOwnSearch(part.tool_call_id, { type })
      ? { type: isError ? 'error-json' : 'json', value }
      : { type: isError ? 'error-text' : 'text', value: JSON.stringify(value) }
  return { type: 'tool-result', toolCallId: part.tool_call_id, toolName: part.tool_name, output }
}
