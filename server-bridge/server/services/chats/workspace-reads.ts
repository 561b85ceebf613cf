import type { Clock } from '../../../lib/clock.ts'
import { firstAbort } from '../../../lib/first-abort.ts'
import type { Logger } from '../../../lib/logger.ts'
import { AgentToolError } from '../../agents/agent-tool-calls.ts'

/** What agents say of files in their workspaces, by the id of the agent. Never rejects: what cannot be read is nothing. */
export interface WorkspaceReads<T> {
  /** Waits for what is not known, or was known too long ago; what the signal ends is nothing. */
  read(agentId: string, signal: AbortSignal): Promise<T>
  /** Tells what was known last, and looks again behind that. Where nothing was, the first read gets a moment to answer. */
  known(agentId: string): Promise<T>
}

export interface WorkspaceReadsDeps<T> {
  readonly clock: Clock
  readonly logger: Logger
  /** For the log: what is read. */
  readonly what: string
  readonly nothing: T
  readonly ask: (agentId: string, signal: AbortSignal) => Promise<T>
}

interface UnderWay<T> {
  readonly answer: Promise<T>
  /** Comes when nobody should be held up by the answer any more. */
  readonly moment: Promise<void>
}

/** The steps of a turn follow each other fast, and files like these change seldom. */
const FRESH_MS = 30_000
/** Workspaces come and go, each with agents of its own. */
const KEEP_MS = 3_600_000
const MOMENT_MS = 250

export function createWorkspaceReads<T>(deps: WorkspaceReadsDeps<T>): WorkspaceReads<T> {
  const { clock, logger, what, nothing } = deps
  const answers = new Map<string, { readonly at: number; readonly value: T }>()
  const reading = new Map<string, UnderWay<T>>()

  const keep = (agentId: string, value: T): T => {
    const now = clock.now()
    for (const [id, { at }] of answers) if (now - at >= KEEP_MS) answers.delete(id)
    answers.set(agentId, { at: now, value })
    return value
  }
  const ask = async (agentId: string): Promise<T> => {
    try {
      // Of nobody who waits: others may want the answer as well. Calls of agents end by themselves.
      return await deps.ask(agentId, new AbortController().signal)
    } catch (error) {
      if (!(error instanceof AgentToolError))
        logger.debug(`${what} of a workspace could not be read`, { error: String(error) })
      return nothing
    }
  }
  const begin = (agentId: string): UnderWay<T> => {
    let cancel = (): void => undefined
    const moment = new Promise<void>((resolve) => {
      cancel = clock.after(MOMENT_MS, resolve)
    })
    const answer = ask(agentId).then((value) => {
      cancel()
      reading.delete(agentId)
      return keep(agentId, value)
    })
    const begun = { answer, moment }
    reading.set(agentId, begun)
    return begun
  }
  /** Nothing where what is known still holds. */
  const refresh = (agentId: string): UnderWay<T> | undefined => {
    const before = answers.get(agentId)
    if (before && clock.now() - before.at < FRESH_MS) return undefined
    return reading.get(agentId) ?? begin(agentId)
  }
  const last = (agentId: string): T => answers.get(agentId)?.value ?? nothing

  return {
    async read(agentId, signal) {
      const begun = refresh(agentId)
      if (!begun) return last(agentId)
      const stop = firstAbort([signal])
      try {
        return await Promise.race([begun.answer, stop.aborted.catch(() => nothing)])
      } finally {
        stop.end()
      }
    },
    async known(agentId) {
      const begun = refresh(agentId)
      if (begun && !answers.has(agentId)) await Promise.race([begun.answer, begun.moment])
      return last(agentId)
    },
  }
}
