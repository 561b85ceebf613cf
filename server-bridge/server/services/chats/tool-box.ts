import { setMaxListeners } from 'node:events'
import type { Logger } from '../../../lib/logger.ts'
import { toError } from '../../../lib/to-error.ts'
import type { Verdict } from './approvals.ts'
import type { FilePart } from './chat-files.ts'
import { type ChatRow, dynamicToolsOf } from './chat-rows.ts'
import type { ToolDescription } from './model-call.ts'
import { errorResult, type StoredPart } from './stored-parts.ts'
import type { ToolCall } from './turn-decision.ts'

export type ToolResultPart = Extract<StoredPart, { type: 'tool-result' }>

export interface ToolOutcome {
  readonly result: unknown
  readonly is_error?: boolean
  /** It is a picture or another file. */
  readonly is_media?: boolean
  /** The owner's words, where they denied the call. */
  readonly denied_reason?: string
  readonly mcp_server_config_id?: string
  /** Shown to the chat's owner, as files that the agent attached. */
  readonly files?: readonly FilePart[]
}

/** What a model may use in one step. */
export interface ToolOffer {
  readonly tools: readonly ToolDescription[]
  /** What the model has to know about what it cannot use. */
  readonly instructions: readonly string[]
  /** The MCP server a tool is of. */
  readonly serverOf: (toolName: string) => string | undefined
}

/** `error` is for the model; `explain` may know more, where that has to be asked for. Never rejects but for the signal. */
export type ToolCheck =
  | { readonly ok: true }
  | {
      readonly ok: false
      readonly error: string
      readonly explain?: (signal: AbortSignal) => Promise<string>
    }

/** Tools of one kind. */
export interface ToolSource {
  offer(chat: ChatRow, signal: AbortSignal): Promise<ToolOffer>
  /** Whether it could run the call, as far as that can be told before. `undefined`: there is no such tool here. */
  check(chat: ChatRow, call: ToolCall): ToolCheck | undefined
  /** Whether the call has to be the only one of its step. Absent: none has to. */
  standsAlone?(chat: ChatRow, call: ToolCall): boolean
  /** Runs what it has checked. `undefined`: there is no such tool after all. Throws what the model is told as the error. */
  run(
    chat: ChatRow,
    call: ToolCall,
    signal: AbortSignal,
    onSpent: (spent: TurnSpending) => void,
  ): Promise<ToolOutcome | undefined>
}

/** What a tool has spent on models, and counted with the chat. */
export interface TurnSpending {
  readonly tokens: number
  readonly costMicros: number
}

export interface ToolRunControl {
  readonly signal: AbortSignal
  readonly onResult: (part: ToolResultPart) => void
  readonly onFiles: (parts: readonly FilePart[]) => void
  readonly onSpent: (spent: TurnSpending) => void
}

export interface ToolBox {
  offer(chat: ChatRow, signal: AbortSignal): Promise<ToolOffer>
  /** Whether the call can be run at all: nobody is asked about one that can not. */
  accepts(chat: ChatRow, call: ToolCall): boolean
  /** Whether one of these calls has to stand alone: then none of them runs, and nobody is asked about any. */
  refusesTogether(chat: ChatRow, calls: readonly ToolCall[]): boolean
  /** Runs all calls at once. Never rejects: a failure is a result. */
  run(chat: ChatRow, calls: readonly ToolCall[], control: ToolRunControl): Promise<ToolResultPart[]>
}

export interface ToolBoxDeps {
  readonly sources: readonly ToolSource[]
  /** Asked about every call right before it runs. */
  readonly verdict: (chat: ChatRow, call: ToolCall) => Verdict
  /** Told of every call that runs, before it does: one that cannot be written down does not run. */
  readonly onRun: (chat: ChatRow, call: ToolCall) => void
  /** In tokens; what a model can take at all. */
  readonly contextLimitOf: (chat: ChatRow) => number | undefined
  readonly now: () => number
  readonly logger: Logger
}

export function createToolBox(deps: ToolBoxDeps): ToolBox {
  const { sources, contextLimitOf, now, logger } = deps
  const outcomeOf = async (
    chat: ChatRow,
    call: ToolCall,
    { signal, onSpent }: Pick<ToolRunControl, 'signal' | 'onSpent'>,
  ): Promise<ToolOutcome> => {
    if (call.invalid) return errorResult('The arguments of the call are not a JSON object.')
    for (const source of sources) {
      const check = source.check(chat, call)
      if (check === undefined) continue
      if (!check.ok) return errorResult((await check.explain?.(signal)) ?? check.error)
      const verdict = deps.verdict(chat, call)
      if (verdict.type === 'refuse') {
        const { reason, denied } = verdict
        return { ...errorResult(reason), ...(denied === undefined ? {} : { denied_reason: denied }) }
      }
      if (verdict.type === 'ask') return errorResult('The user was not asked about this call.')
      deps.onRun(chat, call)
      const outcome = await source.run(chat, call, signal, onSpent)
      if (outcome) return outcome
    }
    return errorResult(`There is no tool named ${JSON.stringify(call.name)}.`)
  }

  const refusesTogether: ToolBox['refusesTogether'] = (chat, calls) =>
    calls.length > 1 &&
    calls.some((call) => !call.invalid && sources.some((source) => source.standsAlone?.(chat, call) === true))

  return {
    refusesTogether,
    accepts(chat, call) {
      if (call.invalid) return false
      for (const source of sources) {
        const check = source.check(chat, call)
        if (check !== undefined) return check.ok
      }
      return false
    },
    async offer(chat, signal) {
      const offers = await Promise.all(sources.map((source) => source.offer(chat, signal)))
      const tools = new Map<string, ToolDescription>()
      const dynamic = dynamicToolsOf(chat).map(({ name, description, input_schema: inputSchema }) => ({
        name,
        description,
        inputSchema,
      }))
      // Of two with one name the first stays: our own before anybody else's.
      for (const tool of [...offers.flatMap((offer) => offer.tools), ...dynamic])
        if (!tools.has(tool.name)) tools.set(tool.name, tool)
      return {
        tools: [...tools.values()],
        instructions: offers.flatMap((offer) => offer.instructions),
        serverOf: (name) => offers.map((offer) => offer.serverOf(name)).find((id) => id !== undefined),
      }
    },
    run: (chat, calls, control) => {
      const { signal, onResult, onFiles } = control
      const isRefused = refusesTogether(chat, calls)
      // Each call of the step waits for it, and stops waiting when it ends: many are no leak, which Node warns of beyond ten.
      setMaxListeners(0, signal)
      return Promise.all(
        calls.map(async (call) => {
          const about = { chatId: chat.id, tool: call.name, call: call.id }
          logger.debug('A tool runs', about)
          const outcomes = isRefused ? Promise.resolve(NOT_TOGETHER) : outcomeOf(chat, call, control)
          const { files = [], ...outcome } = await outcomes.catch((error: unknown): ToolOutcome => {
            logger.debug('A tool failed', { ...about, error: String(error) })
            return errorResult(signal.aborted ? 'The call was interrupted.' : toError(error).message)
          })
          const part: ToolResultPart = {
            type: 'tool-result',
            tool_call_id: call.id,
            tool_name: call.name,
            ...outcome,
            result: boundResult(outcome.result, resultLimit(contextLimitOf(chat))),
            created_at: new Date(now()).toISOString(),
          }
          if (files.length > 0) onFiles(files)
          logger.debug('A tool has run', about)
          onResult(part)
          return part
        }),
      )
    },
  }
}

const NOT_TOGETHER: ToolOutcome = errorResult(
  'Nothing was run: one of these calls has to be the only one of its step. Make it alone first.',
)

/** In characters: a third of what the model can take, at three bytes a token (agents-api 12.2). */
export function resultLimit(contextLimit: number | undefined): number {
  return contextLimit === undefined ? 64 * 1024 : Math.max(16 * 1024, contextLimit)
}

/** A result that is larger than the model could bear: two thirds from its beginning, the rest from its end. */
export function boundResult(result: unknown, limit: number): unknown {
  const text = JSON.stringify(result ?? null)
  if (text.length <= limit) return result
  const head = Math.floor((limit * 2) / 3)
  const tail = limit - head
  return {
    output: `${text.slice(0, head)}… [${text.length - limit} characters left out] …${text.slice(-tail)}`,
  }
}
