import { z } from 'zod'
import type { AgentToolRoute } from '../../../contract/agent-tools.ts'
import type { ToolCheck } from './tool-box.ts'

/** Where a tool runs. */
export interface ToolContext {
  readonly chatId: string
  readonly signal: AbortSignal
  ask<R extends AgentToolRoute>(
    route: R,
    body: z.input<R['body']>,
    options?: { readonly waitMs?: number; readonly signal?: AbortSignal },
  ): Promise<z.output<R['answer']>>
}

/** One tool: its arguments as the model has to give them, and what it does. */
export interface WorkspaceTool<T extends z.ZodType = z.ZodType> {
  readonly name: string
  readonly description: string
  readonly args: T
  /** Offered in plan mode too, and to sub-agents that explore (agents-api 11). */
  readonly inPlanMode: boolean
  /** Of tools that write files: which. In plan mode it may be the plan alone. */
  writtenPaths?(args: z.output<T>): readonly string[]
  run(args: z.output<T>, context: ToolContext): Promise<unknown>
}

/** Its arguments are parsed by its own schema before it runs, so the list of tools need not know their types. */
export const defineTool = <T extends z.ZodType>(tool: WorkspaceTool<T>): WorkspaceTool => tool

/** Whether the arguments of a call are what its tool takes, or what is wrong with them. */
export function checkArguments(schema: z.ZodType, args: unknown): ToolCheck {
  const parsed = schema.safeParse(args)
  return parsed.success
    ? { ok: true }
    : { ok: false, error: `The arguments are not valid. ${z.prettifyError(parsed.error)}` }
}
