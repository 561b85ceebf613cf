import { badRequest } from '../../api-error.ts'
import type { AgentLinks } from '../../agents/agent-links.ts'
import type { Database } from '../../db/database.ts'
import type { AgentRecords } from '../agent-records.ts'
import type { ChatRow } from './chat-rows.ts'
import { chooseAgent } from './workspace-agents.ts'

export interface ChatAgentDeps {
  readonly db: Database
  readonly records: Pick<AgentRecords, 'wantedOf'>
  readonly links: Pick<AgentLinks, 'isLinked'>
}

/**
 * The agent that looks into the chat's workspace, or why there is none (agents-api 8.3).
 *
 * @param what what there would be to see: `what was changed`
 */
export function findChatAgent(
  { db, records, links }: ChatAgentDeps,
  chat: ChatRow,
  what: string,
): { readonly agentId: string } | { readonly problem: string } {
  const { workspace_id: workspaceId } = chat
  if (workspaceId === null) return { problem: 'The chat has no workspace.' }
  const workspace = db.first(
    db.sql.selectFrom('workspaces').select('owner_id').where('id', '=', workspaceId).where('deleted', '=', 0),
  )
  // Nothing is run with the rights of somebody else whom the workspace was given to.
  if (workspace?.owner_id !== chat.owner_id) return { problem: 'The workspace of the chat does not exist.' }
  const agentId = chooseAgent(records.wantedOf(workspaceId))
  if (agentId === undefined)
    return { problem: `The workspace has no agents: it is not running. Start it to see ${what}.` }
  if (!links.isLinked(agentId))
    return { problem: 'The agent of the workspace is not connected. It may still be starting.' }
  return { agentId }
}

/** The same. @throws {ApiError} 400 */
export function requireChatAgent(deps: ChatAgentDeps, chat: ChatRow, what: string): string {
  const found = findChatAgent(deps, chat, what)
  if ('problem' in found) throw badRequest(found.problem)
  return found.agentId
}
