import type { ApprovalDecision, ToolPolicy } from '../../../contract/chats-approvals.ts'
import type { Clock } from '../../../lib/clock.ts'
import { ApiError, badRequest } from '../../api-error.ts'
import type { Database } from '../../db/database.ts'
import { keptQuery } from '../../db/kept-query.ts'
import { awaitsOwner, type ChatRow, dynamicToolsOf, rootIdOf } from './chat-rows.ts'
import type { ChatStore } from './chat-store.ts'
import type { ChatSwitches } from './chat-switches.ts'
import { type PolicyCall, policyOf, type PolicySources } from './tool-policy.ts'
import type { ToolRules } from './tool-rules.ts'
import { pendingCalls, type ToolCall } from './turn-decision.ts'

/** Whether a call may run now. */
export type Verdict =
  | { readonly type: 'run' }
  | { readonly type: 'ask' }
  /** `reason` is for the model; `denied` are the owner's own words, where it was them. */
  | { readonly type: 'refuse'; readonly reason: string; readonly denied?: string }

/** What asks the owners of chats before tools run, and what they have decided. */
export interface Approvals {
  verdict(chat: ChatRow, call: ToolCall): Verdict
  /** Whether nobody has decided yet what the owner wants to decide. */
  isUndecided(chat: ChatRow, call: ToolCall): boolean
  /** Calls of a chat that wait for its owner. */
  waiting(chat: ChatRow): ToolCall[]
  /** Answers the calls that were decided; none where the chat waited for nothing any more. @throws {ApiError} 400, 409, 503 */
  decide(chat: ChatRow, decisions: readonly ApprovalDecision[], userId: string): ToolCall[]
  /**
   * What this user's chats, or with `null` all of them, may call has changed, by rules or by what the chats have: goes on
   * where nothing waits any more.
   */
  settle(ownerId: string | null): void
}

export interface ApprovalsDeps {
  readonly db: Database
  readonly clock: Clock
  readonly store: ChatStore
  readonly rules: ToolRules
  readonly chatSwitches: Pick<ChatSwitches, 'requireOn'>
  /** Whether there is such a tool and its arguments are right: else nobody is asked. */
  readonly accepts: (chat: ChatRow, call: ToolCall) => boolean
  /** What rules about all tools of a call's MCP server are called. */
  readonly serverRuleOf: (call: ToolCall) => string | undefined
}

export function createApprovals(deps: ApprovalsDeps): Approvals {
  const { db, clock, store, rules, accepts } = deps
  const policyCallOf = (chat: ChatRow, call: ToolCall): PolicyCall => ({
    tool: call.name,
    serverRule: deps.serverRuleOf(call),
    workspaceId: chat.workspace_id,
    isPlanning: chat.plan_mode === 'plan',
  })
  const sourcesOf = (chat: ChatRow): PolicySources => rules.forChat(chat.owner_id, rootIdOf(chat))
  const decisionAbout = keptQuery((messageId: number, callId: string) =>
    db.sql
      .selectFrom('chat_tool_decisions')
      .select(['decision', 'reason'])
      .where('message_id', '=', messageId)
      .where('tool_call_id', '=', callId),
  )
  const decisionOf = (call: ToolCall) => db.first(decisionAbout(call.messageId, call.id))

  const verdict: Approvals['verdict'] = (chat, call) => {
    const policy = policyOf(policyCallOf(chat, call), sourcesOf(chat))
    // Also against a decision from before: the rule may have been made since.
    const decision = decisionOf(call)
    if (decision?.decision === 'deny')
      return { type: 'refuse', reason: deniedReason(decision.reason), denied: decision.reason }
    if (policy === 'never') return { type: 'refuse', reason: neverReason(call.name) }
    return policy === 'always' || decision ? { type: 'run' } : { type: 'ask' }
  }
  const isUndecided: Approvals['isUndecided'] = (chat, call) =>
    accepts(chat, call) && verdict(chat, call).type === 'ask'
  const waiting: Approvals['waiting'] = (chat) => {
    if (!awaitsOwner(chat)) return []
    const clientTools = new Set(dynamicToolsOf(chat).map(({ name }) => name))
    return pendingCalls(store.history(chat.id)).filter(
      (call) => !clientTools.has(call.name) && isUndecided(chat, call),
    )
  }

  /** Goes on once nothing waits; readers get what still does. */
  const goOn = (chat: ChatRow): void => {
    if (waiting(chat).length === 0) store.apply(chat.id, { type: 'approvals_decided' })
    else store.update(chat.id, { approval_version: chat.approval_version + 1 })
  }
  const settle: Approvals['settle'] = (ownerId) =>
    db.transaction(() => {
      for (const chat of store.atWork())
        if (awaitsOwner(chat) && (ownerId === null || chat.owner_id === ownerId)) goOn(chat)
    })

  const keep = (chat: ChatRow, call: ToolCall, decision: ApprovalDecision, userId: string): void => {
    const row = {
      message_id: call.messageId,
      tool_call_id: call.id,
      decision: decision.decision,
      reason: decision.reason ?? '',
      decided_by: userId,
      decided_at: clock.now(),
    }
    db.run(db.sql.insertInto('chat_tool_decisions').values(row))
    const policy: ToolPolicy = decision.decision === 'allow' ? 'always' : 'never'
    if (decision.scope === 'chat') rules.putForChat(rootIdOf(chat), call.name, policy)
    if (decision.scope === 'workspace')
      rules.put(chat.owner_id, { tool: call.name, policy, workspaceId: chat.workspace_id })
  }

  return {
    verdict,
    isUndecided,
    waiting,
    settle,
    decide: (chat, decisions, userId) =>
      db.transaction(() => {
        deps.chatSwitches.requireOn()
        const calls = new Map(waiting(chat).map((call) => [call.id, call]))
        if (calls.size === 0) {
          if (!awaitsOwner(chat))
            throw new ApiError(409, { message: 'No call of this chat waits for a decision.' })
          // What it asked about cannot run any more: nobody else would ever let it go on.
          goOn(chat)
          return []
        }
        const decided = decisions.map((decision) => {
          const call = calls.get(decision.tool_call_id)
          if (!call)
            throw badRequest(`No call ${JSON.stringify(decision.tool_call_id)} waits, or it was named twice.`)
          calls.delete(decision.tool_call_id)
          checkScope(policyCallOf(chat, call), { decision, sources: sourcesOf(chat) })
          keep(chat, call, decision, userId)
          return call
        })
        // Others of the owner's chats may have waited for the same.
        if (decisions.some(({ scope = 'once' }) => scope !== 'once')) settle(chat.owner_id)
        else goOn(chat)
        return decided
      }),
  }
}

/** What cannot be kept is not promised. @throws {ApiError} 400 */
function checkScope(
  call: PolicyCall,
  { decision, sources }: { readonly decision: ApprovalDecision; readonly sources: PolicySources },
): void {
  const { scope = 'once' } = decision
  if (scope === 'workspace' && call.workspaceId === null)
    throw badRequest('The chat has no workspace that the decision could be for.')
  if (scope === 'once' || decision.decision === 'deny') return
  const permissive = { tool: call.tool, policy: 'always', workspaceId: null } as const
  const reach = policyOf(call, { ...sources, user: [], chat: [permissive] })
  if (reach !== 'always')
    throw badRequest('The deployment wants every such call to be asked about. Allow it once.')
}

function deniedReason(reason: string): string {
  const said = /[.!?…]$/.test(reason) ? reason : `${reason}.`
  const why = reason === '' ? '' : ` They say: ${said}`
  return `The user denied this call.${why} Do not try to reach the same in another way without asking.`
}

function neverReason(tool: string): string {
  return `The tool ${JSON.stringify(tool)} may not be used here. Do not try it again.`
}
