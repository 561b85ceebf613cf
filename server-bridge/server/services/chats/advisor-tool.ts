import { z } from 'zod'
import { advisorTool } from '../../../contract/chats-advisor.ts'
import { toError } from '../../../lib/to-error.ts'
import { type AdvisorCalls, AdvisorCallError } from './advisor-call.ts'
import { advisorQuestion } from './advisor-question.ts'
import type { Advisor } from './advisor.ts'
import type { AiProviders } from './ai-providers.ts'
import { type MessageRow, partsOf } from './chat-rows.ts'
import type { ChatStore } from './chat-store.ts'
import type { Episodes } from './episodes.ts'
import { toHistory } from './followed-histories.ts'
import { defineServerTool, type ServerTool, type ServerToolContext } from './server-tool.ts'
import { resultLimit, type ToolOutcome } from './tool-box.ts'
import type { UsageLimits } from './usage-limits.ts'

export interface AdvisorToolDeps {
  readonly advisor: Advisor
  readonly calls: AdvisorCalls
  readonly store: Pick<ChatStore, 'messages'>
  readonly episodes: Pick<Episodes, 'push'>
  readonly providers: Pick<AiProviders, 'rows'>
  readonly usageLimits: Pick<UsageLimits, 'refusal'>
  /** In tokens; what the model of the chat can take at all. */
  readonly contextLimitOf: (modelConfigId: string) => number | undefined
}

const MAX_QUESTION_CHARS = 4000
/** Of a result, beside the advice. */
const FRAME_CHARS = 500

const question = z
  .string()
  .trim()
  .min(1)
  .max(MAX_QUESTION_CHARS)
  .describe('Short, with what the advisor cannot see in the conversation. No logs.')

const DESCRIPTION =
  'Asks an advisor, another model, what to do next: where a plan is unclear, designs have to be weighed, the same thing failed again and again, or something is about to be done that cannot be undone. It sees the end of this conversation, has no tools, and answers you, not the user. Call it alone, before you act: calls beside it are not run. Its advice is an opinion to weigh. It allows nothing, and stands for nothing that the user wants.'

/** Advice of another model, shown as it is written (agents-api 11). */
export function createAdvisorTool(deps: AdvisorToolDeps): ServerTool {
  const { advisor } = deps
  return defineServerTool({
    name: advisorTool,
    description: DESCRIPTION,
    args: z.object({ question }),
    standsAlone: true,
    isOffered: advisor.isFor,
    async run(args, context) {
      const { chat, signal } = context
      const rows = deps.store.messages(chat.id)
      const left = advisor.maxUses() - usesInTurn(rows)
      if (left <= 0) return { result: { type: 'limit_reached', remaining_uses: 0 } }
      const failed = (error: string): ToolOutcome => ({
        result: { type: 'error', error, remaining_uses: left },
        is_error: true,
      })
      const refused = deps.usageLimits.refusal(chat)
      if (refused) return failed(refused.message)
      const model = advisor.modelFor(chat)
      if (!model) return failed('There is no model that could be asked.')
      try {
        const advice = await ask(deps, { ...context, rows, model, question: args.question })
        if (advice === '') return failed('The advisor said nothing.')
        const provider = deps.providers.rows().find(({ id }) => id === model.row.ai_provider_id)
        const limit = resultLimit(deps.contextLimitOf(chat.last_model_config_id)) - FRAME_CHARS
        return {
          result: {
            type: 'advice',
            advice: fitting(advice, limit),
            advisor_model: `${provider?.name ?? ''}/${model.row.model}`,
            remaining_uses: left - 1,
          },
        }
      } catch (error) {
        if (signal.aborted || !(error instanceof AdvisorCallError)) throw toError(error)
        return failed(error.message)
      }
    },
  })
}

interface Asked extends ServerToolContext {
  readonly rows: readonly MessageRow[]
  readonly model: NonNullable<ReturnType<Advisor['modelFor']>>
  readonly question: string
}

function ask({ advisor, calls, episodes }: AdvisorToolDeps, asked: Asked): Promise<string> {
  const { chat, call, rows, model } = asked
  /** Nothing of this is stored: the result has all of it. */
  const show = (said: { readonly result_delta: string } | { readonly result_reset: true }): void =>
    episodes.push(chat.id, 'tool', {
      type: 'tool-result',
      ...{ tool_call_id: call.id, tool_name: call.name },
      ...said,
    })
  return calls.ask(
    chat,
    {
      model,
      asked: advisorQuestion(toHistory(rows), {
        ...{ question: asked.question, callId: call.id },
        contextLimit: model.row.context_limit,
      }),
      maxTokens: advisor.maxTokens(),
      about: { triggerMessageId: turnBegin(rows)?.id, historyTipMessageId: rows.at(-1)?.id },
      onText: (text) => show({ result_delta: text }),
      onReset: () => show({ result_reset: true }),
      onSpent: asked.onSpent,
    },
    asked.signal,
  )
}

const isTurnBegin = (row: MessageRow): boolean => row.role === 'user' && row.visibility === 'both'
const turnBegin = (rows: readonly MessageRow[]): MessageRow | undefined => rows.findLast(isTurnBegin)

/**
 * How often advice was given since the user last said something: what failed was no use. By what is stored, so that it is
 * the same after a restart, and after a summary that stands for the beginning of the turn.
 */
export function usesInTurn(rows: readonly MessageRow[]): number {
  return rows
    .slice(rows.findLastIndex(isTurnBegin) + 1)
    .filter(({ role }) => role === 'tool')
    .flatMap(partsOf)
    .filter(
      (part) =>
        part.type === 'tool-result' &&
        part.tool_name === advisorTool &&
        part.is_error !== true &&
        (part.result as { readonly type?: unknown } | null)?.type === 'advice',
    ).length
}

/** Advice that would be too long for the result of a tool keeps its beginning: a result that is cut is no JSON any more. */
function fitting(advice: string, limit: number): string {
  if (JSON.stringify(advice).length <= limit) return advice
  return `${advice.slice(0, Math.floor(limit / 2))}\n\n[The rest was too long.]`
}
