import { z } from 'zod'
import { agentToolRoutes } from '../../../contract/agent-tools.ts'
import type { CallAgentTool } from '../../agents/agent-tool-calls.ts'
import type { ChatRow } from './chat-rows.ts'
import { commandTools } from './command-tools.ts'
import { gitTools } from './git-tools.ts'
import { planPathOf } from './plan-path.ts'
import { searchTools } from './search-tools.ts'
import type { ToolCheck, ToolSource } from './tool-box.ts'
import { checkArguments, defineTool, type ToolContext, type WorkspaceTool } from './workspace-tool.ts'

export interface WorkspaceToolsDeps {
  readonly call: CallAgentTool
  /** The agent of a chat's workspace. @throws with what the model should know. */
  readonly agentOf: (chat: ChatRow, signal: AbortSignal) => Promise<string>
}

const path = z.string().min(1).describe('Relative to the folder of the workspace, or absolute.')

const fileTools: readonly WorkspaceTool[] = [
  defineTool({
    name: 'read_file',
    description:
      'Reads a text file of up to 1 MiB. Answers its lines after their numbers, at most 2000 lines and 32 KiB at a time.',
    args: z.object({
      path,
      offset: z.int().min(1).default(1).describe('The first line to read.'),
      limit: z.int().min(1).optional().describe('How many lines to read.'),
    }),
    inPlanMode: true,
    run: ({ path: file, offset, limit = 2000 }, { ask }) =>
      ask(agentToolRoutes.readFile, { path: file, offset, limit }),
  }),
  defineTool({
    name: 'write_file',
    description: 'Writes a file whole, with the folders on its way. What was in it is replaced.',
    args: z.object({ path, content: z.string() }),
    inPlanMode: false,
    writtenPaths: ({ path: file }) => [file],
    run: ({ path: file, content }, { ask }) => ask(agentToolRoutes.writeFile, { path: file, content }),
  }),
  defineTool({
    name: 'edit_files',
    description:
      'Replaces passages of files, all of them or none. old_text has to be in the file once, or replace_all be set; white space at the ends of lines and indentation may differ.',
    args: z.object({
      files: z
        .array(
          z.object({
            path,
            edits: z
              .array(
                // Some models were taught the other two words.
                z.object({
                  old_text: z.string().optional(),
                  new_text: z.string().optional(),
                  search: z.string().optional(),
                  replace: z.string().optional(),
                  replace_all: z.boolean().optional(),
                }),
              )
              .min(1),
          }),
        )
        .min(1),
    }),
    inPlanMode: false,
    writtenPaths: ({ files }) => files.map((file) => file.path),
    async run({ files }, { ask }) {
      const { files: changed } = await ask(agentToolRoutes.editFiles, {
        files: files.map((file) => ({
          path: file.path,
          edits: file.edits.map((edit) => ({
            old_text: edit.old_text ?? edit.search ?? '',
            new_text: edit.new_text ?? edit.replace ?? '',
            replace_all: edit.replace_all ?? false,
          })),
        })),
      })
      return { ok: true, files: changed }
    },
  }),
]

const allTools: readonly WorkspaceTool[] = [...fileTools, ...searchTools, ...gitTools, ...commandTools]

/** The tools of chats that have a workspace; they run in it, as its owner (agents-api 11). */
export function createWorkspaceTools({ call, agentOf }: WorkspaceToolsDeps): ToolSource {
  const descriptions = new Map(
    allTools.map((tool) => [
      tool.name,
      {
        name: tool.name,
        description: tool.description,
        inputSchema: z.toJSONSchema(tool.args, { io: 'input' }),
      },
    ]),
  )
  const toolsOf = (chat: ChatRow): readonly WorkspaceTool[] =>
    chat.workspace_id === null ? [] : allTools.filter((tool) => isOffered(tool, chat))

  return {
    async offer(chat) {
      const tools = toolsOf(chat).flatMap(({ name }) => descriptions.get(name) ?? [])
      return { tools, instructions: [], serverOf: () => undefined }
    },
    check(chat, { name, args }) {
      const tool = toolsOf(chat).find((one) => one.name === name)
      if (!tool) return undefined
      const check = checkArguments(tool.args, args)
      return check.ok && chat.plan_mode === 'plan' ? checkPlanPaths(chat, tool, args) : check
    },
    async run(chat, { name, args }, signal) {
      const tool = toolsOf(chat).find((one) => one.name === name)
      if (!tool) return undefined
      const agentId = await agentOf(chat, signal)
      const context: ToolContext = {
        chatId: chat.id,
        signal,
        ask: (route, body, options) => call(agentId, { route, body, signal, ...options }),
      }
      return { result: await tool.run(tool.args.parse(args), context) }
    },
  }
}

/** Explorers look only, and so does who plans, but for the plan of a root (agents-api 11). */
function isOffered(tool: WorkspaceTool, chat: ChatRow): boolean {
  if (tool.inPlanMode || (chat.plan_mode === '' && chat.agent_type !== 'explore')) return true
  return chat.plan_mode === 'plan' && chat.parent_chat_id === null && tool.writtenPaths !== undefined
}

function checkPlanPaths(chat: ChatRow, tool: WorkspaceTool, args: unknown): ToolCheck {
  const plan = planPathOf(chat)
  const paths = tool.writtenPaths?.(tool.args.parse(args)) ?? []
  return paths.every((file) => file === plan)
    ? { ok: true }
    : { ok: false, error: `In plan mode only ${plan} can be written.` }
}
