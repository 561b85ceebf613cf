import type { ChatError } from '../../../contract/chats.ts'
import type {
  ChatDebugRunKind,
  ChatDebugStatus,
  ChatDebugStepOperation,
} from '../../../contract/chats-debug.ts'
import type { ChatMessageUsage } from '../../../contract/chats-messages.ts'
import type { Clock } from '../../../lib/clock.ts'
import type { Logger } from '../../../lib/logger.ts'
import { toError } from '../../../lib/to-error.ts'
import type { AiProviders } from './ai-providers.ts'
import type { ChatConfig } from './chat-config.ts'
import type { MaskForOwner } from './chat-debug-secrets.ts'
import type { ChatDebugStore, NewDebugRun } from './chat-debug-store.ts'
import { type AskedModel, toDebugRequest, toDebugResponse, toDebugValue } from './chat-debug-text.ts'
import type { ChatRow } from './chat-rows.ts'
import type { ChatUserConfig } from './chat-user-config.ts'
import type { ModelConfigs } from './model-configs.ts'
import type { StoredPart } from './stored-parts.ts'

/** What a model has said, whole or as far as it came. */
export interface DebugAnswer {
  readonly parts: readonly StoredPart[]
  readonly usage: ChatMessageUsage
  readonly finishReason?: string | undefined
}

export interface DebugAttempt {
  readonly number: number
  /** Epoch milliseconds. */
  readonly startedAt: number
  readonly status: Exclude<ChatDebugStatus, 'in_progress'>
  readonly error?: ChatError | undefined
  /** Until the next one. */
  readonly retryDelayMs?: number | undefined
}

/** One call to a model as it is written down. */
export interface DebugStep {
  asked(request: AskedModel): void
  attempted(attempt: DebugAttempt): void
  /** The call is over, with its last attempt. */
  ended(
    last: DebugAttempt,
    end: { readonly answer?: DebugAnswer | undefined; readonly messageId?: number | undefined },
  ): void
}

export interface DebugCall {
  readonly kind: ChatDebugRunKind
  readonly operation: ChatDebugStepOperation
  readonly modelConfigId: string | undefined
  /** What the user said that the turn is about; steps about the same are of one run. */
  readonly triggerMessageId?: number | undefined
  readonly historyTipMessageId?: number | undefined
}

/** What users see of the setting. */
export interface DebugLogging {
  readonly isOn: boolean
  readonly isForced: boolean
  readonly mayChoose: boolean
}

/** Writes down what models are asked and what they answer, for owners of chats who have switched that on. */
export interface ChatDebug {
  loggingOf(userId: string): DebugLogging
  /** A call begins. Nothing where it is not written down. */
  begin(chat: ChatRow, callOf: () => DebugCall): DebugStep | undefined
  /** The turn of the chat is over; without a status as its last step was. */
  turnEnded(chatId: string, status?: ChatDebugStatus): void
  /** What was under way when the server ended is over. */
  start(): void
}

export interface ChatDebugDeps {
  readonly clock: Clock
  readonly logger: Logger
  readonly store: ChatDebugStore
  readonly chatConfig: Pick<ChatConfig, 'get'>
  readonly chatUserConfig: Pick<ChatUserConfig, 'debugLogging'>
  readonly modelConfigs: Pick<ModelConfigs, 'get'>
  readonly providers: Pick<AiProviders, 'rows'>
  readonly maskFor: MaskForOwner
  /** On for all chats, whatever anybody switches (`CODER_CHAT_DEBUG_LOGGING_ENABLED`). */
  readonly isForced: boolean
}

interface OpenTurn {
  readonly runId: string
  readonly triggerMessageId: number | undefined
}

export function createChatDebug(deps: ChatDebugDeps): ChatDebug {
  const { clock, logger, store, chatConfig, chatUserConfig, isForced } = deps
  /** The runs of turns under way, by chats. */
  const turns = new Map<string, OpenTurn>()

  /** What is only watched must not fail because it is. */
  const guarded = <T>(write: () => T): T | undefined => {
    try {
      return write()
    } catch (error) {
      logger.error('A debug run cannot be stored', { error: toError(error).message })
      return undefined
    }
  }
  const loggingOf = (userId: string): DebugLogging => {
    const mayChoose = !isForced && chatConfig.get('allow_debug_logging')
    return { isForced, mayChoose, isOn: isForced || (mayChoose && chatUserConfig.debugLogging(userId)) }
  }
  const endTurn = (chatId: string, status: ChatDebugStatus | undefined): void => {
    const turn = turns.get(chatId)
    if (!turn) return
    turns.delete(chatId)
    guarded(() =>
      store.endRun(turn.runId, status ?? store.lastStatus(turn.runId) ?? 'completed', clock.now()),
    )
  }
  const newRun = (chat: ChatRow, call: DebugCall): string => {
    const config = call.modelConfigId === undefined ? undefined : deps.modelConfigs.get(call.modelConfigId)
    const provider = config && deps.providers.rows().find((row) => row.id === config.ai_provider_id)
    const run: NewDebugRun = {
      chatId: chat.id,
      kind: call.kind,
      modelConfigId: config?.id,
      provider: provider?.name ?? '',
      model: config?.model ?? '',
      triggerMessageId: call.triggerMessageId,
    }
    return store.insertRun(run, clock.now())
  }
  /** A turn goes on with its run; everything else has one of its own. */
  const runFor = (chat: ChatRow, call: DebugCall): string => {
    if (call.kind !== 'chat_turn') return newRun(chat, call)
    const turn = turns.get(chat.id)
    if (turn && turn.triggerMessageId === call.triggerMessageId) return turn.runId
    endTurn(chat.id, undefined)
    const runId = newRun(chat, call)
    turns.set(chat.id, { runId, triggerMessageId: call.triggerMessageId })
    return runId
  }

  const openStep = (chat: ChatRow, call: DebugCall): DebugStep => {
    const runId = runFor(chat, call)
    const id = store.insertStep(
      { runId, operation: call.operation, historyTipMessageId: call.historyTipMessageId },
      clock.now(),
    )
    const attempts: Record<string, unknown>[] = []
    // Anew for each text: a token may have been renewed since.
    const maskNow = (): ((text: string) => string) => deps.maskFor(chat.owner_id)
    const set = (values: Parameters<ChatDebugStore['updateStep']>[1]): void =>
      store.updateStep(id, values, clock.now())
    const take = (attempt: DebugAttempt, mask: (text: string) => string): void => {
      attempts.push(toWireAttempt(attempt, clock.now(), mask))
    }
    return {
      asked: (request) =>
        guarded(() => set({ normalized_request: JSON.stringify(toDebugRequest(request, maskNow())) })),
      attempted: (attempt) =>
        guarded(() => {
          take(attempt, maskNow())
          set({ attempts: JSON.stringify(attempts) })
        }),
      ended: (last, { answer, messageId }) =>
        guarded(() => {
          const mask = maskNow()
          take(last, mask)
          const { error, status } = last
          set({
            status,
            attempts: JSON.stringify(attempts),
            assistant_message_id: messageId ?? null,
            error: error === undefined ? null : JSON.stringify(toDebugValue(error, mask)),
            finished_at: clock.now(),
            ...(answer === undefined
              ? {}
              : {
                  normalized_response: JSON.stringify(
                    toDebugResponse(answer.parts, answer.finishReason, mask),
                  ),
                  usage: JSON.stringify(answer.usage),
                }),
          })
          if (answer) store.countTokens(runId, tokensOf(answer.usage))
          if (call.kind !== 'chat_turn') store.endRun(runId, status, clock.now())
        }),
    }
  }

  return {
    loggingOf,
    begin: (chat, callOf) =>
      loggingOf(chat.owner_id).isOn ? guarded(() => openStep(chat, callOf())) : undefined,
    turnEnded: endTurn,
    start: () => {
      guarded(() => store.interruptAll(clock.now()))
    },
  }
}

const tokensOf = (usage: ChatMessageUsage) => ({
  input: (usage.total_tokens ?? 0) - (usage.output_tokens ?? 0),
  output: usage.output_tokens ?? 0,
})

function toWireAttempt(
  { number, startedAt, status, error, retryDelayMs }: DebugAttempt,
  now: number,
  mask: (text: string) => string,
): Record<string, unknown> {
  return {
    number,
    status,
    started_at: new Date(startedAt).toISOString(),
    finished_at: new Date(now).toISOString(),
    duration_ms: now - startedAt,
    ...(error === undefined
      ? {}
      : {
          error: toDebugValue(error.detail ?? error.message, mask),
          ...(error.status_code === undefined ? {} : { response_status: error.status_code }),
        }),
    ...(retryDelayMs === undefined ? {} : { retry_delay_ms: retryDelayMs }),
  }
}
