import type { ChatError } from '../../../contract/chats.ts'
import type { Clock } from '../../../lib/clock.ts'
import type { Logger } from '../../../lib/logger.ts'
import { storageFailureOf } from '../../db/storage-failure.ts'
import type { Approvals } from './approvals.ts'
import type { FilePart } from './chat-files.ts'
import {
  type ChatRow,
  dynamicToolsOf,
  type MessageRow,
  type NewMessage,
  statusOf,
  toWireCall,
} from './chat-rows.ts'
import { cancelledCalls, type ChatStore } from './chat-store.ts'
import type { ChatSwitches } from './chat-switches.ts'
import type { ChatWatchers } from './chat-watchers.ts'
import type { Episodes } from './episodes.ts'
import type { Compaction } from './compaction.ts'
import type { FollowedHistories } from './followed-histories.ts'
import { internalFailure } from './model-errors.ts'
import type { ModelSteps, StepControl } from './model-steps.ts'
import { createSubAgentSlots } from './sub-agent-slots.ts'
import { waitingTools } from './sub-agent-tools.ts'
import type { ToolBox, ToolResultPart } from './tool-box.ts'
import { decideTurn, type ToolCall, type TurnLimits, type TurnUse } from './turn-decision.ts'
import type { UsageLimits } from './usage-limits.ts'

export interface ChatWorker {
  /** Goes on with what was under way when the server ended. */
  start(): void
  /** Something about the chat changed: begins its turn, or stops what does not fit any more. */
  wake(chatId: string): void
  /** Ends what runs; the next start goes on from the last step that was stored. */
  close(): Promise<void>
}

export interface ChatWorkerDeps {
  readonly clock: Clock
  readonly logger: Logger
  readonly store: ChatStore
  readonly histories: FollowedHistories
  readonly episodes: Episodes
  readonly watchers: ChatWatchers
  readonly steps: Pick<ModelSteps, 'take'>
  readonly compaction: Pick<Compaction, 'isDue' | 'run'>
  readonly tools: ToolBox
  readonly approvals: Pick<Approvals, 'isUndecided' | 'settle'>
  readonly limits: TurnLimits
  readonly usageLimits: Pick<UsageLimits, 'refusal'>
  /** Why no chat may work now. */
  readonly offReason: ChatSwitches['offReason']
}

/** How long the client may take to answer its calls (agents-api 4.5). */
const CLIENT_TOOLS_MS = 5 * 60_000

/** Of one owner; as many as Coder allows. */
const MAX_SUB_AGENTS_AT_WORK = 10

interface Run {
  /** The history that the step under way goes by. */
  version: number
  readonly stop: AbortController
}

/**
 * Drives the turns of chats, one step after the other; each is stored before the next one begins. All it knows about a
 * chat between two steps is in the database.
 */
export function createChatWorker(deps: ChatWorkerDeps): ChatWorker {
  const { clock, logger, store } = deps
  const runs = new Map<string, Run>()
  const loops = new Map<string, Promise<void>>()
  const deadlines = new Map<string, () => void>()
  const slots = createSubAgentSlots(MAX_SUB_AGENTS_AT_WORK)
  let isOpen = false
  const isServing = (): boolean => isOpen

  const isCurrent = (chat: ChatRow): boolean => {
    const now = store.find(chat.id)
    return now?.history_version === chat.history_version && now.status === chat.status
  }

  const leave = (chatId: string): void => {
    loops.delete(chatId)
    slots.free(chatId)
    deps.histories.forget(chatId)
  }

  const loop = async (chatId: string): Promise<void> => {
    for (;;) {
      const chat = store.find(chatId)
      if (!chat || !isServing()) {
        leave(chatId)
        return
      }
      if (chat.status === 'interrupting') {
        endInterrupt(store, chat, clock.now())
        continue
      }
      if (chat.status !== 'running') {
        // In this very moment: whoever wakes the chat next has to find no loop that is about to end.
        leave(chatId)
        armDeadline(chat)
        return
      }
      const run: Run = { version: chat.history_version, stop: new AbortController() }
      runs.set(chatId, run)
      logger.debug('A step of a chat begins', { chatId, version: run.version })
      try {
        if (!(await slots.hold(chat, run.stop.signal))) continue
        await takeStep(deps, chat, { signal: run.stop.signal, isOpen: isServing })
      } catch (error) {
        if (!isServing()) continue
        logger.error('A step of a chat failed', { chatId, error: String(error) })
        if (!isCurrent(chat)) continue
        failTurn(store, chatId, internalFailure(error), clock.now())
      } finally {
        runs.delete(chatId)
        deps.episodes.end(chatId)
        logger.debug('A step of a chat has ended', { chatId, isStopped: run.stop.signal.aborted })
      }
    }
  }

  /** A disk that is full stops the turn where it is; the next start goes on. */
  const begin = (chatId: string): void => {
    const run = async (): Promise<void> => {
      // Not before it is in the list.
      await Promise.resolve()
      try {
        await loop(chatId)
      } catch (error) {
        leave(chatId)
        const message = storageFailureOf(error) === undefined ? 'A chat stopped' : 'A chat cannot be stored'
        logger.error(message, { chatId, error: String(error) })
      }
    }
    loops.set(chatId, run())
  }

  const armDeadline = (chat: ChatRow): void => {
    deadlines.get(chat.id)?.()
    deadlines.delete(chat.id)
    if (chat.status !== 'requires_action' || chat.action_deadline === null) return
    const cancel = clock.after(Math.max(0, chat.action_deadline - clock.now()), () => {
      deadlines.delete(chat.id)
      if (store.find(chat.id)?.action_deadline === chat.action_deadline)
        store.apply(chat.id, { type: 'interrupt' })
    })
    deadlines.set(chat.id, cancel)
  }

  const wake = (chatId: string): void => {
    if (!isOpen) return
    const run = runs.get(chatId)
    const chat = store.find(chatId)
    if (run && (chat?.status !== 'running' || chat.history_version !== run.version)) run.stop.abort()
    if (!loops.has(chatId)) begin(chatId)
  }

  return {
    start() {
      isOpen = true
      settleAll(deps)
      for (const chat of store.atWork()) wake(chat.id)
    },
    wake,
    async close() {
      isOpen = false
      for (const cancel of deadlines.values()) cancel()
      deadlines.clear()
      for (const run of runs.values()) run.stop.abort()
      await Promise.all(loops.values())
    },
  }
}

/** Whatever became of tools while no server ran: a chat that waits for nothing goes on. */
function settleAll({ approvals, logger }: ChatWorkerDeps): void {
  try {
    approvals.settle(null)
  } catch (error) {
    // A full disk, say: the next decision or change of rules settles them, and the server goes on.
    logger.error('Chats that wait for their owners could not be looked at', { error: String(error) })
  }
}

/** Whoever asked for the stop gets it: calls that nobody ran are closed, and whoever waits is next. */
function endInterrupt(store: ChatStore, chat: ChatRow, now: number): void {
  store.apply(chat.id, { type: 'interrupt_ended' }, { before: () => closeCalls(store, chat.id, now) })
}

function closeCalls(store: ChatStore, chatId: string, now: number): void {
  store.append(chatId, cancelledCalls(store.history(chatId), now))
}

/** Calls that stayed open would come before the next message, and their results after it. */
function failTurn(store: ChatStore, chatId: string, error: ChatError, now: number): void {
  store.apply(chatId, { type: 'turn_failed' }, { error, before: () => closeCalls(store, chatId, now) })
}

/** Does the next thing the history asks for, and stores what came of it. */
async function takeStep(deps: ChatWorkerDeps, chat: ChatRow, control: StepControl): Promise<void> {
  const { store, clock, limits, watchers } = deps
  const off = deps.offReason()
  if (off !== undefined) {
    // What waits in the queue stays there for when chats are on again.
    failTurn(store, chat.id, { message: off, kind: 'generic', retryable: false }, clock.now())
    return
  }
  if (chat.compaction_wanted === 1) return callModel(deps, chat, control)
  const clientTools = new Set(dynamicToolsOf(chat).map(({ name }) => name))
  const history = deps.histories.of(chat)
  const decision = decideTurn(history.messages, {
    limits,
    use: turnUse(history.rows),
    isClientTool: (name) => clientTools.has(name),
    isUndecided: (call) => deps.approvals.isUndecided(chat, call),
  })
  switch (decision.type) {
    case 'finish':
      store.apply(chat.id, { type: 'turn_ended' })
      return
    case 'stop':
      store.apply(chat.id, { type: 'turn_failed' }, { error: limitError(decision.limit, limits) })
      return
    case 'await_client':
      store.apply(chat.id, { type: 'client_tools_called' }, { deadline: clock.now() + CLIENT_TOOLS_MS })
      watchers.tell(chat.id, 'action_required', { tool_calls: decision.calls.map(toWireCall) })
      return
    case 'await_owner':
      store.apply(chat.id, { type: 'approval_wanted' })
      watchers.tell(chat.id, 'action_required', { approvals: decision.calls.map(toWireCall) })
      return
    case 'run_tools':
      return runTools(deps, { chat, calls: decision.calls }, control)
    case 'call_model':
      return callModel(deps, chat, control)
  }
}

/** Every call to a model costs; what was said is summarised first where it leaves no room. */
async function callModel(deps: ChatWorkerDeps, chat: ChatRow, control: StepControl): Promise<void> {
  const refused = deps.usageLimits.refusal(chat)
  if (refused) {
    const error: ChatError = { message: refused.message, kind: 'usage_limit', retryable: false }
    deps.store.apply(chat.id, { type: 'turn_failed' }, { error })
    return
  }
  const isSummary = chat.compaction_wanted === 1 || deps.compaction.isDue(chat)
  await (isSummary ? deps.compaction.run(chat, control) : deps.steps.take(chat, control))
}

async function runTools(
  { store, tools, episodes, clock }: ChatWorkerDeps,
  { chat, calls }: { readonly chat: ChatRow; readonly calls: readonly ToolCall[] },
  { signal, isOpen }: StepControl,
): Promise<void> {
  const startedAt = clock.now()
  episodes.begin(chat.id, chat.history_version, chat.generation_attempt)
  const files: FilePart[] = []
  const results = await tools.run(chat, calls, {
    signal,
    onResult: (part) => episodes.push(chat.id, 'tool', part),
    onFiles: (parts) => void files.push(...parts),
  })
  const now = store.find(chat.id)
  // An edit has taken the calls back; a server that ends runs them again at its next start (agents-api 12.1).
  if (!isOpen() || now?.history_version !== chat.history_version || !isAtWork(now)) return
  const runtimeMs = workMs(results, startedAt)
  store.append(chat.id, [
    // Before the results: a turn whose last message is the model's has ended.
    ...(files.length === 0 ? [] : [{ role: 'assistant', parts: files } as const]),
    ...results.map((part, index): NewMessage => ({
      role: 'tool',
      parts: [part],
      ...(index === 0 ? { runtimeMs } : {}),
    })),
  ])
}

/** Whoever waits for sub-agents does not work meanwhile. */
function workMs(results: readonly ToolResultPart[], startedAt: number): number {
  const ends = results
    .filter((part) => !waitingTools.has(part.tool_name))
    .map((part) => Date.parse(part.created_at ?? '') - startedAt)
  return Math.max(0, ...ends)
}

const isAtWork = (chat: ChatRow): boolean => ['running', 'interrupting'].includes(statusOf(chat))

/** What the turn has used since its last message of a user. */
function turnUse(rows: readonly MessageRow[]): TurnUse {
  const turn = rows.slice(rows.findLastIndex((row) => row.role === 'user' && row.visibility === 'both') + 1)
  const sum = (valueOf: (row: (typeof turn)[number]) => number): number =>
    turn.reduce((total, row) => total + valueOf(row), 0)
  return {
    steps: sum((row) => Number(row.role === 'assistant')),
    ms: sum((row) => row.runtime_ms),
    tokens: sum((row) => row.total_tokens),
    costMicros: sum((row) => row.total_cost_micros ?? 0),
  }
}

function limitError(limit: keyof TurnLimits, limits: TurnLimits): ChatError {
  const reached = {
    steps: `${limits.steps} steps`,
    ms: `${Math.round(limits.ms / 60_000)} minutes of work`,
    tokens: `${limits.tokens} tokens`,
    costMicros: `${(limits.costMicros / 1_000_000).toFixed(2)} USD`,
  }[limit]
  return {
    message: `The turn was stopped at its limit of ${reached}. Send a message to go on.`,
    kind: 'usage_limit',
    retryable: false,
  }
}
