import type { z } from 'zod'
import { type AgentToolRoute, agentToolRoutes } from '../../contract/agent-tools.ts'
import type { VirtualDesktop } from '../desktop/virtual-desktop.ts'
import { RouteError } from '../route-error.ts'
import type { WorkspaceSurroundings } from '../shell-command.ts'
import { listDirectory } from './list-directory.ts'
import { searchFiles } from './search-files.ts'
import { editFiles, readBytes, readLines, readTextFile, writeText } from './tool-files.ts'
import { readBranchDiff } from './git-branch.ts'
import { changeGitFile } from './git-changes.ts'
import { readGitDiff, readGitLog, readGitStatus } from './git-reads.ts'
import { scanRepositories } from './git-scan.ts'
import { listSkills, readSkill } from './workspace-skills.ts'
import type { ToolProcesses } from './tool-processes.ts'

type BodyOf<R extends AgentToolRoute> = z.output<R['body']>
type ToolHandlers = {
  readonly [K in keyof typeof agentToolRoutes]: (
    body: BodyOf<(typeof agentToolRoutes)[K]>,
    signal: AbortSignal,
  ) => Promise<z.output<(typeof agentToolRoutes)[K]['answer']>>
}

/**
 * Answers one call of a tool by its path; `undefined` for a path of something else. `signal` tells that nobody waits for the
 * answer any more.
 */
export type AnswerTool = (
  key: string,
) => ((body: unknown, signal: AbortSignal) => Promise<object>) | undefined

export interface ToolRoutesDeps {
  readonly processes: ToolProcesses
  readonly desktop: Pick<VirtualDesktop, 'start' | 'act' | 'takeRecording'>
  /** Throws before the workspace is set up. */
  readonly surroundings: () => WorkspaceSurroundings
}

export function createToolRoutes({ processes, desktop, surroundings }: ToolRoutesDeps): AnswerTool {
  const handlers: ToolHandlers = {
    readFile: (body) => readLines(surroundings(), body),
    readText: (body) => readTextFile(surroundings(), body),
    readBytes: async (body) => ({ data: (await readBytes(surroundings(), body)).toString('base64') }),
    async writeFile({ path, content }) {
      await writeText(surroundings(), path, content)
      return { ok: true }
    },
    editFiles: (body) => editFiles(surroundings(), body),
    listDirectory: ({ path }) => listDirectory(surroundings(), path),
    searchFiles: (body) => searchFiles(surroundings(), body, () => performance.now()),
    listSkills: async () => ({ skills: await listSkills(surroundings()) }),
    readSkill: (body) => readSkill(surroundings(), body),
    startProcess: async (body) => ({ id: await processes.start(surroundings(), body) }),
    listProcesses: async ({ chat_id: chatId }) => ({ processes: processes.list(chatId) }),
    processOutput: ({ chat_id: chatId, id, wait_ms: waitMs }) => processes.output(chatId, id, waitMs),
    scanGit: async () => ({ repositories: await scanRepositories(surroundings()) }),
    branchDiff: async () => ({ repository: await readBranchDiff(surroundings()) }),
    gitStatus: (body, signal) => readGitStatus({ surroundings: surroundings(), signal }, body),
    gitDiff: (body, signal) => readGitDiff({ surroundings: surroundings(), signal }, body),
    gitLog: (body, signal) => readGitLog({ surroundings: surroundings(), signal }, body),
    async changeGitFile(body) {
      await changeGitFile(surroundings(), body)
      return { ok: true }
    },
    async startDesktop() {
      await desktop.start(surroundings())
      return { ok: true }
    },
    actOnDesktop: ({ chat_id: chatId, action }, signal) =>
      desktop.act(surroundings(), { chatId, action, signal }),
    async takeDesktopRecording({ chat_id: chatId }) {
      const film = await desktop.takeRecording(chatId)
      return film === undefined ? {} : { recording: film.toString('base64') }
    },
    signalProcess: ({ chat_id: chatId, id, signal }) => processes.signal(chatId, id, signal),
  }
  const byPath = new Map(
    Object.entries(agentToolRoutes).map(([name, route]) => [
      `${route.method} ${route.path}`,
      async (body: unknown, signal: AbortSignal): Promise<object> => {
        const parsed = route.body.safeParse(body)
        if (!parsed.success) throw new RouteError(400, 'The request of the tool is not valid.')
        // The mapped type above has proven that each handler fits its own route.
        return (
          handlers[name as keyof ToolHandlers] as (body: unknown, signal: AbortSignal) => Promise<object>
        )(parsed.data, signal)
      },
    ]),
  )
  return (key) => byPath.get(key)
}
