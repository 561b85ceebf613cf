import { z } from 'zod'
import { ApiError } from '../../api-error.ts'
import type { Actor } from '../sessions.ts'
import type { ChatRow } from './chat-rows.ts'
import type { ToolOutcome, ToolSource } from './tool-box.ts'
import { checkArguments } from './workspace-tool.ts'

/** Whose work it is, and until when somebody wants it. */
export interface OwnerToolContext {
  readonly chat: ChatRow
  /** The chat's owner: a tool may do what they may, and no more. */
  readonly actor: Actor
  readonly signal: AbortSignal
}

/** A tool of the deployment itself, not of a workspace. */
export interface OwnerTool<T extends z.ZodType = z.ZodType> {
  readonly name: string
  readonly description: string
  readonly args: T
  readonly isOffered: (chat: ChatRow) => boolean
  run(args: z.output<T>, context: OwnerToolContext): Promise<ToolOutcome>
}

/** Its arguments are parsed by its own schema before it runs, so the list of tools need not know their types. */
export const defineOwnerTool = <T extends z.ZodType>(tool: OwnerTool<T>): OwnerTool => tool

/** Tools that act on the deployment as the chat's owner; planning may use them too (agents-api 11). */
export function createOwnerTools(tools: readonly OwnerTool[], actFor: (userId: string) => Actor): ToolSource {
  // Once: they are told to the model in each step.
  const described = new Map(
    tools.map((tool) => {
      const { name, description, args } = tool
      return [tool, { name, description, inputSchema: z.toJSONSchema(args, { io: 'input' }) }]
    }),
  )
  // Sub-agents work in what there is.
  const toolsOf = (chat: ChatRow): OwnerTool[] =>
    chat.parent_chat_id === null ? tools.filter((tool) => tool.isOffered(chat)) : []
  return {
    async offer(chat) {
      return {
        tools: toolsOf(chat)
          .map((tool) => described.get(tool))
          .filter((tool) => tool !== undefined),
        instructions: [],
        serverOf: () => undefined,
      }
    },
    check(chat, { name, args }) {
      const tool = toolsOf(chat).find((one) => one.name === name)
      return tool && checkArguments(tool.args, args)
    },
    async run(chat, { name, args }, signal) {
      const tool = toolsOf(chat).find((one) => one.name === name)
      if (!tool) return undefined
      try {
        return await tool.run(tool.args.parse(args), { chat, actor: actFor(chat.owner_id), signal })
      } catch (error) {
        throw error instanceof ApiError ? new Error(explain(error), { cause: error }) : error
      }
    },
  }
}

/** All a refusal says, for the model to act on. */
function explain({ body }: ApiError): string {
  const fields = (body.validations ?? []).map(({ field, detail }) => `${field}: ${detail}`)
  return [body.message, body.detail, ...fields].filter((text) => text !== undefined && text !== '').join(' ')
}
