import { z } from 'zod'
import { agentToolRoutes } from '../../../contract/agent-tools.ts'
import { defineTool, type WorkspaceTool } from './workspace-tool.ts'

const path = z
  .string()
  .min(1)
  .default('.')
  .describe(
    'A repository, or a file or folder of one. Need not be given where the workspace has one repository.',
  )
const revision = z.string().min(1).max(250)

/** Looking at the work with git, without a command and so without a question. Ours: Coder's agents have none of these. */
export const gitTools: readonly WorkspaceTool[] = [
  defineTool({
    name: 'git_status',
    description:
      'What is checked out in a git repository: branch, last commit, how far it is from the default branch of its origin, and the files that were changed.',
    args: z.object({ path }),
    inPlanMode: true,
    run: (args, { ask }) => ask(agentToolRoutes.gitStatus, args),
  }),
  defineTool({
    name: 'git_diff',
    description:
      'A unified diff: of the files as they are against the last commit, or between commits. New files that git does not know are not in it.',
    args: z.object({
      path,
      from: revision
        .optional()
        .describe('The older side: a commit, branch or tag. The last commit unless given.'),
      to: revision.optional().describe('The newer side. The files as they are unless given.'),
    }),
    inPlanMode: true,
    run: (args, { ask }) => ask(agentToolRoutes.gitDiff, args),
  }),
  defineTool({
    name: 'git_log',
    description: 'The last commits, of a repository or of one file or folder of it.',
    args: z.object({
      path,
      revision: revision.optional().describe('The commit to begin at. What is checked out unless given.'),
      limit: z.int().min(1).max(100).default(20),
    }),
    inPlanMode: true,
    run: (args, { ask }) => ask(agentToolRoutes.gitLog, args),
  }),
]
