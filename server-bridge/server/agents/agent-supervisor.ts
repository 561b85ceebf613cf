import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { type AgentInit, agentToParentSchema } from '../../contract/agent-link.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Logger } from '../../lib/logger.ts'
import type { HostedProcess, ProcessHost } from '../../lib/process-host.ts'
import type { AgentPlace, AgentRecords } from '../services/agent-records.ts'
import type { AgentLinks } from './agent-links.ts'

/** Starts, keeps and ends the agent processes of running workspaces. */
export interface AgentSupervisor {
  /** Runs these agents from now on, each in the folder of its workspace. */
  start(places: readonly AgentPlace[]): void
  /** Ends the agents of a workspace after their stop scripts; returns when their processes are gone. */
  stop(workspaceId: string, reason: 'stop' | 'delete'): Promise<void>
  /** Removes what the workspace left on disk. */
  removeFolder(workspaceId: string): void
  /** Brings back the agents of all workspaces that were left running. */
  restore(): void
  /** Ends every process quickly; the workspaces stay running in the records, so that `restore` finds them. */
  close(): Promise<void>
}

export interface AgentSupervisorDeps {
  readonly processHost: ProcessHost
  readonly records: AgentRecords
  readonly links: AgentLinks
  readonly clock: Clock
  readonly logger: Logger
  readonly workspacesDir: string
  readonly serverUrl: () => string
}

/** How long an agent of the last run may take to dial again before another is started in its place. */
const SURVIVOR_WAIT_MS = 5_000
/** Stop scripts have time limits of their own; this is for an agent that hangs. */
const SHUTDOWN_TIMEOUT_MS = 60_000
const EXIT_TIMEOUT_MS = 5_000
const RESTART_DELAYS_MS = [250, 1_000, 3_000, 10_000, 30_000]
/** A process that lived this long was not a failed start. */
const HEALTHY_AFTER_MS = 60_000

interface Kept {
  readonly place: AgentPlace
  process: HostedProcess | undefined
  startedAt: number
  failures: number
  cancelTimer: () => void
  ending: boolean
}

export function createAgentSupervisor(deps: AgentSupervisorDeps): AgentSupervisor {
  const { processHost, records, links, clock, logger, workspacesDir, serverUrl } = deps
  const kept = new Map<string, Kept>()
  const folderOf = (workspaceId: string): string => join(workspacesDir, workspaceId)

  const keep = (place: AgentPlace): Kept => {
    const entry: Kept = {
      place,
      process: undefined,
      startedAt: 0,
      failures: 0,
      cancelTimer: () => undefined,
      ending: false,
    }
    kept.set(place.agent.id, entry)
    return entry
  }

  const spawn = (entry: Kept): void => {
    const { id: agentId } = entry.place.agent
    const homeDir = folderOf(entry.place.workspaceId)
    mkdirSync(homeDir, { recursive: true, mode: 0o700 })
    const init: AgentInit = {
      type: 'init',
      serverUrl: serverUrl(),
      agentToken: records.mintToken(agentId),
      agentId,
      homeDir,
    }
    const child = processHost.spawn('agent')
    entry.process = child
    entry.startedAt = clock.now()
    child.onMessage((message) => {
      const report = agentToParentSchema.safeParse(message)
      if (!report.success) return
      if (report.data.type === 'started') records.setProcessId(agentId, report.data.pid)
      else logger.error('A workspace agent gave up', { agentId, reason: report.data.message })
    })
    child.onExit((exitCode) => {
      if (entry.process !== child) return
      entry.process = undefined
      if (!entry.ending) restartLater(entry, exitCode)
    })
    child.post(init)
  }

  const restartLater = (entry: Kept, exitCode: number | null): void => {
    if (clock.now() - entry.startedAt > HEALTHY_AFTER_MS) entry.failures = 0
    const delayMs = RESTART_DELAYS_MS[Math.min(entry.failures, RESTART_DELAYS_MS.length - 1)] ?? 0
    entry.failures += 1
    const agentId = entry.place.agent.id
    logger.warn('A workspace agent ended by itself: starting it again', { agentId, exitCode, delayMs })
    entry.cancelTimer = clock.after(delayMs, () => spawn(entry))
  }

  /** An agent of the last run has no process of ours: only its link tells that it lives. */
  const adopt = (entry: Kept): void => {
    entry.cancelTimer = clock.after(SURVIVOR_WAIT_MS, () => {
      if (!links.isLinked(entry.place.agent.id)) spawn(entry)
    })
  }

  const stopWatchingLinks = links.onChange((agentId) => {
    const entry = kept.get(agentId)
    if (!entry || entry.ending || entry.process) return
    entry.cancelTimer()
    if (!links.isLinked(agentId)) adopt(entry)
  })

  const end = async (entry: Kept, reason: 'stop' | 'delete'): Promise<void> => {
    entry.ending = true
    entry.cancelTimer()
    await links.shutDown(entry.place.agent.id, reason, SHUTDOWN_TIMEOUT_MS)
    await endProcess(clock, entry.process)
    kept.delete(entry.place.agent.id)
  }

  return {
    start(places) {
      for (const place of places) spawn(keep(place))
    },
    async stop(workspaceId, reason) {
      const entries = [...kept.values()].filter(({ place }) => place.workspaceId === workspaceId)
      await Promise.all(entries.map((entry) => end(entry, reason)))
    },
    removeFolder(workspaceId) {
      rmSync(folderOf(workspaceId), { recursive: true, force: true, maxRetries: 3 })
    },
    restore() {
      for (const place of records.wanted()) {
        const entry = keep(place)
        if (processRuns(place.agent.process_id)) adopt(entry)
        else spawn(entry)
      }
    },
    async close() {
      stopWatchingLinks()
      const entries = [...kept.values()]
      for (const entry of entries) {
        entry.ending = true
        entry.cancelTimer()
      }
      await Promise.all(entries.map((entry) => endProcess(clock, entry.process)))
      kept.clear()
    },
  }
}

/** Asks the process to end, in case it has not by itself, and waits for it for a while. */
async function endProcess(clock: Clock, child: HostedProcess | undefined): Promise<void> {
  if (!child) return
  await new Promise<void>((resolve) => {
    const cancel = clock.after(EXIT_TIMEOUT_MS, resolve)
    child.onExit(() => {
      cancel()
      resolve()
    })
    child.kill()
  })
}

function processRuns(pid: number | null): boolean {
  if (pid === null) return false
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
