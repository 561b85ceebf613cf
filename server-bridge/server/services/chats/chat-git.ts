import { type ScannedRepository, agentToolRoutes } from '../../../contract/agent-tools.ts'
import type { ChatDiffContents } from '../../../contract/chats-git.ts'
import type { ChatGitActionRequest } from '../../../contract/chats-git-actions.ts'
import type { Clock } from '../../../lib/clock.ts'
import { badRequest } from '../../api-error.ts'
import { AgentToolError, type CallAgentTool } from '../../agents/agent-tool-calls.ts'
import { type ChatAgentDeps, findChatAgent, requireChatAgent } from './chat-agent.ts'
import type { ChatRow } from './chat-rows.ts'
import type { ChatWatchers } from './chat-watchers.ts'
import { readDiffStatus, writeDiffStatus } from './diff-status.ts'
import { forgeKind } from './forge.ts'
import { createGitWatches, type GitWatches } from './git-watches.ts'

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

export interface ChatGitDeps extends ChatAgentDeps {
  readonly clock: Clock
  readonly call: CallAgentTool
  readonly find: (chatId: string) => ChatRow | undefined
  readonly watchers: Pick<ChatWatchers, 'tell'>
}

const ACTION_MS = 30_000
const WHAT = 'what was changed'

export function createChatGit(deps: ChatGitDeps): ChatGit {
  const { db, clock, call, find } = deps
  const agentOf = (chat: ChatRow): string => requireChatAgent(deps, chat, WHAT)
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
  const found = findChatAgent(deps, chat, WHAT)
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
