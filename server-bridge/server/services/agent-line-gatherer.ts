import type { Database } from '../db/database.ts'
import type { AgentLogs, LogLine } from './agent-logs.ts'

type NumberedLine = LogLine & { readonly seq: number }

/** Takes the lines of agents that write a lot, and keeps them in few transactions. */
export interface AgentLineGatherer {
  /** Keeps the lines soon. `onFailure` hears why they could not be kept; their agent has them still. */
  add(agentId: string, lines: readonly NumberedLine[], onFailure: (error: unknown) => void): void
  /** Keeps now what waits. */
  flush(): void
}

/**
 * Between the end of one write and the next. Each waits for the disk while nothing else is answered, so a chunk of a
 * link is too little for one.
 */
const GAP_MS = 50

interface Waiting {
  lines: NumberedLine[]
  onFailure: (error: unknown) => void
}

export function createAgentLineGatherer(
  db: Database,
  logs: Pick<AgentLogs, 'appendNumbered'>,
): AgentLineGatherer {
  let waiting = new Map<string, Waiting>()
  let timer: NodeJS.Timeout | undefined
  let writtenAt = -GAP_MS

  const flush = (): void => {
    clearTimeout(timer)
    timer = undefined
    const batch = waiting
    if (batch.size === 0) return
    waiting = new Map()
    try {
      db.transaction(() => {
        for (const [agentId, { lines }] of batch) logs.appendNumbered(agentId, lines)
      })
    } catch {
      // What one agent sent must not cost the lines of the others.
      for (const entry of batch) keepAlone(...entry)
    } finally {
      writtenAt = performance.now()
    }
  }
  const keepAlone = (agentId: string, { lines, onFailure }: Waiting): void => {
    try {
      logs.appendNumbered(agentId, lines)
    } catch (error) {
      onFailure(error)
    }
  }

  return {
    add(agentId, lines, onFailure) {
      const known = waiting.get(agentId)
      if (known) {
        known.lines.push(...lines)
        known.onFailure = onFailure
      } else waiting.set(agentId, { lines: [...lines], onFailure })
      timer ??= setTimeout(flush, Math.max(0, writtenAt + GAP_MS - performance.now()))
    },
    flush,
  }
}
