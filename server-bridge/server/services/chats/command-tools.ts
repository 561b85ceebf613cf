import { z } from 'zod'
import { agentToolRoutes, type ProcessOutput } from '../../../contract/agent-tools.ts'
import { goDurationMs } from './go-duration.ts'
import { defineTool, type ToolContext, type WorkspaceTool } from './workspace-tool.ts'

const DEFAULT_WAIT = '10s'
/** One wait of an agent (agents-api 12.2). */
const MAX_WAIT_MS = 300_000
const START_MS = 30_000
/** How long the end of an interrupted command is waited for. */
const INTERRUPT_MS = 10_000

const duration = (about: string) =>
  z
    .string()
    .default(DEFAULT_WAIT)
    .refine((text) => goDurationMs(text) !== undefined, 'has to be a duration such as 30s or 5m')
    .describe(`${about} A duration such as 30s or 5m, up to 5m.`)
const waitMs = (text: string): number => Math.min(MAX_WAIT_MS, Math.round(goDurationMs(text) ?? 0))

const processId = z.string().describe('As an earlier call has told it.')

/** Commands and the processes they leave (agents-api 11). */
export const commandTools: readonly WorkspaceTool[] = [
  defineTool({
    name: 'execute',
    description:
      'Runs a command in the shell of the workspace, without a terminal. Output beyond 32 KB is cut in its middle. One that is not done in time goes on in the background; ask for its output later.',
    args: z.object({
      command: z.string().min(1),
      model_intent: z.string().optional().describe('What the command is for, in a few words for the user.'),
      timeout: duration('How long to wait for its end.'),
      workdir: z.string().default('').describe('The folder to run it in. Empty: that of the workspace.'),
      run_in_background: z.boolean().default(false).describe('Do not wait for its end.'),
    }),
    inPlanMode: true,
    run: execute,
  }),
  defineTool({
    name: 'process_output',
    description:
      'What a process in the background has printed so far, after waiting for its end for a while.',
    args: z.object({ process_id: processId, wait_timeout: duration('How long to wait for its end.') }),
    inPlanMode: true,
    run: async ({ process_id: id, wait_timeout: wait }, context) =>
      toResult(await readOutput(context, id, waitMs(wait))),
  }),
  defineTool({
    name: 'process_list',
    description: 'The processes that this chat has started.',
    args: z.object({}),
    inPlanMode: false,
    async run(_, { chatId, ask }) {
      const { processes } = await ask(agentToolRoutes.listProcesses, { chat_id: chatId })
      return {
        processes: processes.map((one) => ({
          id: one.id,
          command: one.command,
          workdir: one.workdir,
          background: one.background,
          running: one.running,
          exit_code: one.exit_code,
          started_at_unix: Math.floor(one.started_at_ms / 1000),
          exited_at_unix: one.exited_at_ms === null ? null : Math.floor(one.exited_at_ms / 1000),
        })),
      }
    },
  }),
  defineTool({
    name: 'process_signal',
    description: 'Ends a process with all it has started: terminate asks first, kill does not.',
    args: z.object({ process_id: processId, signal: z.enum(['terminate', 'kill']) }),
    inPlanMode: false,
    async run({ process_id: id, signal }, { chatId, ask }) {
      const ended = await ask(agentToolRoutes.signalProcess, { chat_id: chatId, id, signal })
      return {
        success: !ended.running,
        message: ended.running
          ? 'The process is still there.'
          : `The process has ended with ${String(ended.exit_code)}.`,
      }
    },
  }),
]

interface ExecuteArgs {
  readonly command: string
  readonly timeout: string
  readonly workdir: string
  readonly run_in_background: boolean
}

async function execute(args: ExecuteArgs, context: ToolContext): Promise<object> {
  // A shell that ends at once would leave its command without anybody to ask for it.
  const withoutAmpersand = args.command.replace(/(?<!&)&\s*$/, '')
  const background = args.run_in_background || withoutAmpersand !== args.command
  const request = {
    chat_id: context.chatId,
    command: background ? withoutAmpersand : args.command,
    workdir: args.workdir,
    background,
  }
  // Not broken off: a command that was started has to be known, so that it can be ended.
  const signal = AbortSignal.timeout(START_MS)
  const { id } = await context.ask(agentToolRoutes.startProcess, request, { signal })
  if (background) return toResult(await readOutput(context, id, 0))
  try {
    return toResult(await readOutput(context, id, waitMs(args.timeout)))
  } catch (error) {
    if (context.signal.aborted) await endInterrupted(context, id)
    throw error
  }
}

/** Whoever stops a turn wants the command to stop, with all it started. */
async function endInterrupted({ chatId, ask }: ToolContext, id: string): Promise<void> {
  const signal = AbortSignal.timeout(INTERRUPT_MS)
  await ask(agentToolRoutes.signalProcess, { chat_id: chatId, id, signal: 'terminate' }, { signal })
}

const readOutput = ({ chatId, ask }: ToolContext, id: string, ms: number): Promise<ProcessOutput> =>
  ask(agentToolRoutes.processOutput, { chat_id: chatId, id, wait_ms: ms }, { waitMs: ms })

function toResult(output: ProcessOutput): object {
  const { running, exit_code: exitCode, started_at_ms: startedAt, exited_at_ms: exitedAt } = output
  return {
    success: running || exitCode === 0,
    output: output.output,
    exit_code: exitCode ?? 0,
    wall_duration_ms: (exitedAt ?? Date.now()) - startedAt,
    ...(output.omitted_bytes === 0
      ? {}
      : {
          truncated: {
            original_bytes: output.original_bytes,
            retained_bytes: output.original_bytes - output.omitted_bytes,
            omitted_bytes: output.omitted_bytes,
            strategy: 'head_tail',
          },
        }),
    ...(running
      ? {
          note: 'The command is still running. Ask process_output for what it prints.',
          background_process_id: output.id,
        }
      : {}),
  }
}
