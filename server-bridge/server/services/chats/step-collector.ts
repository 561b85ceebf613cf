import type {
  LanguageModelV3StreamPart as ModelStreamPart,
  LanguageModelV3Usage as LanguageModelUsage,
} from '@ai-sdk/provider'
import type { ChatMessagePart, ChatMessageUsage } from '../../../contract/chats-messages.ts'
import { type ProviderMetadata, type StoredPart, toWirePart } from './stored-parts.ts'

export interface StepCollector {
  /** Takes the next thing a model's stream says. */
  take(part: ModelStreamPart): void
  /** What is whole so far; calls that were cut off are left out. */
  parts(): StoredPart[]
  readonly usage: ChatMessageUsage
  /** Whether the model said that it is done. */
  readonly isFinished: boolean
  /** Why it ended, in the provider's words where it has some. */
  readonly finishReason: string | undefined
}

export interface StepCollectorDeps {
  /** Gets every piece as the stream socket shows it. */
  readonly emit: (part: ChatMessagePart) => void
  readonly now: () => number
  readonly contextLimit: number
  /** The MCP server that a tool belongs to. */
  readonly serverOf: (toolName: string) => string | undefined
}

/** Gathers one step of a model into parts to store, telling each piece on the way. */
export function createStepCollector(deps: StepCollectorDeps): StepCollector {
  const { emit, now, contextLimit, serverOf } = deps
  const done: StoredPart[] = []
  const open = new Map<string, number>()
  const state: { usage: ChatMessageUsage; isFinished: boolean; finishReason: string | undefined } = {
    usage: {},
    isFinished: false,
    finishReason: undefined,
  }
  const time = (): string => new Date(now()).toISOString()
  const names = new Map<string, string>()

  /** Text and thoughts grow in place, so that their order is that of their beginnings. */
  const grow = (type: 'text' | 'reasoning', id: string, text: string, metadata: unknown): void => {
    const key = `${type} ${id}`
    const at = open.get(key) ?? done.length
    open.set(key, at)
    const before = done[at]
    const known = before?.type === type ? before : undefined
    const kept = (metadata ?? known?.provider_metadata) as ProviderMetadata | undefined
    const extra = kept === undefined ? {} : { provider_metadata: kept }
    const whole = (known?.text ?? '') + text
    done[at] =
      type === 'text'
        ? { type, text: whole, ...extra }
        : {
            type,
            text: whole,
            created_at: (known as { created_at?: string } | undefined)?.created_at ?? time(),
            completed_at: time(),
            ...extra,
          }
    if (text !== '') emit({ type, text })
  }

  const begin = (type: 'text' | 'reasoning', id: string, metadata: unknown): void => {
    // Some providers use the same id again.
    open.delete(`${type} ${id}`)
    if (type === 'reasoning' || metadata !== undefined) grow(type, id, '', metadata)
  }

  const takeCall = (part: Extract<ModelStreamPart, { type: 'tool-call' }>): void => {
    const server = serverOf(part.toolName)
    const args = parseArguments(part.input)
    const isInvalid = typeof args !== 'object' || args === null || Array.isArray(args)
    const shown = {
      type: 'tool-call',
      tool_call_id: part.toolCallId,
      tool_name: part.toolName,
      args,
      created_at: time(),
      ...(part.providerExecuted === true ? { provider_executed: true } : {}),
      ...(server === undefined ? {} : { mcp_server_config_id: server }),
    } as const
    done.push({
      ...shown,
      ...(isInvalid ? { invalid: true } : {}),
      ...(part.providerMetadata === undefined ? {} : { provider_metadata: part.providerMetadata }),
    })
    emit(shown)
  }

  /** Of a tool that the provider runs itself. */
  const takeResult = (part: Extract<ModelStreamPart, { type: 'tool-result' }>): void => {
    // Another takes its place.
    if (part.preliminary === true) return
    const result: StoredPart = {
      type: 'tool-result',
      tool_call_id: part.toolCallId,
      tool_name: part.toolName,
      result: part.result,
      ...(part.isError === true ? { is_error: true } : {}),
      provider_executed: true,
      created_at: time(),
    }
    done.push(result)
    emit(toWirePart(result))
  }

  return {
    get usage() {
      return state.usage
    },
    get isFinished() {
      return state.isFinished
    },
    get finishReason() {
      return state.finishReason
    },
    parts: () => whole(done),
    take(part) {
      switch (part.type) {
        case 'text-start':
          begin('text', part.id, part.providerMetadata)
          return
        case 'text-end':
          // Only some providers hang something on the ends.
          if (part.providerMetadata !== undefined || open.has(`text ${part.id}`))
            grow('text', part.id, '', part.providerMetadata)
          return
        case 'text-delta':
          grow('text', part.id, part.delta, part.providerMetadata)
          return
        case 'reasoning-start':
          begin('reasoning', part.id, part.providerMetadata)
          return
        case 'reasoning-end':
          grow('reasoning', part.id, '', part.providerMetadata)
          return
        case 'reasoning-delta':
          grow('reasoning', part.id, part.delta, part.providerMetadata)
          return
        case 'tool-input-start':
          names.set(part.id, part.toolName)
          return
        case 'tool-input-delta':
          emit({
            type: 'tool-call',
            tool_call_id: part.id,
            tool_name: names.get(part.id) ?? '',
            args_delta: part.delta,
          })
          return
        case 'tool-call':
          takeCall(part)
          return
        case 'tool-result':
          takeResult(part)
          return
        case 'source':
          if (part.sourceType === 'url') {
            const source = {
              type: 'source',
              source_id: part.id,
              url: part.url,
              title: part.title ?? '',
            } as const
            done.push(source)
            emit(source)
          }
          return
        case 'finish':
          state.usage = toUsage(part.usage, contextLimit)
          // A stream that just ends gives no reason of its own.
          state.isFinished = part.finishReason.unified !== 'other' || part.finishReason.raw !== undefined
          state.finishReason = part.finishReason.raw ?? part.finishReason.unified
          return
        default:
      }
    },
  }
}

/** The text itself where it is no JSON; many models say nothing where there are no arguments. */
function parseArguments(text: string): unknown {
  if (text.trim() === '') return {}
  try {
    return JSON.parse(text) as unknown
  } catch {
    return text
  }
}

/** Without empty texts, and without calls that the provider has not answered: it would refuse to be told of them. */
function whole(parts: readonly StoredPart[]): StoredPart[] {
  const answered = new Set(parts.map((part) => (part.type === 'tool-result' ? part.tool_call_id : '')))
  return parts.filter((part) => {
    if (part.type === 'text') return part.text !== ''
    return part.type !== 'tool-call' || part.provider_executed !== true || answered.has(part.tool_call_id)
  })
}

/** As the wire counts tokens. */
export function toUsage(
  { inputTokens, outputTokens }: LanguageModelUsage,
  contextLimit: number,
): ChatMessageUsage {
  const { noCache, cacheRead, cacheWrite } = inputTokens
  const cached = (cacheRead ?? 0) + (cacheWrite ?? 0)
  const input = noCache ?? Math.max(0, (inputTokens.total ?? 0) - cached)
  const output = outputTokens.total ?? 0
  const { reasoning } = outputTokens
  return {
    input_tokens: input,
    output_tokens: output,
    total_tokens: input + cached + output,
    ...(reasoning === undefined ? {} : { reasoning_tokens: reasoning }),
    ...(cacheWrite === undefined ? {} : { cache_creation_tokens: cacheWrite }),
    ...(cacheRead === undefined ? {} : { cache_read_tokens: cacheRead }),
    context_limit: contextLimit,
  }
}
