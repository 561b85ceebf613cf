import type { ChatError } from '../../../contract/chats.ts'
import type { Clock } from '../../../lib/clock.ts'
import type { Approvals } from './approvals.ts'
import type { FilePart } from './chat-files.ts'
import type { ChatDebug } from './chat-debug.ts'
import { type ChatRow, dynamicToolsOf, type NewMessage, statusOf, toWireCall } from './chat-rows.ts'
import { cancelledCalls, type ChatStore } from './chat-store.ts'
import type { ChatSwitches } from './chat-switches.ts'
import type { ChatWatchers } from './chat-watchers.ts'
import type { Compaction } from './compaction.ts'
import type { Episodes } from './episodes.ts'
import type { FollowedHistories } from './followed-histories.ts'
import type { ModelSteps, StepControl } from './model-steps.ts'
import { waitingTools } from './sub-agent-tools.ts'
import type { ToolBox, ToolResultPart } from './tool-box.ts'
import { changesSomething } from './tool-policy.ts'
import { decideTurn, type ToolCall, type TurnLimits } from './turn-decision.ts'
import type { UsageLimits } from './usage-limits.ts'

/** What the steps of turns are taken with. */
export interface TurnDeps {
  readonly clock: Clock
  readonly store: ChatStore
  readonly histories: FollowedHistories
  readonly episodes: Episodes
  readonly watchers: ChatWatchers
  readonly steps: Pick<ModelSteps, 'take'>
  readonly compaction: Pick<Compaction, 'isDue' | 'run'>
  readonly tools: ToolBox
  readonly approvals: Pick<Approvals, 'isUndecided' | 'waiting'>
  readonly debug: Pick<ChatDebug, 'turnEnded'>
  readonly limits: TurnLimits
  readonly usageLimits: Pick<UsageLimits, 'refusal'>
  /** Why no chat may work now. */
  readonly offReason: ChatSwitches['offReason']
}

/** How long the client may take to answer its calls (agents-api 4.5). */
const CLIENT_TOOLS_MS = 5 * 60_000

/** Whether it has waited long enough: its client did not answer in time, or its owner is asked nothing any more. */
export function endWait({ store, clock, approvals }: TurnDeps, chat: ChatRow): boolean {
  const { id, action_deadline: deadline } = chat
  // What is asked about follows rules, the workspace, the mode of planning and the servers of tools.
  if (deadline === null && approvals.waiting(chat).length === 0)
    store.apply(id, { type: 'approvals_decided' })
  else if (deadline !== null && deadline <= clock.now()) store.apply(id, { type: 'interrupt' })
  else return false
  return true
}

/** Whoever asked for the stop gets it: calls that nobody ran are closed, and whoever waits is next. */
export function endInterrupt(store: ChatStore, chat: ChatRow, now: number): void {
  store.apply(chat.id, { type: 'interrupt_ended' }, { before: () => closeCalls(store, chat.id, now) })
}

function closeCalls(store: ChatStore, chatId: string, now: number): void {
  store.append(chatId, cancelledCalls(store.history(chatId), now))
}

/** Calls that stayed open would come before the next message, and their results after it. */
export function failTurn(store: ChatStore, chatId: string, error: ChatError, now: number): void {
  store.apply(chatId, { type: 'turn_failed' }, { error, before: () => closeCalls(store, chatId, now) })
}

/** Does the next thing the history asks for, and stores what came of it. */
export async function takeStep(deps: TurnDeps, chat: ChatRow, control: StepControl): Promise<void> {
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
    pending: history.pending,
    limits,
    use: history.use,
    isClientTool: (name) => clientTools.has(name),
    isUndecided: (call) => deps.approvals.isUndecided(chat, call),
    runsNone: (calls) => deps.tools.refusesTogether(chat, calls),
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
async function callModel(deps: TurnDeps, chat: ChatRow, control: StepControl): Promise<void> {
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
  { store, tools, episodes, clock }: TurnDeps,
  { chat, calls }: { readonly chat: ChatRow; readonly calls: readonly ToolCall[] },
  { signal, isOpen }: StepControl,
): Promise<void> {
  // What is about to be changed must be known after the power has failed too. Results that are lost by that are not waited
  // for: their calls are run again in any case.
  if (calls.some(({ name }) => changesSomething(name))) await store.onDisk()
  if (signal.aborted) return
  const startedAt = clock.now()
  episodes.begin(chat.id, chat.history_version, chat.generation_attempt)
  const files: FilePart[] = []
  const counted = { tokens: 0, costMicros: 0 }
  const results = await tools.run(chat, calls, {
    signal,
    onResult: (part) => episodes.push(chat.id, 'tool', part),
    onFiles: (parts) => void files.push(...parts),
    onSpent: ({ tokens, costMicros }) => {
      counted.tokens += tokens
      counted.costMicros += costMicros
    },
  })
  // A server that ends runs the calls again at its next start (agents-api 12.1).
  if (!isOpen()) return
  const runtimeMs = workMs(results, startedAt)
  const messages: readonly NewMessage[] = [
    // Before the results: a turn whose last message is the model's has ended.
    ...(files.length === 0 ? [] : [{ role: 'assistant', parts: files } as const]),
    ...results.map((part, index): NewMessage => ({
      role: 'tool',
      parts: [part],
      ...(index === 0 ? { runtimeMs, ...(counted.tokens === 0 ? {} : { counted }) } : {}),
    })),
  ]
  // An edit may have taken the calls back.
  store.appendTo(chat.id, (now) =>
    now.history_version === chat.history_version && isAtWork(now) ? messages : [],
  )
}

/** Whoever waits for sub-agents does not work meanwhile. */
function workMs(results: readonly ToolResultPart[], startedAt: number): number {
  const ends = results
    .filter((part) => !waitingTools.has(part.tool_name))
    .map((part) => Date.parse(part.created_at ?? '') - startedAt)
  return Math.max(0, ...ends)
}

const isAtWork = (chat: ChatRow): boolean => ['running', 'interrupting'].includes(statusOf(chat))

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
