import { randomUUID } from 'node:crypto'
import { sql, type Updateable } from 'kysely'
import {
  type ChatDebugRun,
  type ChatDebugRunKind,
  type ChatDebugRunSummary,
  type ChatDebugStatus,
  type ChatDebugStepOperation,
  maxListedDebugRuns,
} from '../../../contract/chats-debug.ts'
import type { Database } from '../../db/database.ts'
import type { ChatDebugRunsTable } from '../../db/tables/chat-debug-runs.ts'
import type { ChatDebugStepsTable } from '../../db/tables/chat-debug-steps.ts'
import { type DebugRunRow, type DebugStepRow, toDebugRun, toDebugRunSummary } from './chat-debug-view.ts'
import type { ChatRow } from './chat-rows.ts'

export interface NewDebugRun {
  readonly chatId: string
  readonly kind: ChatDebugRunKind
  readonly modelConfigId: string | undefined
  readonly provider: string
  readonly model: string
  readonly triggerMessageId: number | undefined
}

export interface NewDebugStep {
  readonly runId: string
  readonly operation: ChatDebugStepOperation
  readonly historyTipMessageId: number | undefined
}

/** Debug runs in the database. Nothing of them is waited for: what the power takes was not needed. */
export interface ChatDebugStore {
  /** Removes the oldest run of the chat where it has as many as are listed. @returns its id */
  insertRun(run: NewDebugRun, now: number): string
  /** @returns its id */
  insertStep(step: NewDebugStep, now: number): string
  updateStep(id: string, values: Updateable<ChatDebugStepsTable>, now: number): void
  /** What a step has used is added to what its run has. */
  countTokens(runId: string, tokens: { readonly input: number; readonly output: number }): void
  endRun(id: string, status: ChatDebugStatus, now: number): void
  /** The status of the last step of the run. */
  lastStatus(runId: string): ChatDebugStatus | undefined
  /** Those that nobody goes on with: the server that did is gone. */
  interruptAll(now: number): void
  list(chatId: string): ChatDebugRunSummary[]
  find(chat: ChatRow, runId: string): ChatDebugRun | undefined
  /** Some of those that nothing was written to since. @returns how many */
  removeOld(before: number, limit: number): number
}

/** What all steps of a run may take together; the bodies of older ones go for those of newer ones. */
const MAX_RUN_CHARS = 2 * 1024 * 1024
/** Stands for a body that is gone. */
const GONE = JSON.stringify({ removed: 'This run has grown too large to keep what its older steps said.' })

export function createChatDebugStore(db: Database): ChatDebugStore {
  const updateRun = (id: string, values: Updateable<ChatDebugRunsTable>): void => {
    db.run(db.sql.updateTable('chat_debug_runs').set(values).where('id', '=', id))
  }
  const runOf = (id: string): DebugRunRow | undefined =>
    db.first(db.sql.selectFrom('chat_debug_runs').selectAll().where('id', '=', id))
  const stepsOf = (runId: string): DebugStepRow[] =>
    db.all(
      db.sql.selectFrom('chat_debug_steps').selectAll().where('run_id', '=', runId).orderBy('step_number'),
    )
  const makeRoom = (chatId: string): void => {
    const kept = db.sql
      .selectFrom('chat_debug_runs')
      .select('id')
      .where('chat_id', '=', chatId)
      .orderBy('started_at', 'desc')
      .orderBy(sql`rowid`, 'desc')
      .limit(maxListedDebugRuns - 1)
    db.run(db.sql.deleteFrom('chat_debug_runs').where('chat_id', '=', chatId).where('id', 'not in', kept))
  }
  const trim = (runId: string): void => {
    const sizes = db.all<{ readonly id: string; readonly chars: number }>(
      db.sql
        .selectFrom('chat_debug_steps')
        .select([
          'id',
          sql<number>`length(normalized_request) + coalesce(length(normalized_response), 0)`.as('chars'),
        ])
        .where('run_id', '=', runId)
        .orderBy('step_number', 'desc'),
    )
    let room = MAX_RUN_CHARS
    for (const { id, chars } of sizes) {
      room -= chars
      if (room < 0 && chars > GONE.length)
        db.run(
          db.sql
            .updateTable('chat_debug_steps')
            .set({ normalized_request: GONE, normalized_response: null })
            .where('id', '=', id),
        )
    }
  }

  return {
    insertRun(run, now) {
      const id = randomUUID()
      db.transactionUnsynced(() => {
        makeRoom(run.chatId)
        db.run(
          db.sql.insertInto('chat_debug_runs').values({
            id,
            chat_id: run.chatId,
            kind: run.kind,
            status: 'in_progress',
            model_config_id: run.modelConfigId ?? null,
            provider: run.provider,
            model: run.model,
            trigger_message_id: run.triggerMessageId ?? null,
            history_tip_message_id: null,
            step_count: 0,
            input_tokens: 0,
            output_tokens: 0,
            started_at: now,
            updated_at: now,
            finished_at: null,
          }),
        )
      })
      return id
    },
    insertStep(step, now) {
      const id = randomUUID()
      db.transactionUnsynced(() => {
        const number = (runOf(step.runId)?.step_count ?? 0) + 1
        const tip = step.historyTipMessageId ?? null
        updateRun(step.runId, { step_count: number, history_tip_message_id: tip, updated_at: now })
        db.run(
          db.sql.insertInto('chat_debug_steps').values({
            id,
            run_id: step.runId,
            step_number: number,
            operation: step.operation,
            status: 'in_progress',
            history_tip_message_id: tip,
            assistant_message_id: null,
            normalized_request: '{}',
            normalized_response: null,
            usage: null,
            attempts: '[]',
            error: null,
            started_at: now,
            updated_at: now,
            finished_at: null,
          }),
        )
      })
      return id
    },
    updateStep: (id, values, now) =>
      db.transactionUnsynced(() => {
        db.run(
          db.sql
            .updateTable('chat_debug_steps')
            .set({ ...values, updated_at: now })
            .where('id', '=', id),
        )
        const step = db.first(db.sql.selectFrom('chat_debug_steps').select('run_id').where('id', '=', id))
        if (!step) return
        updateRun(step.run_id, { updated_at: now })
        trim(step.run_id)
      }),
    countTokens: (runId, { input, output }) =>
      db.transactionUnsynced(() => {
        const run = runOf(runId)
        if (run)
          updateRun(runId, {
            input_tokens: run.input_tokens + input,
            output_tokens: run.output_tokens + output,
          })
      }),
    endRun: (id, status, now) =>
      db.transactionUnsynced(() => updateRun(id, { status, updated_at: now, finished_at: now })),
    lastStatus: (runId) =>
      db.first(
        db.sql
          .selectFrom('chat_debug_steps')
          .select('status')
          .where('run_id', '=', runId)
          .orderBy('step_number', 'desc')
          .limit(1),
      )?.status as ChatDebugStatus | undefined,
    interruptAll: (now) =>
      db.transaction(() => {
        const ended = { status: 'interrupted', updated_at: now, finished_at: now }
        db.run(
          db.sql
            .updateTable('chat_debug_steps')
            .set(ended)
            .where('status', '=', 'in_progress')
            .where(
              'run_id',
              'in',
              db.sql.selectFrom('chat_debug_runs').select('id').where('status', '=', 'in_progress'),
            ),
        )
        db.run(db.sql.updateTable('chat_debug_runs').set(ended).where('status', '=', 'in_progress'))
      }),
    list: (chatId) =>
      db
        .all(
          db.sql
            .selectFrom('chat_debug_runs')
            .selectAll()
            .where('chat_id', '=', chatId)
            .orderBy('started_at', 'desc')
            .orderBy(sql`rowid`, 'desc')
            .limit(maxListedDebugRuns),
        )
        .map(toDebugRunSummary),
    find(chat, runId) {
      const run = runOf(runId)
      return run?.chat_id === chat.id ? toDebugRun(chat, run, stepsOf(runId)) : undefined
    },
    removeOld(before, limit) {
      const old = db.sql
        .selectFrom('chat_debug_runs')
        .select('id')
        .where('updated_at', '<', before)
        .where('status', '!=', 'in_progress')
        .orderBy('updated_at')
        .limit(limit)
      return db.run(db.sql.deleteFrom('chat_debug_runs').where('id', 'in', old))
    },
  }
}
