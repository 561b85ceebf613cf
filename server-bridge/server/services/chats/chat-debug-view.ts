import type { Selectable } from 'kysely'
import type { ChatDebugRun, ChatDebugRunSummary, ChatDebugStep } from '../../../contract/chats-debug.ts'
import type { ChatDebugRunsTable } from '../../db/tables/chat-debug-runs.ts'
import type { ChatDebugStepsTable } from '../../db/tables/chat-debug-steps.ts'
import { toOptionalTime, toWireTime } from '../wire-time.ts'
import { type ChatRow, rootIdOf } from './chat-rows.ts'

export type DebugRunRow = Selectable<ChatDebugRunsTable>
export type DebugStepRow = Selectable<ChatDebugStepsTable>

/** A run with all its steps. */
export function toDebugRun(chat: ChatRow, run: DebugRunRow, steps: readonly DebugStepRow[]): ChatDebugRun {
  return {
    ...toDebugRunSummary(run),
    root_chat_id: rootIdOf(chat),
    ...given('parent_chat_id', chat.parent_chat_id),
    ...given('model_config_id', run.model_config_id),
    ...given('trigger_message_id', run.trigger_message_id),
    ...given('history_tip_message_id', run.history_tip_message_id),
    steps: steps.map((step) => toStep(step, chat.id)),
  }
}

function given<K extends string, T>(name: K, value: T | null): Partial<Record<K, T>> {
  const field: Partial<Record<K, T>> = {}
  if (value !== null) field[name] = value
  return field
}

type Times = Pick<DebugRunRow, 'started_at' | 'updated_at' | 'finished_at'>

function toTimes(row: Times): Pick<ChatDebugRunSummary, keyof Times> {
  const finished = toOptionalTime(row.finished_at)
  return {
    started_at: toWireTime(row.started_at),
    updated_at: toWireTime(row.updated_at),
    ...(finished === undefined ? {} : { finished_at: finished }),
  }
}

/** A run as the list has it. */
export function toDebugRunSummary(run: DebugRunRow): ChatDebugRunSummary {
  return {
    id: run.id,
    chat_id: run.chat_id,
    kind: run.kind,
    status: run.status,
    ...(run.provider === '' ? {} : { provider: run.provider, model: run.model }),
    summary: {
      step_count: run.step_count,
      total_input_tokens: run.input_tokens,
      total_output_tokens: run.output_tokens,
    },
    ...toTimes(run),
  }
}

const parsed = (json: string): Record<string, unknown> => JSON.parse(json) as Record<string, unknown>
const parsedOrNull = (json: string | null): Record<string, unknown> | null =>
  json === null ? null : parsed(json)

function toStep(step: DebugStepRow, chatId: string): ChatDebugStep {
  return {
    id: step.id,
    run_id: step.run_id,
    chat_id: chatId,
    step_number: step.step_number,
    operation: step.operation,
    status: step.status,
    ...given('history_tip_message_id', step.history_tip_message_id),
    ...given('assistant_message_id', step.assistant_message_id),
    normalized_request: parsed(step.normalized_request),
    ...given('normalized_response', parsedOrNull(step.normalized_response)),
    ...given('usage', parsedOrNull(step.usage)),
    attempts: JSON.parse(step.attempts) as Record<string, unknown>[],
    ...given('error', parsedOrNull(step.error)),
    metadata: {},
    ...toTimes(step),
  }
}
