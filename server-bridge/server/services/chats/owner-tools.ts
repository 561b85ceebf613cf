import { z } from 'zod'
import { ApiError } from '../../api-error.ts'
import type { Actor } from '../sessions.ts'
import type { ChatRow } from './chat-rows.ts'
import type { ToolOutcome, ToolSource } from './tool-box.ts'

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
export function createOwnerTools(
  tools: readonly OwnerTool[],
  actFor: (userId: string) => Actor,
): ToolSource {
  return {
    async offer(chat) {
      const offered = tools.filter((tool) => tool.isOffered(chat))
      return {
        tools: offered.map(({ name, description, args }) => ({
          name,
          description,
          inputSchema: z.toJSONSchema(args, { io: 'input' }),
        })),
        instructions: [],
        serverOf: () => undefined,
      }
    },
    async run(chat, { name, args }, signal) {
      const tool = tools.find((one) => one.name === name && one.isOffered(chat))
      if (!tool) return undefined
      const parsed = tool.args.safeParse(args)
      if (!parsed.success) throw new Error(`The arguments are not valid. ${z.prettifyError(parsed.error)}`)
      try {
        return await tool.run(parsed.data, { chat, actor: actFor(chat.owner_id), signal })
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
