import { randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { type AgentInit, agentToParentSchema } from '../../contract/agent-link.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Logger } from '../../lib/logger.ts'
import type { HostedProcess, ProcessHost } from '../../lib/process-host.ts'
import type { AgentPlace, AgentRecords } from '../services/agent-records.ts'
import type { AgentLinks } from './agent-links.ts'

/** Starts, keeps and ends the agent processes of running workspaces. */
export interface AgentSupervisor {
  /** Runs these agents from now on, each in the folder of its workspace. @throws when a process cannot be made. */
  start(places: readonly AgentPlace[]): void
  /** Ends the agents of a workspace after their stop scripts; returns when their processes are gone. */
  stop(workspaceId: string, reason: 'stop' | 'delete'): Promise<void>
  /** Removes what a workspace left on disk. */
  removeFolder(folder: string): void
  /** Brings back the agents of all workspaces that were left running. */
  restore(): void
  /** Ends every process quickly, beginning while links are still up; the workspaces stay running in the records, so that `restore` finds them. */
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
/** What an agent gives a stop script without a time limit, and a moment to end it and what else runs. */
const SHUTDOWN_TIMEOUT_MS = 75_000
const SHUTDOWN_GRACE_MS = 15_000
/** A stop is over at last, whatever a template allows its scripts. */
const MAX_SHUTDOWN_MS = 15 * 60_000
const EXIT_TIMEOUT_MS = 5_000
/** An agent gives each shell of a workspace that is being stopped two seconds and more; then nothing waits any longer. */
const KILL_AFTER_MS = 10_000
const SWEEP_TIMEOUT_MS = 15_000
const SURVIVOR_POLL_MS = 25
const SURVIVOR_LOOK_MS = 100
const RESTART_DELAYS_MS = [250, 1_000, 3_000, 10_000, 30_000]
/** A process that lived this long was not a failed start. */
const HEALTHY_AFTER_MS = 60_000

interface Kept {
  readonly place: AgentPlace
  process: HostedProcess | undefined
  /** An agent of the last run, which only its parent could have handed over. */
  survivorPid: number | undefined
  startedAt: number
  failures: number
  cancelTimer: () => void
  ending: boolean
}

export function createAgentSupervisor(deps: AgentSupervisorDeps): AgentSupervisor {
  const { processHost, records, links, clock, logger, workspacesDir, serverUrl } = deps
  const kept = new Map<string, Kept>()
  let isOpen = true
  const pathOf = (folder: string): string => join(workspacesDir, folder)

  const keep = (place: AgentPlace): Kept => {
    const entry: Kept = {
      place,
      process: undefined,
      survivorPid: undefined,
      startedAt: 0,
      failures: 0,
      cancelTimer: () => undefined,
      ending: false,
    }
    kept.set(place.agent.id, entry)
    return entry
  }

  const spawn = (entry: Kept): void => {
    const { id: agentId, name: agentName } = entry.place.agent
    const homeDir = pathOf(entry.place.workspaceFolder)
    mkdirSync(homeDir, { recursive: true, mode: 0o700 })
    const init: AgentInit = {
      type: 'init',
      serverUrl: serverUrl(),
      agentToken: records.mintToken(agentId),
      agentId,
      agentName,
      homeDir,
    }
    const child = processHost.spawn('agent')
    entry.process = child
    entry.survivorPid = undefined
    entry.startedAt = clock.now()
    child.onMessage((message) => {
      const report = agentToParentSchema.safeParse(message)
      if (!report.success) return
      if (report.data.type === 'started') rememberProcess(agentId, report.data.pid)
      else logger.error('A workspace agent gave up', { agentId, reason: report.data.message })
    })
    child.onExit((exitCode) => {
      if (entry.process !== child) return
      entry.process = undefined
      if (!entry.ending) restartLater(entry, exitCode)
    })
    child.post(init)
  }

  /** Only a hint for the next start, so a full disk must not end anything here. */
  const rememberProcess = (agentId: string, pid: number): void => {
    try {
      records.setProcessId(agentId, pid)
    } catch (error) {
      logger.error('The process of an agent could not be written down', { agentId, error: String(error) })
    }
  }

  const restartLater = (entry: Kept, exitCode: number | null): void => {
    if (clock.now() - entry.startedAt > HEALTHY_AFTER_MS) entry.failures = 0
    const delayMs = RESTART_DELAYS_MS[Math.min(entry.failures, RESTART_DELAYS_MS.length - 1)] ?? 0
    entry.failures += 1
    const agentId = entry.place.agent.id
    logger.warn('A workspace agent ended by itself: starting it again', { agentId, exitCode, delayMs })
    entry.cancelTimer = clock.after(delayMs, () => trySpawn(entry))
  }

  /** For starts that nobody waits for: what goes wrong is tried again. */
  const trySpawn = (entry: Kept): void => {
    try {
      spawn(entry)
    } catch (error) {
      logger.error('A workspace agent could not be started', {
        agentId: entry.place.agent.id,
        error: error instanceof Error ? error.message : String(error),
      })
      entry.startedAt = clock.now()
      restartLater(entry, null)
    }
  }

  /** An agent of the last run has no process of ours: only its link tells that it lives. */
  const adopt = (entry: Kept): void => {
    const deadline = clock.now() + SURVIVOR_WAIT_MS
    const look = (): void => {
      if (links.isLinked(entry.place.agent.id)) return
      // Under plain Node it ends with the last server, a moment after it: no need to wait for a link then.
      const mayCome = entry.survivorPid === undefined || processRuns(entry.survivorPid)
      if (mayCome && clock.now() < deadline) entry.cancelTimer = clock.after(SURVIVOR_LOOK_MS, look)
      else trySpawn(entry)
    }
    entry.cancelTimer = clock.after(SURVIVOR_LOOK_MS, look)
  }

  const stopWatchingLinks = links.onChange((agentId) => {
    const entry = kept.get(agentId)
    if (!entry || entry.ending || entry.process) return
    entry.cancelTimer()
    if (!links.isLinked(agentId)) adopt(entry)
  })

  /**
   * Ends what agents of a workspace left running that were killed, where no others follow in their places: an agent does
   * that before anything else. None of them may still run. The token of this one is nobody's, so the server refuses it
   * and it ends.
   */
  const sweep = async (place: AgentPlace): Promise<void> => {
    const { id: agentId } = place.agent
    const homeDir = pathOf(place.workspaceFolder)
    if (!isOpen || !existsSync(homeDir)) return
    try {
      const sweeper = processHost.spawn('agent')
      const init = {
        type: 'init',
        serverUrl: serverUrl(),
        agentToken: randomUUID(),
        agentId,
        agentName: null,
        homeDir,
      } as const
      await untilSwept(clock, sweeper, init satisfies AgentInit)
      await endProcess(clock, sweeper, KILL_AFTER_MS, 'SIGKILL')
    } catch (error) {
      logger.error('What a killed agent left behind could not be ended', { agentId, error: String(error) })
    }
  }

  /** Answers whether it ended in order, with all that it ran. */
  const end = async (entry: Kept, reason: 'stop' | 'delete'): Promise<boolean> => {
    entry.ending = true
    entry.cancelTimer()
    const { id: agentId } = entry.place.agent
    // A process id alone proves nothing: something else may have it by now. The link does.
    const survivorPid = links.isLinked(agentId) ? entry.survivorPid : undefined
    const wantedMs = records.longestStopSeconds(agentId) * 1000 + SHUTDOWN_GRACE_MS
    const timeoutMs = Math.min(Math.max(wantedMs, SHUTDOWN_TIMEOUT_MS), MAX_SHUTDOWN_MS)
    const isTidy = await links.shutDown(agentId, reason, timeoutMs)
    await endProcess(clock, entry.process, KILL_AFTER_MS, 'SIGKILL')
    if (survivorPid !== undefined) await endSurvivor(clock, survivorPid)
    return isTidy
  }

  return {
    start(places) {
      for (const place of places) {
        const entry = keep(place)
        // A build that ends while the server leaves: the next start brings its agents up.
        if (isOpen) spawn(entry)
      }
    },
    async stop(workspaceId, reason) {
      const entries = [...kept.values()].filter(({ place }) => place.workspaceId === workspaceId)
      const [first] = entries
      if (first === undefined) return
      // Once all have ended: the stop scripts of one would count as what another one left.
      const areTidy = await Promise.all(entries.map((entry) => end(entry, reason)))
      if (areTidy.includes(false)) await sweep(first.place)
      for (const entry of entries) kept.delete(entry.place.agent.id)
    },
    removeFolder(folder) {
      rmSync(pathOf(folder), { recursive: true, force: true, maxRetries: 3 })
    },
    restore() {
      for (const place of records.wanted()) {
        const entry = keep(place)
        const { process_id: pid } = place.agent
        if (pid !== null && processRuns(pid)) {
          entry.survivorPid = pid
          adopt(entry)
        } else trySpawn(entry)
      }
    },
    async close() {
      isOpen = false
      stopWatchingLinks()
      const ends = [...kept.values()].map(async (entry) => {
        entry.ending = true
        entry.cancelTimer()
        const { process: child, survivorPid } = entry
        const isLinked = links.isLinked(entry.place.agent.id)
        if (child) await endProcess(clock, child, EXIT_TIMEOUT_MS)
        else if (survivorPid !== undefined && isLinked) await endSurvivor(clock, survivorPid)
      })
      await Promise.all(ends)
      kept.clear()
    },
  }
}

/** Asks the process to end, in case it has not by itself, and waits for it for a while; `then` is what ends it after that. */
async function endProcess(
  clock: Clock,
  child: HostedProcess | undefined,
  timeoutMs: number,
  then?: 'SIGKILL',
): Promise<void> {
  if (!child) return
  await new Promise<void>((resolve) => {
    let cancel = clock.after(timeoutMs, () => {
      // Zero would be this process's own group. Without an exit, the id is still the child's.
      if (then === undefined || !child.pid) resolve()
      else {
        signal(child.pid, then)
        cancel = clock.after(EXIT_TIMEOUT_MS, resolve)
      }
    })
    child.onExit(() => {
      cancel()
      resolve()
    })
    child.kill()
  })
}

/** Waits until the agent has ended what it found, or has ended itself. */
async function untilSwept(clock: Clock, sweeper: HostedProcess, init: AgentInit): Promise<void> {
  await new Promise<void>((resolve) => {
    const cancel = clock.after(SWEEP_TIMEOUT_MS, resolve)
    const done = (): void => {
      cancel()
      resolve()
    }
    // It reports its start when nothing is left of a forerunner.
    sweeper.onMessage((message) => {
      if (agentToParentSchema.safeParse(message).success) done()
    })
    sweeper.onExit(done)
    sweeper.post(init)
  })
}

/** Waits for a process that is not our child, which there is no event for; what does not end in time is killed. */
async function endSurvivor(clock: Clock, pid: number): Promise<void> {
  signal(pid, 'SIGTERM')
  const deadline = clock.now() + EXIT_TIMEOUT_MS
  while (processRuns(pid)) {
    if (clock.now() > deadline) {
      signal(pid, 'SIGKILL')
      return
    }
    await new Promise<void>((resolve) => clock.after(SURVIVOR_POLL_MS, resolve))
  }
}

/** Answers whether there was such a process. */
function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    process.kill(pid, name)
    return true
  } catch {
    return false
  }
}

const processRuns = (pid: number): boolean => signal(pid, 0)
