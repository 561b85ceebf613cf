import { z } from 'zod'
import { type ChatRow, errorOf } from './chat-rows.ts'
import type { TakeDesktopRecording } from './desktop-recording.ts'
import { defineServerTool, type ServerTool } from './server-tool.ts'
import { errorResult } from './stored-parts.ts'
import type { ComputerUse } from './computer-use.ts'
import type { SubAgents } from './sub-agents.ts'

const DEFAULT_WAIT_S = 300
const MAX_WAIT_S = 3600
const MAX_PROMPT_CHARS = 100_000
const PAGE = 50

/** Their time is that of the sub-agents, who have limits of their own. */
export const waitingTools: ReadonlySet<string> = new Set(['wait_agent'])

const isRoot = (chat: ChatRow): boolean => chat.parent_chat_id === null
/** Who plans may look on, but not steer (agents-api 11). */
const isActingRoot = (chat: ChatRow): boolean => isRoot(chat) && chat.plan_mode === ''

const chatId = z.string().describe('As spawn_agent has told it.')
const about = (child: ChatRow) => ({
  chat_id: child.id,
  title: child.title,
  status: child.status,
  type: child.agent_type,
})

/** Sub-agents, for the model of a root (agents-api 11). */
export function subAgentTools(
  agents: SubAgents,
  computerUse: Pick<ComputerUse, 'refusal'>,
  takeRecording: TakeDesktopRecording,
): readonly ServerTool[] {
  return [begin(agents, computerUse), ...wait(agents, takeRecording), ...steer(agents)]
}

function begin(agents: SubAgents, computerUse: Pick<ComputerUse, 'refusal'>): ServerTool {
  return defineServerTool({
    name: 'spawn_agent',
    description:
      'Begins a sub-agent that works on a task by itself, in the same workspace, and knows nothing but the prompt. "general" has your tools, "explore" only looks, "computer_use" also sees the desktop of the workspace and acts there by mouse and keys, where the deployment allows that. Several work side by side: begin them in one step, then wait for each.',
    args: z.object({
      type: z.enum(['general', 'explore', 'computer_use']),
      prompt: z.string().trim().min(1).max(MAX_PROMPT_CHARS).describe('The whole task, with all it needs.'),
      title: z.string().default('').describe('A few words for the user.'),
    }),
    isOffered: isRoot,
    async run({ type, prompt, title }, { chat, call }) {
      const refusal = type === 'computer_use' ? computerUse.refusal(chat) : undefined
      if (refusal !== undefined) return errorResult(refusal)
      return { result: about(agents.spawn(chat, { type, prompt, title }, call)) }
    },
  })
}

function wait(agents: SubAgents, takeRecording: TakeDesktopRecording): readonly ServerTool[] {
  return [
    defineServerTool({
      name: 'wait_agent',
      description: 'Waits until a sub-agent is done, and answers its report.',
      args: z.object({
        chat_id: chatId,
        timeout_seconds: z.number().min(0).max(MAX_WAIT_S).default(DEFAULT_WAIT_S),
      }),
      isOffered: isRoot,
      async run({ chat_id: id, timeout_seconds: seconds }, { chat, signal }) {
        const isDone = await agents.rests(agents.find(chat, id), seconds * 1000, signal)
        const child = agents.find(chat, id)
        if (!isDone) return { result: { ...about(child), timed_out: true } }
        const error = errorOf(child)
        return {
          result: {
            ...about(child),
            report: agents.report(child),
            ...(await takeRecording(child, chat, signal)),
            ...(error ? { last_error: error.message } : {}),
          },
        }
      },
    }),
    defineServerTool({
      name: 'list_agents',
      description: 'The sub-agents of this chat, and how far they are.',
      args: z.object({
        limit: z.int().min(1).max(PAGE).default(PAGE),
        offset: z.int().min(0).default(0),
      }),
      isOffered: isRoot,
      async run({ limit, offset }, { chat }) {
        const all = agents.list(chat)
        const page = all.slice(offset, offset + limit)
        return {
          result: {
            agents: page.map(about),
            total: all.length,
            returned: page.length,
            offset,
            has_more: offset + page.length < all.length,
          },
        }
      },
    }),
  ]
}

function steer(agents: SubAgents): readonly ServerTool[] {
  return [
    defineServerTool({
      name: 'message_agent',
      description:
        'Says something to a sub-agent: more to do, or what it got wrong. It goes on with all it knows.',
      args: z.object({
        chat_id: chatId,
        message: z.string().trim().min(1).max(MAX_PROMPT_CHARS),
        interrupt: z
          .boolean()
          .default(false)
          .describe('Stop what it does now, instead of waiting for its end.'),
      }),
      isOffered: isActingRoot,
      async run({ chat_id: id, message, interrupt }, { chat }) {
        const child = agents.find(chat, id)
        const isBusy = child.status === 'running' || child.status === 'requires_action'
        const after = agents.send(child, message, interrupt)
        return { result: { ...about(after), interrupted: interrupt && isBusy } }
      },
    }),
    defineServerTool({
      name: 'interrupt_agent',
      description: 'Stops what a sub-agent does. It can be told to go on by message_agent.',
      args: z.object({ chat_id: chatId }),
      isOffered: isActingRoot,
      async run({ chat_id: id }, { chat }) {
        const interrupted = agents.interrupt(agents.find(chat, id))
        return { result: { ...about(agents.find(chat, id)), interrupted } }
      },
    }),
  ]
}
