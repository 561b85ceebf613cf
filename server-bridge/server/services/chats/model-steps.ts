import type { ChatError } from '../../../contract/chats.ts'
import type { ChatStreamRetry } from '../../../contract/chats-stream.ts'
import type { Clock } from '../../../lib/clock.ts'
import { firstAbort } from '../../../lib/first-abort.ts'
import type { ChatDebug, DebugStep } from './chat-debug.ts'
import type { ChatRow } from './chat-rows.ts'
import { explainFailure, type ModelFailure } from './model-errors.ts'
import {
  answerOf,
  debugCallOf,
  finishCall,
  type ModelCallDeps,
  type ModelQuestion,
  prepareCall,
  type PreparedCall,
} from './prepared-call.ts'

export interface StepControl {
  readonly signal: AbortSignal
  /** False when the server ends: then nothing is written any more. */
  readonly isOpen: () => boolean
}

export interface ModelSteps {
  /** Calls the model until one step is stored, the turn has failed, or it is stopped. */
  take(chat: ChatRow, control: StepControl, question?: ModelQuestion): Promise<void>
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

export interface ModelStepsDeps extends ModelCallDeps {
  readonly debug: Pick<ChatDebug, 'begin'>
  readonly timings: ModelTimings
}

export function createModelSteps(deps: ModelStepsDeps): ModelSteps {
  const { clock, store, timings } = deps

  interface Attempt {
    readonly number: number
    readonly control: StepControl
    readonly question: ModelQuestion | undefined
    readonly debug: DebugStep | undefined
  }

  /** One attempt: what it ended with, unless it was stored or stopped. */
  const attempt = async (
    chat: ChatRow,
    { number, control, question, debug }: Attempt,
  ): Promise<FailedAttempt | undefined> => {
    store.beginAttempt(chat.id, number)
    deps.episodes.begin(chat.id, chat.history_version, number)
    if (question) deps.episodes.push(chat.id, 'assistant', question.shown)
    const late = new AbortController()
    const cancel = clock.after(timings.stepMs, () => late.abort(new Error('The step took too long.')))
    const stop = firstAbort([control.signal, late.signal])
    const startedAt = clock.now()
    const call = prepareCall(deps, chat, { question, debug })
    const end = (status: 'completed' | 'interrupted'): void => {
      const messageId = finishCall(deps, { chat, call, startedAt, question })
      debug?.ended({ number, startedAt, status }, { answer: answerOf(call), messageId })
    }
    try {
      await call.run(stop.signal)
      end('completed')
      return undefined
    } catch (error) {
      const about = { provider: call.provider, secrets: call.secrets(), now: clock.now() }
      if (!control.signal.aborted) return { ...explainFailure(error, about), startedAt, call }
      if (control.isOpen()) end('interrupted')
      return undefined
    } finally {
      stop.end()
      cancel()
    }
  }

  return {
    async take(chat, control, question) {
      const isStopped = (): boolean => control.signal.aborted
      const debug = deps.debug.begin(chat, () => debugCallOf(deps, chat, question))
      // Counted in the database: a call that ends the server with it is not made for ever.
      for (let number = chat.generation_attempt + 1; ; number += 1) {
        const failed =
          number > timings.maxAttempts
            ? { ...ENDLESS, startedAt: clock.now(), call: undefined }
            : await attempt(chat, { number, control, question, debug })
        if (failed === undefined) return
        const { error, retryAfterMs, startedAt } = failed
        const last = { number, startedAt, status: 'error', error } as const
        if (isStopped()) {
          debug?.ended({ ...last, status: 'interrupted' }, { answer: answerOf(failed.call) })
          return
        }
        deps.logger.debug('A call to a model failed', { chatId: chat.id, number, error: error.message })
        if (!error.retryable || number >= timings.maxAttempts) {
          const message = question?.explain(error.message) ?? error.message
          store.apply(chat.id, { type: 'turn_failed' }, { error: { ...error, message } })
          debug?.ended(last, { answer: answerOf(failed.call) })
          return
        }
        const delayMs = retryDelayMs(timings, number, { retryAfterMs })
        store.update(chat.id, {
          retry: JSON.stringify(toRetry(error, { number, delayMs, now: clock.now() })),
        })
        debug?.attempted({ ...last, retryDelayMs: delayMs })
        await pause(clock, delayMs, control.signal)
        if (isStopped()) {
          debug?.ended({ ...last, status: 'interrupted' }, {})
          return
        }
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

/** How long to wait after that attempt failed. */
export function retryDelayMs(
  { retryBaseMs, retryCapMs }: Pick<ModelTimings, 'retryBaseMs' | 'retryCapMs'>,
  number: number,
  { retryAfterMs = 0 }: Pick<ModelFailure, 'retryAfterMs'>,
): number {
  const backoff = Math.min(retryCapMs, retryBaseMs * 2 ** (number - 1))
  return Math.max(backoff, Math.min(retryAfterMs, MAX_RETRY_AFTER_MS))
}

/** Waits, or until it is stopped. */
export function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
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

interface FailedAttempt extends ModelFailure {
  readonly startedAt: number
  readonly call: PreparedCall
}
