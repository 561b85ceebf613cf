import { agentToolRoutes } from '../../../contract/agent-tools.ts'
import { toError } from '../../../lib/to-error.ts'
import { badRequest } from '../../api-error.ts'
import { AgentToolError, type CallAgentTool } from '../../agents/agent-tool-calls.ts'
import type { Topics } from '../topics.ts'
import { type ChatAgentDeps, findChatAgent, requireChatAgent } from './chat-agent.ts'
import type { ChatRow } from './chat-rows.ts'

export interface ChatDesktop {
  /**
   * Starts the desktop of the chat's workspace, unless it runs.
   *
   * @returns the agent whose desktop it is. @throws {ApiError} 400, each with its own words
   */
  start(chat: ChatRow): Promise<string>
  /** Tells once that the desktop of this agent is not the chat's any more. Returns the function that ends it. */
  onEnd(chat: ChatRow, agentId: string, listener: (reason: string) => void): () => void
}

export interface ChatDesktopDeps extends ChatAgentDeps {
  readonly call: CallAgentTool
  readonly topics: Pick<Topics, 'chat' | 'workspace'>
  readonly find: (chatId: string) => ChatRow | undefined
}

/** Beyond what a display server is given to start. */
const START_MS = 30_000
const WHAT = 'its desktop'

export function createChatDesktop(deps: ChatDesktopDeps): ChatDesktop {
  const { call, topics, find } = deps

  /** Why this agent's desktop is not, or not any more, that of the chat. */
  const problemOf = (chatId: string, agentId: string): string | undefined => {
    const chat = find(chatId)
    if (!chat) return 'The chat is gone.'
    if (chat.archived === 1) return ARCHIVED
    const found = findChatAgent(deps, chat, WHAT)
    if ('problem' in found) return found.problem
    return found.agentId === agentId ? undefined : 'The chat has another workspace.'
  }

  return {
    async start(chat) {
      if (chat.archived === 1) throw badRequest(ARCHIVED)
      const agentId = requireChatAgent(deps, chat, WHAT)
      const signal = AbortSignal.timeout(START_MS)
      try {
        await call(agentId, { route: agentToolRoutes.startDesktop, body: {}, signal })
      } catch (error) {
        if (error instanceof AgentToolError) throw badRequest(error.message)
        throw badRequest(`The desktop of the workspace cannot be reached: ${toError(error).message}`)
      }
      return agentId
    },
    onEnd(chat, agentId, listener) {
      const look = (): void => {
        const problem = problemOf(chat.id, agentId)
        if (problem === undefined) return
        stop()
        listener(problem)
      }
      const stops = [
        topics.chat.subscribe(chat.id, look),
        ...(chat.workspace_id === null ? [] : [topics.workspace.subscribe(chat.workspace_id, look)]),
      ]
      const stop = (): void => {
        for (const end of stops) end()
      }
      look()
      return stop
    },
  }
}

const ARCHIVED = 'The chat is archived. Take it out of the archive to see its desktop.'
