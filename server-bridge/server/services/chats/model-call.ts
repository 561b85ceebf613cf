import type {
  LanguageModelV3CallOptions as CallOptions,
  LanguageModelV3StreamPart as ModelStreamPart,
} from '@ai-sdk/provider'
import type { ChatModelCallConfig } from '../../../contract/chats-models.ts'
import type { Clock } from '../../../lib/clock.ts'
import type { AiProviderRow, ProviderAccess } from './ai-providers.ts'
import { firstAbort } from '../../../lib/first-abort.ts'
import { BrokenStreamError } from './model-errors.ts'
import type { ReadModelFiles } from './model-files.ts'
import { toModelMessages } from './model-messages.ts'
import { optionsFor } from './client-options.ts'
import { computerToolFor } from './computer-driver.ts'
import { openModel } from './provider-clients.ts'
import type { StepCollector } from './step-collector.ts'
import type { StoredMessage } from './stored-parts.ts'
import { webSearchFor } from './web-search.ts'

/** A tool as a model is told of it. */
export interface ToolDescription {
  readonly name: string
  readonly description: string
  /** JSON schema of its arguments. */
  readonly inputSchema: unknown
  /** It is the provider's own tool for a computer, which it describes itself. */
  readonly isComputer?: boolean
}

export interface ModelRequest {
  readonly provider: AiProviderRow
  readonly access: ProviderAccess
  readonly model: string
  readonly config: ChatModelCallConfig
  readonly history: readonly StoredMessage[]
  /** Said after the chat's own instructions. */
  readonly instructions: readonly string[]
  readonly tools: readonly ToolDescription[]
  /** Whether the provider's own search may be used, where the model's configuration has it. */
  readonly allowsWebSearch: boolean
  readonly readFiles: ReadModelFiles
}

const DEFAULT_MAX_OUTPUT_TOKENS = 32_000

/**
 * Makes one step of a model, and no more than one: tools are described to it, not run. What it says goes to `collector`.
 *
 * @throws whatever ended the call early; the collector keeps what came before.
 */
export async function callModel(
  request: ModelRequest,
  collector: StepCollector,
  {
    clock,
    signal,
    silenceMs,
  }: { readonly clock: Clock; readonly signal: AbortSignal; readonly silenceMs: number },
): Promise<void> {
  const { provider, config } = request
  const options = optionsFor(provider, config.provider_options)
  const { body } = options
  const model = await openModel(provider, request.access, { model: request.model, body })
  const tools = await toolsOf(request)
  const prompt = toModelMessages(request.history, {
    ...request,
    sendsReasoning: options.sendsReasoning ?? true,
  })
  const watch = watchSilence(clock, silenceMs)
  const stop = firstAbort([signal, watch.signal])
  try {
    const call = model.doStream({
      prompt,
      ...(tools.length === 0 ? {} : { tools, toolChoice: { type: 'auto' } }),
      maxOutputTokens: options.maxOutputTokens ?? config.max_output_tokens ?? DEFAULT_MAX_OUTPUT_TOKENS,
      ...given('temperature', config.temperature),
      ...given('topP', config.top_p),
      ...given('topK', config.top_k),
      ...given('presencePenalty', config.presence_penalty),
      ...given('frequencyPenalty', config.frequency_penalty),
      providerOptions: options.providerOptions as never,
      abortSignal: stop.signal,
    })
    const { stream } = await Promise.race([call, stop.aborted])
    await collect(stream.getReader(), collector, { watch, stop })
    signal.throwIfAborted()
    if (!collector.isFinished) throw new BrokenStreamError('timeout', 'The answer ended before it was whole.')
  } catch (error) {
    // Rather than what the client makes of it.
    watch.signal.throwIfAborted()
    throw error
  } finally {
    stop.end()
    watch.end()
  }
}

/** Takes what the model says until it is done; a stop ends it at once, whatever the stream does. */
async function collect(
  reader: ReadableStreamDefaultReader<ModelStreamPart>,
  collector: StepCollector,
  {
    watch,
    stop,
  }: {
    readonly watch: ReturnType<typeof watchSilence>
    readonly stop: ReturnType<typeof firstAbort>
  },
): Promise<void> {
  try {
    for (;;) {
      const { done, value: part } = await Promise.race([reader.read(), stop.aborted])
      if (done) return
      watch.heard()
      if (part.type === 'error') throw part.error
      collector.take(part)
    }
  } finally {
    // How it ends tells nobody anything any more.
    reader.cancel().catch(() => undefined)
  }
}

async function toolsOf(request: ModelRequest): Promise<NonNullable<CallOptions['tools']>> {
  return [
    ...(request.allowsWebSearch ? await webSearchFor(request) : []),
    ...(request.tools.some(({ isComputer }) => isComputer) ? await computerToolFor(request) : []),
    ...request.tools
      .filter(({ isComputer }) => isComputer !== true)
      .map(({ name, description, inputSchema }) => ({
        type: 'function' as const,
        name,
        description,
        inputSchema: inputSchema as never,
      })),
  ]
}

function given<K extends string>(name: K, value: number | undefined): Partial<Record<K, number>> {
  const option: Partial<Record<K, number>> = {}
  if (value !== undefined) option[name] = value
  return option
}

/** Ends a call whose stream says nothing for too long. */
function watchSilence(clock: Clock, limitMs: number) {
  const silent = new AbortController()
  let heardAt = clock.now()
  let cancel = (): void => undefined
  const arm = (delayMs: number): void => {
    cancel = clock.after(delayMs, () => {
      const left = heardAt + limitMs - clock.now()
      if (left > 0) arm(left)
      else
        silent.abort(new BrokenStreamError('stream_silence_timeout', 'The stream was silent for too long.'))
    })
  }
  arm(limitMs)
  return {
    signal: silent.signal,
    heard() {
      heardAt = clock.now()
    },
    end: () => cancel(),
  }
}
