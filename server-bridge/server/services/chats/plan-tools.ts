import { z } from 'zod'
import { agentToolRoutes } from '../../../contract/agent-tools.ts'
import type { CallAgentTool } from '../../agents/agent-tool-calls.ts'
import type { ChatFiles } from './chat-files.ts'
import type { ChatRow } from './chat-rows.ts'
import { planPathOf } from './plan-path.ts'
import { defineServerTool, type ServerTool } from './server-tool.ts'
import { errorResult } from './stored-parts.ts'

export interface PlanToolDeps {
  readonly call: CallAgentTool
  readonly agentOf: (chat: ChatRow, signal: AbortSignal) => Promise<string>
  /** Keeps a plan with its chat as it was shown. */
  readonly storeFile: ChatFiles['storeFile']
}

const MAX_PLAN_BYTES = 32 * 1024
const MARKDOWN = 'text/markdown'

/** Sub-agents do not speak to the user. */
const isPlanningRoot = (chat: ChatRow): boolean => chat.plan_mode === 'plan' && chat.parent_chat_id === null

const option = z.object({ label: z.string().min(1).max(200), description: z.string().max(1000) })
const question = z.object({
  header: z.string().min(1).max(100).describe('A word or two that say what the question is about.'),
  question: z.string().min(1).max(2000),
  options: z.array(option).min(2).max(4),
})

/** What a chat that plans shows its user (agents-api 11). */
export function planTools(deps: PlanToolDeps): readonly ServerTool[] {
  return [
    defineServerTool({
      name: 'propose_plan',
      description:
        'Shows the user the plan in the plan file, for them to say whether to go on. It ends the turn.',
      args: z.object({ path: z.string().min(1).describe('The plan file: markdown of up to 32 KiB.') }),
      isOffered: (chat) => isPlanningRoot(chat) && chat.workspace_id !== null,
      async run({ path }, { chat, signal }) {
        const planPath = planPathOf(chat)
        if (path !== planPath) return errorResult(`The plan has to be in ${planPath}.`)
        const agentId = await deps.agentOf(chat, signal)
        const body = { path, max_bytes: MAX_PLAN_BYTES }
        const { content } = await deps.call(agentId, { route: agentToolRoutes.readText, body, signal })
        if (content.trim() === '') return errorResult(`${planPath} is empty.`)
        const plan = { ok: true, path, kind: 'plan', media_type: MARKDOWN, content }
        return { result: { ...plan, ...storePlan(deps, chat, content) } }
      },
    }),
    defineServerTool({
      name: 'ask_user_question',
      description:
        'Asks the user what only they can decide, with answers to choose from; they may also write their own. It ends the turn: the answer is the next message.',
      args: z.object({ questions: z.array(question).min(1).max(10) }),
      isOffered: isPlanningRoot,
      run: async (args) => ({ result: args }),
    }),
  ]
}

function storePlan({ storeFile }: PlanToolDeps, chat: ChatRow, content: string): { file_id: string } {
  const { id } = storeFile({
    chatId: chat.id,
    ownerId: chat.owner_id,
    organizationId: chat.organization_id,
    name: `PLAN-${chat.id}.md`,
    mediaType: MARKDOWN,
    bytes: Buffer.from(content),
  })
  return { file_id: id }
}
