import type { StoredMessage, StoredPart } from './stored-parts.ts'

/** Where a turn stops, whatever the model would like (agents-api 12.1; time, tokens and money are ours). */
export interface TurnLimits {
  readonly steps: number
  readonly ms: number
  /** All tokens of all steps, as the provider counts them. */
  readonly tokens: number
  readonly costMicros: number
}

/** What a turn has used up so far. */
export interface TurnUse {
  readonly steps: number
  readonly ms: number
  readonly tokens: number
  readonly costMicros: number
}

export type TurnDecision =
  /** Calls without a result, which run here. */
  | { readonly type: 'run_tools'; readonly calls: readonly ToolCall[] }
  /** Calls without a result that their owner has not decided about. Those beside them run with them, in one step. */
  | { readonly type: 'await_owner'; readonly calls: readonly ToolCall[] }
  /** Calls without a result, which the client runs. */
  | { readonly type: 'await_client'; readonly calls: readonly ToolCall[] }
  | { readonly type: 'call_model' }
  | { readonly type: 'finish' }
  | { readonly type: 'stop'; readonly limit: keyof TurnLimits }

export interface ToolCall {
  readonly id: string
  /** Of the message it stands in: a model may use an id again. */
  readonly messageId: number
  readonly name: string
  /** The MCP server that had offered the tool when it was called. */
  readonly serverId: string | undefined
  readonly args: unknown
  /** The arguments that were no JSON: nothing can be done with the call but to say so. */
  readonly invalid: boolean
}

/** After these the turn ends, since it is the user's to go on (agents-api 12.1). */
const STOP_TOOLS: ReadonlySet<string> = new Set(['propose_plan', 'ask_user_question'])

/** What to do next, by the history as it is stored and nothing else: so it is the same after a restart. */
export function decideTurn(
  history: readonly StoredMessage[],
  {
    pending,
    limits,
    use,
    isClientTool,
    isUndecided,
    runsNone,
  }: {
    /** {@link pendingCalls} of that history. */
    readonly pending: readonly ToolCall[]
    readonly limits: TurnLimits
    readonly use: TurnUse
    readonly isClientTool: (name: string) => boolean
    /** Whether its owner has yet to allow or deny a call. */
    readonly isUndecided: (call: ToolCall) => boolean
    /** Whether these calls are refused for standing together: then nobody has to decide about them. */
    readonly runsNone: (calls: readonly ToolCall[]) => boolean
  },
): TurnDecision {
  // A client cannot run what is no call: it is answered here.
  const ours = pending.filter((call) => call.invalid || !isClientTool(call.name))
  const undecided = ours.filter((call) => isUndecided(call))
  if (undecided.length > 0 && !runsNone(ours)) return { type: 'await_owner', calls: undecided }
  if (ours.length > 0) return { type: 'run_tools', calls: ours }
  if (pending.length > 0) return { type: 'await_client', calls: pending }
  const last = history.findLast(({ role }) => role !== 'system')
  if (last === undefined || (last.role === 'assistant' && !last.parts.some(isLocalCall)))
    return { type: 'finish' }
  if (last.role === 'tool' && hasStopped(history, isClientTool)) return { type: 'finish' }
  const exceeded = (['steps', 'ms', 'tokens', 'costMicros'] as const).find((key) => use[key] >= limits[key])
  return exceeded === undefined ? { type: 'call_model' } : { type: 'stop', limit: exceeded }
}

/** Whether the last step was a tool after which the user is next, and it worked. */
function hasStopped(history: readonly StoredMessage[], isClientTool: (name: string) => boolean): boolean {
  const results = history.slice(history.findLastIndex(({ role }) => role === 'assistant') + 1)
  return results.some(({ parts }) =>
    parts.some(
      (part) =>
        part.type === 'tool-result' &&
        part.is_error !== true &&
        STOP_TOOLS.has(part.tool_name) &&
        !isClientTool(part.tool_name),
    ),
  )
}

/**
 * Calls that nobody has answered, in order. Those of a provider's own tools come with their results. A result answers the
 * call before it: a model may use an id again.
 */
export function pendingCalls(history: readonly StoredMessage[]): ToolCall[] {
  return pendingAfter([], history)
}

/** The same of a history that has grown by these messages. */
export function pendingAfter(before: readonly ToolCall[], added: readonly StoredMessage[]): ToolCall[] {
  const open = new Map(before.map((call) => [call.id, call]))
  for (const { id: messageId, parts } of added)
    for (const part of parts) {
      if (part.type === 'tool-result') open.delete(part.tool_call_id)
      if (isLocalCall(part)) {
        const { tool_call_id: id, tool_name: name, mcp_server_config_id: serverId, args } = part
        open.delete(id)
        open.set(id, { id, messageId, name, serverId, args, invalid: part.invalid === true })
      }
    }
  return [...open.values()]
}

type CallPart = Extract<StoredPart, { type: 'tool-call' }>
const isLocalCall = (part: StoredPart): part is CallPart =>
  part.type === 'tool-call' && part.provider_executed !== true
