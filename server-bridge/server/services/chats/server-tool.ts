import { z } from 'zod'
import type { ChatRow } from './chat-rows.ts'
import type { ToolOutcome, ToolSource, TurnSpending } from './tool-box.ts'
import type { ToolCall } from './turn-decision.ts'
import { checkArguments } from './workspace-tool.ts'

/** For whom a tool of the server runs. */
export interface ServerToolContext {
  readonly chat: ChatRow
  readonly call: ToolCall
  readonly signal: AbortSignal
  /** Told of what was spent meanwhile, and counted. */
  readonly onSpent: (spent: TurnSpending) => void
}

/** A tool that runs in the server itself. */
export interface ServerTool<T extends z.ZodType = z.ZodType> {
  readonly name: string
  readonly description: string
  readonly args: T
  /** It has to be the only call of its step. */
  readonly standsAlone?: boolean
  isOffered(chat: ChatRow): boolean
  run(args: z.output<T>, context: ServerToolContext): Promise<ToolOutcome>
}

/** Its arguments are parsed by its own schema before it runs, so the list of tools need not know their types. */
export const defineServerTool = <T extends z.ZodType>(tool: ServerTool<T>): ServerTool => tool

/** Tools of the server, as the model gets them. */
export function createServerTools(tools: readonly ServerTool[]): ToolSource {
  const find = (chat: ChatRow, name: string): ServerTool | undefined =>
    tools.find((tool) => tool.name === name && tool.isOffered(chat))
  const schemas = new Map(tools.map((tool) => [tool.name, z.toJSONSchema(tool.args, { io: 'input' })]))
  return {
    async offer(chat) {
      return {
        tools: tools
          .filter((tool) => tool.isOffered(chat))
          .map(({ name, description }) => ({ name, description, inputSchema: schemas.get(name) ?? {} })),
        instructions: [],
        serverOf: () => undefined,
      }
    },
    check(chat, { name, args }) {
      const tool = find(chat, name)
      return tool && checkArguments(tool.args, args)
    },
    standsAlone: (chat, { name }) => find(chat, name)?.standsAlone === true,
    async run(chat, call, signal, onSpent) {
      const tool = find(chat, call.name)
      return tool?.run(tool.args.parse(call.args), { chat, call, signal, onSpent })
    },
  }
}
