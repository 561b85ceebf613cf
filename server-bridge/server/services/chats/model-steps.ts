import type { ChatError } from '../../../contract/chats.ts'
import type { ChatStreamRetry } from '../../../contract/chats-stream.ts'
import type { Clock } from '../../../lib/clock.ts'
import type { Logger } from '../../../lib/logger.ts'
import type { AiProviders } from './ai-providers.ts'
import { type ChatRow, type NewMessage, statusOf } from './chat-rows.ts'
import type { ChatStore } from './chat-store.ts'
import type { Episodes } from './episodes.ts'
import { firstAbort } from '../../../lib/first-abort.ts'
import type { FollowedHistories } from './followed-histories.ts'
import { callModel } from './model-call.ts'
import { callConfigOf, type ModelConfigRow, type ModelConfigs } from './model-configs.ts'
import { costMicros } from './model-cost.ts'
import type { ReadModelFiles } from './model-files.ts'
import { explainFailure, type ModelFailure } from './model-errors.ts'
import { ProviderUnusableError } from './provider-clients.ts'
import { createStepCollector, type StepCollector } from './step-collector.ts'
import type { StoredMessage, StoredPart } from './stored-parts.ts'
import type { ToolBox, ToolOffer } from './tool-box.ts'
import type { TurnInstructions } from './turn-instructions.ts'
import type { UserProviderKeys } from './user-provider-keys.ts'

export interface StepControl {
  readonly signal: AbortSignal
  /** False when the server ends: then nothing is written any more. */
  readonly isOpen: () => boolean
}

export interface ModelSteps {
  /** Calls the model until one step is stored, the turn has failed, or it is stopped. */
  take(chat: ChatRow, control: StepControl, question?: ModelQuestion): Promise<void>
}

/** Something else that the model is asked, without tools, and what is done with its answer. */
export interface ModelQuestion {
  readonly history: readonly StoredMessage[]
  readonly instructions: readonly string[]
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

/** Times of the facts; tests shorten them. */
export interface ModelTimings {
  readonly silenceMs: number
  readonly stepMs: number
  /** The delay before the second attempt; it doubles up to the cap. */
  readonly retryBaseMs: number
  readonly retryCapMs: number
  readonly maxAttempts: number
}

/** agents-api 12.1 */
export const MODEL_TIMINGS: ModelTimings = {
  silenceMs: 10 * 60_000,
  stepMs: 15 * 60_000,
  retryBaseMs: 1000,
  retryCapMs: 60_000,
  maxAttempts: 25,
}

/** Whatever a provider says: nobody waits longer, and timers cannot. */
const MAX_RETRY_AFTER_MS = 3_600_000

/** After starts of the server that ended in the same call again and again. */
const ENDLESS: ModelFailure = {
  error: {
    message: 'The call to the model was begun too often without an answer.',
    kind: 'generic',
    retryable: false,
  },
  retryAfterMs: undefined,
}

export interface ModelStepsDeps {
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
  readonly timings: ModelTimings
}

export function createModelSteps(deps: ModelStepsDeps): ModelSteps {
  const { clock, store, timings } = deps

  interface Attempt {
    readonly number: number
    readonly control: StepControl
    readonly question: ModelQuestion | undefined
  }

  /** One attempt: the error it ended with, unless it was stored or stopped. */
  const attempt = async (chat: ChatRow, { number, control, question }: Attempt) => {
    store.beginAttempt(chat.id, number)
    deps.episodes.begin(chat.id, chat.history_version, number)
    const late = new AbortController()
    const cancel = clock.after(timings.stepMs, () => late.abort(new Error('The step took too long.')))
    const stop = firstAbort([control.signal, late.signal])
    const startedAt = clock.now()
    const call = prepareCall(deps, chat, question)
    try {
      await call.run(stop.signal)
      finish(deps, { chat, call, startedAt, question })
      return undefined
    } catch (error) {
      if (!control.signal.aborted)
        return explainFailure(error, { provider: call.provider, secrets: call.secrets(), now: clock.now() })
      if (control.isOpen()) finish(deps, { chat, call, startedAt, question })
      return undefined
    } finally {
      stop.end()
      cancel()
    }
  }

  return {
    async take(chat, control, question) {
      const isStopped = (): boolean => control.signal.aborted
      // Counted in the database: a call that ends the server with it is not made for ever.
      for (let number = chat.generation_attempt + 1; ; number += 1) {
        const failure =
          number > timings.maxAttempts ? ENDLESS : await attempt(chat, { number, control, question })
        if (failure === undefined || isStopped()) return
        const { error, retryAfterMs = 0 } = failure
        deps.logger.debug('A call to a model failed', { chatId: chat.id, number, error: error.message })
        if (!error.retryable || number >= timings.maxAttempts) {
          const message = question?.explain(error.message) ?? error.message
          store.apply(chat.id, { type: 'turn_failed' }, { error: { ...error, message } })
          return
        }
        const backoff = Math.min(timings.retryCapMs, timings.retryBaseMs * 2 ** (number - 1))
        const delayMs = Math.max(backoff, Math.min(retryAfterMs, MAX_RETRY_AFTER_MS))
        store.update(chat.id, {
          retry: JSON.stringify(toRetry(error, { number, delayMs, now: clock.now() })),
        })
        await pause(clock, delayMs, control.signal)
        if (isStopped()) return
      }
    },
  }
}

function toRetry(
  error: ChatError,
  { number, delayMs, now }: { readonly number: number; readonly delayMs: number; readonly now: number },
): ChatStreamRetry {
  return {
    attempt: number,
    delay_ms: delayMs,
    error: error.message,
    ...(error.kind === undefined ? {} : { kind: error.kind }),
    ...(error.provider === undefined ? {} : { provider: error.provider }),
    ...(error.status_code === undefined ? {} : { status_code: error.status_code }),
    retrying_at: new Date(now + delayMs).toISOString(),
  }
}

function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve()
      return
    }
    const done = (): void => {
      cancel()
      signal.removeEventListener('abort', done)
      resolve()
    }
    const cancel = clock.after(ms, done)
    signal.addEventListener('abort', done)
  })
}

const NO_TOOLS: ToolOffer = { tools: [], instructions: [], serverOf: () => undefined }

interface Call {
  readonly provider: string
  /** What must not be told to anybody. */
  secrets(): readonly string[]
  readonly config: ModelConfigRow | undefined
  collector(): StepCollector | undefined
  run(signal: AbortSignal): Promise<void>
}

function prepareCall(deps: ModelStepsDeps, chat: ChatRow, question: ModelQuestion | undefined): Call {
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
      deps.logger.debug('A model is called', { chatId: chat.id, historyVersion: chat.history_version })
      await callModel(request, collector, { clock, signal, silenceMs: deps.timings.silenceMs })
    },
  }
}

/** Stores what there is, unless the history went another way meanwhile. */
function finish({ store, clock }: ModelStepsDeps, { chat, call, startedAt, question }: Ended): void {
  const collector = call.collector()
  if (!collector || !call.config) return
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
  if (!question) {
    store.appendTo(chat.id, (now) => (isStorable(now) ? [{ role: 'assistant', parts, ...message }] : []))
    return
  }
  const now = store.find(chat.id)
  if (now && isStorable(now)) question.finish({ chat: now, parts, message })
}

interface Ended {
  readonly chat: ChatRow
  readonly call: Call
  readonly startedAt: number
  readonly question: ModelQuestion | undefined
}
