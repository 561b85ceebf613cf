/** One call to a model for a step of a chat: what it is made of, and what becomes of its answer. */
import type { ChatMessagePart } from '../../../contract/chats-messages.ts'
import type { Clock } from '../../../lib/clock.ts'
import type { Logger } from '../../../lib/logger.ts'
import type { AiProviders } from './ai-providers.ts'
import type { DebugAnswer, DebugCall, DebugStep } from './chat-debug.ts'
import { type ChatRow, type NewMessage, statusOf } from './chat-rows.ts'
import type { ChatStore } from './chat-store.ts'
import type { Episodes } from './episodes.ts'
import type { FollowedHistories } from './followed-histories.ts'
import { callModel } from './model-call.ts'
import { callConfigOf, type ModelConfigRow, type ModelConfigs } from './model-configs.ts'
import { costMicros } from './model-cost.ts'
import type { ReadModelFiles } from './model-files.ts'
import { ProviderUnusableError } from './provider-clients.ts'
import { createStepCollector, type StepCollector } from './step-collector.ts'
import type { StoredMessage, StoredPart } from './stored-parts.ts'
import type { ToolBox, ToolOffer } from './tool-box.ts'
import type { TurnInstructions } from './turn-instructions.ts'
import type { UserProviderKeys } from './user-provider-keys.ts'

/** Something else that the model is asked, without tools, and what is done with its answer. */
export interface ModelQuestion {
  readonly history: readonly StoredMessage[]
  readonly instructions: readonly string[]
  /** What readers see of it while it is answered. */
  readonly shown: ChatMessagePart
  /** Throws where the answer is of no use. */
  finish(call: FinishedCall): void
  explain(message: string): string
}

export interface FinishedCall {
  readonly chat: ChatRow
  readonly parts: readonly StoredPart[]
  /** What the call used, for the message that comes of it. */
  readonly message: Pick<NewMessage, 'modelConfigId' | 'usage' | 'costMicros' | 'runtimeMs'>
}

export interface ModelCallDeps {
  readonly clock: Clock
  readonly logger: Logger
  readonly store: ChatStore
  readonly histories: Pick<FollowedHistories, 'of'>
  readonly episodes: Episodes
  readonly providers: Pick<AiProviders, 'rows'>
  /** With the owner's own key where there is one. */
  readonly accessFor: UserProviderKeys['accessFor']
  readonly modelConfigs: ModelConfigs
  readonly tools: ToolBox
  readonly readFiles: ReadModelFiles
  readonly turnInstructions: TurnInstructions
  /** Whether the owner may still have anything run. */
  readonly isActive: (userId: string) => boolean
  readonly timings: { readonly silenceMs: number }
}

const NO_TOOLS: ToolOffer = { tools: [], instructions: [], serverOf: () => undefined }

export interface PreparedCall {
  readonly provider: string
  /** What must not be told to anybody. */
  secrets(): readonly string[]
  readonly config: ModelConfigRow | undefined
  collector(): StepCollector | undefined
  run(signal: AbortSignal): Promise<void>
}

/** Gathers what the call needs once it runs. What it throws ends the attempt. */
export function prepareCall(
  deps: ModelCallDeps,
  chat: ChatRow,
  {
    question,
    debug,
  }: { readonly question: ModelQuestion | undefined; readonly debug: DebugStep | undefined },
): PreparedCall {
  const { clock, episodes, providers, modelConfigs, tools } = deps
  const config = modelConfigs.get(chat.last_model_config_id)
  const provider = config && providers.rows().find((row) => row.id === config.ai_provider_id)
  let secrets: string[] = []
  let collector: StepCollector | undefined
  return {
    provider: provider?.name ?? '',
    secrets: () => secrets,
    config,
    collector: () => collector,
    async run(signal) {
      if (!deps.isActive(chat.owner_id))
        throw new ProviderUnusableError('auth', 'The account of the chat’s owner is not active.')
      if (!config || !provider || config.enabled !== 1)
        throw new ProviderUnusableError(
          'config',
          'The model of this chat is gone or switched off. Choose another.',
        )
      const access = deps.accessFor(chat.owner_id, provider)
      secrets = [access.apiKey ?? '', access.bedrock?.access_key_secret ?? '']
      const offer = question ? NO_TOOLS : await tools.offer(chat, signal)
      collector = createStepCollector({
        emit: (part) => {
          // Only what becomes a message is shown while it is said.
          if (!question) episodes.push(chat.id, 'assistant', part)
        },
        now: () => clock.now(),
        contextLimit: config.context_limit,
        serverOf: offer.serverOf,
      })
      const request = {
        provider,
        access,
        model: config.model,
        config: callConfigOf(config),
        history: question?.history ?? deps.histories.of(chat).messages,
        instructions: question?.instructions ?? [
          ...(await deps.turnInstructions(chat, signal)),
          ...offer.instructions,
        ],
        tools: offer.tools,
        allowsWebSearch: question === undefined,
        readFiles: deps.readFiles,
      }
      debug?.asked(request)
      deps.logger.debug('A model is called', { chatId: chat.id, historyVersion: chat.history_version })
      await callModel(request, collector, { clock, signal, silenceMs: deps.timings.silenceMs })
    },
  }
}

/** Stores what there is, unless the history went another way meanwhile. @returns the message that it became */
export function finishCall(
  { store, clock }: ModelCallDeps,
  { chat, call, startedAt, question }: EndedCall,
): number | undefined {
  const collector = call.collector()
  if (!collector || !call.config) return undefined
  const parts = collector.parts()
  const message = {
    modelConfigId: call.config.id,
    usage: collector.usage,
    costMicros: costMicros(callConfigOf(call.config).cost, collector.usage),
    runtimeMs: clock.now() - startedAt,
  }
  const isStorable = (now: ChatRow): boolean => {
    if (now.history_version !== chat.history_version) return false
    const isStopped = statusOf(now) === 'interrupting'
    return isStopped ? parts.length > 0 && !question : statusOf(now) === 'running'
  }
  if (!question)
    return store.appendTo(chat.id, (now) =>
      isStorable(now) ? [{ role: 'assistant', parts, ...message }] : [],
    )[0]?.id
  const now = store.find(chat.id)
  if (now && isStorable(now)) question.finish({ chat: now, parts, message })
  return undefined
}

export interface EndedCall {
  readonly chat: ChatRow
  readonly call: PreparedCall
  readonly startedAt: number
  readonly question: ModelQuestion | undefined
}

/** What came of the call, as far as it came. */
export function answerOf(call: PreparedCall | undefined): DebugAnswer | undefined {
  const collector = call?.collector()
  return (
    collector && { parts: collector.parts(), usage: collector.usage, finishReason: collector.finishReason }
  )
}

/** What of the call is written down where debug logging is on. */
export function debugCallOf(
  deps: ModelCallDeps,
  chat: ChatRow,
  question: ModelQuestion | undefined,
): DebugCall {
  const { rows } = deps.histories.of(chat)
  const asked = rows.findLast((row) => row.role === 'user' && row.visibility === 'both')
  return {
    kind: question ? 'compaction' : 'chat_turn',
    operation: 'stream',
    modelConfigId: chat.last_model_config_id,
    triggerMessageId: asked?.id,
    historyTipMessageId: rows.at(-1)?.id,
  }
}
