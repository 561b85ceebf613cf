import type { ChatError } from '../../../contract/chats.ts'
import type { Clock } from '../../../lib/clock.ts'
import type { AiProviderRow, AiProviders, ProviderAccess } from './ai-providers.ts'
import type { ChatDebug, DebugAnswer } from './chat-debug.ts'
import type { ChatRow } from './chat-rows.ts'
import type { ChatStore } from './chat-store.ts'
import { optionsFor } from './client-options.ts'
import { firstAbort } from '../../../lib/first-abort.ts'
import { callConfigOf, type ModelConfigRow, type ModelConfigs } from './model-configs.ts'
import { costMicros } from './model-cost.ts'
import { explainFailure } from './model-errors.ts'
import { openModel, ProviderUnusableError } from './provider-clients.ts'
import { toUsage } from './step-collector.ts'

/** A short question to a model beside the turns of a chat. */
export interface SideQuestion {
  readonly kind: 'title_generation' | 'quickgen'
  readonly instructions: string
  readonly text: string
  /** Absent, gone or switched off: the chat's own model. */
  readonly modelConfigId?: string | undefined
}

export interface SideCalls {
  /** @throws {SideCallError} in words for people. */
  ask(chat: ChatRow, question: SideQuestion, signal: AbortSignal): Promise<string>
}

export class SideCallError extends Error {
  override readonly name = 'SideCallError'
}

export interface SideCallsDeps {
  readonly clock: Clock
  readonly store: Pick<ChatStore, 'count'>
  readonly debug: Pick<ChatDebug, 'begin'>
  readonly providers: Pick<AiProviders, 'rows'>
  readonly accessFor: (ownerId: string, provider: AiProviderRow) => ProviderAccess
  readonly modelConfigs: Pick<ModelConfigs, 'get'>
  /** Whether anything may be asked for the owner of the chat now. */
  readonly isAllowed: (chat: ChatRow) => boolean
}

/** agents-api 12.1 */
const SIDE_CALL_MS = 30_000
/** A few words are wanted; models that think first need room for that. */
const MAX_OUTPUT_TOKENS = 2048

/** One attempt each: whoever asks gets along without an answer. What it costs is counted with the chat. */
export function createSideCalls(deps: SideCallsDeps): SideCalls {
  const { clock, modelConfigs, providers } = deps
  const configFor = (chat: ChatRow, wanted: string | undefined): ModelConfigRow | undefined => {
    const other = wanted === undefined ? undefined : modelConfigs.get(wanted)
    return other?.enabled === 1 ? other : modelConfigs.get(chat.last_model_config_id)
  }
  return {
    async ask(chat, question, signal) {
      const config = configFor(chat, question.modelConfigId)
      const provider = config && providers.rows().find((row) => row.id === config.ai_provider_id)
      const late = new AbortController()
      const cancel = clock.after(SIDE_CALL_MS, () => late.abort(new Error('The model took too long.')))
      const stop = firstAbort([signal, late.signal])
      let secrets: readonly string[] = []
      const written = writeDown(deps, chat, { question, modelConfigId: config?.id })
      try {
        if (!deps.isAllowed(chat))
          throw new ProviderUnusableError('auth', 'Nothing can be asked for the owner of the chat now.')
        if (!provider || config.enabled !== 1)
          throw new ProviderUnusableError('config', 'The model of this chat is gone or switched off.')
        const access = deps.accessFor(chat.owner_id, provider)
        secrets = [access.apiKey ?? '', access.bedrock?.access_key_secret ?? '']
        written.asked()
        const model = await openModel(provider, access, { model: config.model })
        const answer = model.doGenerate({
          prompt: [
            { role: 'system', content: question.instructions },
            { role: 'user', content: [{ type: 'text', text: question.text }] },
          ],
          maxOutputTokens: MAX_OUTPUT_TOKENS,
          providerOptions: optionsFor(provider, undefined).providerOptions as never,
          abortSignal: stop.signal,
        })
        const { content, usage, finishReason } = await Promise.race([answer, stop.aborted])
        const counted = toUsage(usage, config.context_limit)
        deps.store.count(chat.id, {
          role: 'assistant',
          parts: [],
          modelConfigId: config.id,
          usage: counted,
          costMicros: costMicros(callConfigOf(config).cost, counted),
        })
        const text = content.map((part) => (part.type === 'text' ? part.text : '')).join('')
        written.answered({
          ...{ parts: [{ type: 'text', text }], usage: counted },
          finishReason: finishReason.raw ?? finishReason.unified,
        })
        return text
      } catch (error) {
        const about = { provider: provider?.name ?? '', secrets, now: clock.now() }
        const reason: unknown = late.signal.aborted ? late.signal.reason : error
        const { error: failure } = explainFailure(reason, about)
        written.failed(failure, signal.aborted)
        throw new SideCallError(failure.message)
      } finally {
        stop.end()
        cancel()
      }
    },
  }
}

interface WrittenCall {
  readonly question: SideQuestion
  readonly modelConfigId: string | undefined
}

/** The call as debug logging has it, where that is on. */
function writeDown({ debug, clock }: SideCallsDeps, chat: ChatRow, { question, modelConfigId }: WrittenCall) {
  const attempt = { number: 1, startedAt: clock.now() }
  const step = debug.begin(chat, () => ({ kind: question.kind, operation: 'generate', modelConfigId }))
  return {
    asked: () =>
      step?.asked({
        config: { max_output_tokens: MAX_OUTPUT_TOKENS },
        instructions: [question.instructions],
        history: [{ id: 0, role: 'user', parts: [{ type: 'text', text: question.text }] }],
        tools: [],
      }),
    answered: (answer: DebugAnswer) => step?.ended({ ...attempt, status: 'completed' }, { answer }),
    failed: (error: ChatError, isStopped: boolean) =>
      step?.ended(
        { ...attempt, ...(isStopped ? { status: 'interrupted' } : { status: 'error', error }) },
        {},
      ),
  }
}
