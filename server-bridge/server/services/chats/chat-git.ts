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
import { forgeKind } from './forge.ts'
import { createGitWatches, type GitWatches } from './git-watches.ts'
import { chooseAgent } from './workspace-agents.ts'

export interface ChatGit {
  /** Whether there is a workspace to look into. @throws {ApiError} 400, each with its own words */
  requireAgent(chat: ChatRow): void
  readonly watches: GitWatches
  /** Counts what was changed, once; with who watches, where somebody does. Rejects where nobody can look. */
  count(chatId: string, signal: AbortSignal): Promise<void>
  /**
   * What the branch changed, by its repository: there is no forge to ask. Without a workspace that runs there is no diff,
   * only where the work is, as it was last seen.
   *
   * @throws {ApiError} 400 where git cannot tell
   */
  diff(chat: ChatRow): Promise<ChatDiffContents>
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
    async count(chatId, signal) {
      if (!watches.refresh(chatId)) await scan(chatId, signal)
    },
    diff: (chat) => readDiff(deps, chat),
    async act(chat, body) {
      const signal = AbortSignal.timeout(ACTION_MS)
      await orRefuse(call(agentOf(chat), { route: agentToolRoutes.changeGitFile, body, signal }))
      watches.refresh(chat.id)
    },
  }
}

async function readDiff(deps: ChatGitDeps, chat: ChatRow): Promise<ChatDiffContents> {
  const found = findAgent(deps, chat)
  if ('problem' in found) return contentsOf(chat, readDiffStatus(deps.db, chat.id))
  const signal = AbortSignal.timeout(ACTION_MS)
  const { repository } = await orRefuse(
    deps.call(found.agentId, { route: agentToolRoutes.branchDiff, body: {}, signal }),
  )
  return contentsOf(chat, repository ?? undefined, repository?.unified_diff)
}

function contentsOf(
  chat: ChatRow,
  place: { readonly branch: string; readonly remote_origin: string } | undefined,
  diff?: string,
): ChatDiffContents {
  const { branch = '', remote_origin: origin = '' } = place ?? {}
  const provider = forgeKind(origin)
  return {
    chat_id: chat.id,
    ...(provider === undefined ? {} : { provider }),
    ...(origin === '' ? {} : { remote_origin: origin }),
    ...(branch === '' ? {} : { branch }),
    ...(diff === undefined ? {} : { diff }),
  }
}

/** What the agent refuses is the caller's to hear. @throws {ApiError} 400 */
async function orRefuse<T>(asked: Promise<T>): Promise<T> {
  try {
    return await asked
  } catch (error) {
    if (error instanceof AgentToolError) throw badRequest(error.message)
    throw error
  }
}

function requireAgent(deps: ChatGitDeps, chat: ChatRow): string {
  const found = findAgent(deps, chat)
  if ('problem' in found) throw badRequest(found.problem)
  return found.agentId
}

/** The agent that looks into the chat's workspace, or why there is none. */
function findAgent(
  { db, records, links }: ChatGitDeps,
  chat: ChatRow,
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
    return { problem: 'The workspace has no agents: it is not running. Start it to see what was changed.' }
  if (!links.isLinked(agentId))
    return { problem: 'The agent of the workspace is not connected. It may still be starting.' }
  return { agentId }
}
