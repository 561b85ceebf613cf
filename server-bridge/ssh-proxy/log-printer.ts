import type { CoderClient } from '../client/coder-client.ts'
import { workspaceAgentsRoutes, type WorkspaceAgent } from '../contract/workspace-agents.ts'

export interface LogPrinter {
  /** Prints what the agent has logged since the last time. @throws what the client throws. */
  printNew(agent: Pick<WorkspaceAgent, 'id'>): Promise<void>
}

/** Shows a person who waits for the start scripts what they print. */
export function createLogPrinter(
  client: Pick<CoderClient, 'call'>,
  /** Cleans what it is given: a log has anything in it. */
  report: (line: string) => void,
): LogPrinter {
  /** By agent: a workspace that is started anew meanwhile has another one. */
  const lastIds = new Map<string, number>()
  return {
    async printNew({ id }) {
      const lines = await client.call(workspaceAgentsRoutes.logs, {
        params: { workspaceagent: id },
        query: { after: lastIds.get(id) ?? 0 },
      })
      for (const line of lines) {
        report(line.output)
        lastIds.set(id, line.id)
      }
    },
  }
}
