import type { Clock } from '../../../lib/clock.ts'
import type { AiProviderRow, AiProviders, ProviderAccess } from './ai-providers.ts'
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
      try {
        if (!deps.isAllowed(chat))
          throw new ProviderUnusableError('auth', 'Nothing can be asked for the owner of the chat now.')
        if (!provider || config.enabled !== 1)
          throw new ProviderUnusableError('config', 'The model of this chat is gone or switched off.')
        const access = deps.accessFor(chat.owner_id, provider)
        secrets = [access.apiKey ?? '', access.bedrock?.access_key_secret ?? '']
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
        const { content, usage } = await Promise.race([answer, stop.aborted])
        const counted = toUsage(usage, config.context_limit)
        deps.store.count(chat.id, {
          role: 'assistant',
          parts: [],
          modelConfigId: config.id,
          usage: counted,
          costMicros: costMicros(callConfigOf(config).cost, counted),
        })
        return content.map((part) => (part.type === 'text' ? part.text : '')).join('')
      } catch (error) {
        const about = { provider: provider?.name ?? '', secrets, now: clock.now() }
        const reason: unknown = late.signal.aborted ? late.signal.reason : error
        throw new SideCallError(explainFailure(reason, about).error.message)
      } finally {
        stop.end()
        cancel()
      }
    },
  }
}
