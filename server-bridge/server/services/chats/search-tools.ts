import { z } from 'zod'
import { agentToolRoutes } from '../../../contract/agent-tools.ts'
import { defineTool, type WorkspaceTool } from './workspace-tool.ts'

const folder = z
  .string()
  .min(1)
  .default('.')
  .describe('A folder, relative to that of the workspace, or absolute.')

/** Looking around without a command, and so without a question. Ours: Coder's agents have none of these. */
export const searchTools: readonly WorkspaceTool[] = [
  defineTool({
    name: 'list_directory',
    description: 'What is in a folder: up to 1000 names with their types and sizes.',
    args: z.object({ path: folder }),
    inPlanMode: true,
    run: ({ path }, { ask }) => ask(agentToolRoutes.listDirectory, { path }),
  }),
  defineTool({
    name: 'search_files',
    description:
      'Finds lines of text files that hold a text as it is, no expression, or files by their names. Leaves out .git and node_modules, and stops after 10 seconds or 32 KiB.',
    args: z.object({
      path: folder,
      query: z.string().max(1000).default('').describe('The text. Empty: only names are looked at.'),
      case_sensitive: z.boolean().default(false),
      name: z
        .string()
        .max(255)
        .default('')
        .describe('The name files have to have, with * and ?, as in *.ts.'),
      limit: z.int().min(1).max(1000).default(100),
    }),
    inPlanMode: true,
    run: (args, { ask }) => ask(agentToolRoutes.searchFiles, args),
  }),
]
