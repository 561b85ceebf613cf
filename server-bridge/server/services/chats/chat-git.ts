import { type ScannedRepository, agentToolRoutes } from '../../../contract/agent-tools.ts'
import type { ChatDiffContents } from '../../../contract/chats-git.ts'
import type { ChatGitActionRequest } from '../../../contract/chats-git-actions.ts'
import type { Clock } from '../../../lib/clock.ts'
import { badRequest } from '../../api-error.ts'
import { AgentToolError, type CallAgentTool } from '../../agents/agent-tool-calls.ts'
import type { AgentLinks } from '../../agents/agent-links.ts'
import type { Database } from '../../db/database.ts'
import type { AgentRecords } from '../agent-records.ts'
import type { ChatRow } from './chat-rows.ts'
import type { ChatWatchers } from './chat-watchers.ts'
import { readDiffStatus, writeDiffStatus } from './diff-status.ts'
import { createGitWatches, type GitWatches } from './git-watches.ts'
import { chooseAgent } from './workspace-agents.ts'

export interface ChatGit {
  /** Whether there is a workspace to look into. @throws {ApiError} 400, each with its own words */
  requireAgent(chat: ChatRow): void
  readonly watches: GitWatches
  /** Without a forge to ask there is no diff but the live one: only where the work is, as it was last seen. */
  diff(chat: ChatRow): ChatDiffContents
  /** @throws {ApiError} 400 */
  act(chat: ChatRow, request: ChatGitActionRequest): Promise<void>
}

export interface ChatGitDeps {
  readonly db: Database
  readonly clock: Clock
  readonly call: CallAgentTool
  readonly records: Pick<AgentRecords, 'wantedOf'>
  readonly links: Pick<AgentLinks, 'isLinked'>
  readonly find: (chatId: string) => ChatRow | undefined
  readonly watchers: Pick<ChatWatchers, 'tell'>
}

const ACTION_MS = 30_000

export function createChatGit(deps: ChatGitDeps): ChatGit {
  const { db, clock, call, find } = deps
  const agentOf = (chat: ChatRow): string => requireAgent(deps, chat)
  const scan = async (chatId: string, signal: AbortSignal): Promise<readonly ScannedRepository[]> => {
    const chat = find(chatId)
    if (!chat) throw badRequest('The chat is gone.')
    const { repositories } = await call(agentOf(chat), { route: agentToolRoutes.scanGit, body: {}, signal })
    if (writeDiffStatus(db, chatId, { repositories, now: clock.now() }))
      deps.watchers.tell(chatId, 'diff_status_change')
    return repositories
  }
  const watches = createGitWatches({ clock, scan })
  return {
    requireAgent: (chat) => void agentOf(chat),
    watches,
    diff(chat) {
      const status = readDiffStatus(db, chat.id)
      return {
        chat_id: chat.id,
        ...(status?.remote_origin ? { remote_origin: status.remote_origin } : {}),
        ...(status?.branch ? { branch: status.branch } : {}),
      }
    },
    async act(chat, body) {
      const signal = AbortSignal.timeout(ACTION_MS)
      try {
        await call(agentOf(chat), { route: agentToolRoutes.changeGitFile, body, signal })
      } catch (error) {
        if (error instanceof AgentToolError) throw badRequest(error.message)
        throw error
      }
      watches.refresh(chat.id)
    },
  }
}

function requireAgent({ db, records, links }: ChatGitDeps, chat: ChatRow): string {
  const { workspace_id: workspaceId } = chat
  if (workspaceId === null) throw badRequest('The chat has no workspace.')
  const workspace = db.first(
    db.sql
      .selectFrom('workspaces')
      .select('owner_id')
      .where('id', '=', workspaceId)
      .where('deleted', '=', 0),
  )
  // Nothing is run with the rights of somebody else whom the workspace was given to.
  if (workspace?.owner_id !== chat.owner_id) throw badRequest('The workspace of the chat does not exist.')
  const agentId = chooseAgent(records.wantedOf(workspaceId))
  if (agentId === undefined)
    throw badRequest('The workspace has no agents: it is not running. Start it to see what was changed.')
  if (!links.isLinked(agentId))
    throw badRequest('The agent of the workspace is not connected. It may still be starting.')
  return agentId
}
