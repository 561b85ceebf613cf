import type { Clock } from '../../../lib/clock.ts'
import { firstAbort } from '../../../lib/first-abort.ts'
import { advisorCallConfig } from './advisor-options.ts'
import { ADVISOR_INSTRUCTIONS } from './advisor-question.ts'
import type { AdvisorModel } from './advisor.ts'
import type { AiProviders } from './ai-providers.ts'
import type { ChatDebug, DebugAnswer, DebugStep } from './chat-debug.ts'
import type { ChatRow } from './chat-rows.ts'
import type { ChatStore } from './chat-store.ts'
import { callModel } from './model-call.ts'
import { callConfigOf } from './model-configs.ts'
import { costMicros } from './model-cost.ts'
import { explainFailure, type ModelFailure } from './model-errors.ts'
import { type ModelTimings, pause, retryDelayMs } from './model-steps.ts'
import { ProviderUnusableError } from './provider-clients.ts'
import { createStepCollector, type StepCollector } from './step-collector.ts'
import type { StoredMessage } from './stored-parts.ts'
import type { TurnSpending } from './tool-box.ts'
import type { UserProviderKeys } from './user-provider-keys.ts'

export interface AdvisorQuestion {
  readonly model: AdvisorModel
  readonly asked: StoredMessage
  readonly maxTokens: number
  /** The messages that the call stands with in what is written down. */
  readonly about: {
    readonly triggerMessageId?: number | undefined
    readonly historyTipMessageId?: number | undefined
  }
  /** A piece of the advice, as it is written. */
  readonly onText: (text: string) => void
  /** What was written so far is void. */
  readonly onReset: () => void
  /** What a call used, also where nothing came of it. */
  readonly onSpent: (spent: TurnSpending) => void
}

export interface AdvisorCalls {
  /** The advice; empty where the model said nothing. @throws {AdvisorCallError} in words, or what stopped it */
  ask(chat: ChatRow, question: AdvisorQuestion, signal: AbortSignal): Promise<string>
}

export class AdvisorCallError extends Error {
  override readonly name = 'AdvisorCallError'
}

export interface AdvisorCallsDeps {
  readonly clock: Clock
  readonly store: Pick<ChatStore, 'count'>
  readonly debug: Pick<ChatDebug, 'begin'>
  readonly providers: Pick<AiProviders, 'rows'>
  readonly accessFor: UserProviderKeys['accessFor']
  /** Whether anything may be asked for the owner of the chat now. */
  readonly isAllowed: (chat: ChatRow) => boolean
  readonly timings: ModelTimings
}

/** An agent that waits for advice is better off without it than with one that comes in an hour. */
const MAX_ATTEMPTS = 3

/** One attempt: what it is made of, and what has come of it. */
interface Attempt {
  readonly provider: string
  readonly collector: StepCollector
  /** What must not be told to anybody. */
  secrets(): readonly string[]
  /** Whether any of the advice was shown. */
  hasSpoken(): boolean
  run(signal: AbortSignal): Promise<void>
}

function prepareAttempt(
  deps: AdvisorCallsDeps,
  chat: ChatRow,
  { question, step }: { readonly question: AdvisorQuestion; readonly step: DebugStep | undefined },
): Attempt {
  const { clock, timings } = deps
  const { row, effort } = question.model
  const provider = deps.providers.rows().find(({ id }) => id === row.ai_provider_id)
  let secrets: readonly string[] = []
  let hasSpoken = false
  const collector = createStepCollector({
    emit(part) {
      if (part.type !== 'text' || !part.text) return
      hasSpoken = true
      question.onText(part.text)
    },
    now: () => clock.now(),
    contextLimit: row.context_limit,
    serverOf: () => undefined,
  })
  return {
    provider: provider?.name ?? '',
    collector,
    secrets: () => secrets,
    hasSpoken: () => hasSpoken,
    async run(signal) {
      if (!deps.isAllowed(chat))
        throw new ProviderUnusableError('auth', 'Nothing can be asked for the owner of the chat now.')
      if (!provider || row.enabled !== 1)
        throw new ProviderUnusableError('config', 'The model of the advisor is gone or switched off.')
      const access = deps.accessFor(chat.owner_id, provider)
      secrets = [access.apiKey ?? '', access.bedrock?.access_key_secret ?? '']
      const bounds = { effort, maxTokens: question.maxTokens, contextLimit: row.context_limit }
      const request = {
        ...{ provider, access, model: row.model, history: [question.asked] },
        config: advisorCallConfig(callConfigOf(row), provider, bounds),
        instructions: [ADVISOR_INSTRUCTIONS],
        tools: [],
        allowsWebSearch: false,
        readFiles: () => new Map(),
      }
      step?.asked(request)
      await callModel(request, collector, { clock, signal, silenceMs: timings.silenceMs })
    },
  }
}

const adviceOf = ({ collector }: Attempt): string =>
  collector
    .parts()
    .flatMap((part) => (part.type === 'text' ? [part.text] : []))
    .join('')
    .trim()

const answerOf = ({ collector }: Attempt): DebugAnswer => {
  const { usage, finishReason } = collector
  return { parts: collector.parts(), usage, finishReason }
}

/** Counts what the model used, whatever became of its answer. */
function settle(
  { store }: AdvisorCallsDeps,
  chat: ChatRow,
  { question, attempt }: { readonly question: AdvisorQuestion; readonly attempt: Attempt },
): void {
  const { row } = question.model
  const { usage } = attempt.collector
  const tokens = usage.total_tokens ?? 0
  if (tokens === 0) return
  const cost = costMicros(callConfigOf(row).cost, usage)
  store.count(chat.id, {
    ...{ role: 'assistant', parts: [], modelConfigId: row.id, usage },
    costMicros: cost,
  })
  question.onSpent({ tokens, costMicros: cost ?? 0 })
}

/** Asks as a step of the turn does, but without tools, and what comes of it is the result of a tool. */
export function createAdvisorCalls(deps: AdvisorCallsDeps): AdvisorCalls {
  const { clock, timings } = deps

  /** Makes the attempt; answers what it failed with. @throws what stopped it */
  const make = async (
    chat: ChatRow,
    { question, attempt, signal }: Made,
  ): Promise<ModelFailure | undefined> => {
    const late = new AbortController()
    const cancel = clock.after(timings.stepMs, () => late.abort(new Error('The advisor took too long.')))
    const stop = firstAbort([signal, late.signal])
    try {
      await attempt.run(stop.signal)
      return undefined
    } catch (thrown) {
      signal.throwIfAborted()
      const about = { provider: attempt.provider, secrets: attempt.secrets(), now: clock.now() }
      return explainFailure(late.signal.aborted ? late.signal.reason : thrown, about)
    } finally {
      stop.end()
      cancel()
      settle(deps, chat, { question, attempt })
    }
  }

  return {
    async ask(chat, question, signal) {
      const step = deps.debug.begin(chat, () => ({
        ...{ kind: 'chat_turn', operation: 'stream', modelConfigId: question.model.row.id },
        ...question.about,
      }))
      for (let number = 1; ; number += 1) {
        const attempt = prepareAttempt(deps, chat, { question, step })
        const about = { number, startedAt: clock.now() }
        try {
          const failure = await make(chat, { question, attempt, signal })
          if (failure === undefined) {
            step?.ended({ ...about, status: 'completed' }, { answer: answerOf(attempt) })
            return adviceOf(attempt)
          }
          if (attempt.hasSpoken()) question.onReset()
          const { error } = failure
          if (isFinal(failure, number, timings)) {
            step?.ended({ ...about, status: 'error', error }, { answer: answerOf(attempt) })
            throw new AdvisorCallError(error.message)
          }
          const delayMs = retryDelayMs(timings, number, failure)
          step?.attempted({ ...about, status: 'error', error, retryDelayMs: delayMs })
          await pause(clock, delayMs, signal)
          signal.throwIfAborted()
        } catch (thrown) {
          if (signal.aborted) step?.ended({ ...about, status: 'interrupted' }, { answer: answerOf(attempt) })
          throw thrown
        }
      }
    },
  }
}

interface Made {
  readonly question: AdvisorQuestion
  readonly attempt: Attempt
  readonly signal: AbortSignal
}

/** Whether it is not tried again: nobody waits longer than the longest pause for advice. */
function isFinal(
  { error, retryAfterMs = 0 }: ModelFailure,
  number: number,
  { retryCapMs }: ModelTimings,
): boolean {
  return !error.retryable || number >= MAX_ATTEMPTS || retryAfterMs > retryCapMs
}
