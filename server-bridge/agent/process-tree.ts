import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { Clock } from '../lib/clock.ts'
import type { Logger } from '../lib/logger.ts'
import type { AgentPlace } from './left-folders.ts'
import { listProcesses, listProcessesWhere, type RunningProcess } from './process-list.ts'
import { agentInstanceVariable, agentNameVariable, workspaceFolderVariable } from './shell-command.ts'

/** Between asking and forcing. */
const graceMs = 2_000
const pollMs = 25

export interface ProcessTree {
  /** Ends these processes and all that descends from them: asked first, forced after two seconds. */
  end(roots: readonly number[], signal: 'SIGHUP' | 'SIGTERM'): Promise<void>
  /** Ends everything this agent started, also what cut its ties by a double fork. */
  endAll(): Promise<void>
  /**
   * Ends everything that an agent of this name started in this folder, or without a name any agent: for a new one,
   * before it starts anything itself.
   */
  endLeftovers(): Promise<void>
}

export interface ProcessTreeOptions extends AgentPlace {
  /** The mark of this agent process in the environment of what it starts. */
  readonly instanceId: string
  readonly clock: Clock
  readonly logger: Logger
}

/**
 * Ends processes together with their descendants. A member is found by its ancestry, its process group or session
 * and, on Linux, by a mark in its environment, which daemons keep.
 */
export function createProcessTree(options: ProcessTreeOptions): ProcessTree {
  const { clock, logger, homeDir, agentName, instanceId } = options

  async function endMembers(find: () => Promise<number[]>, signal: 'SIGHUP' | 'SIGTERM'): Promise<void> {
    if (await signalUntilGone(find, signal)) return
    if (await signalUntilGone(find, 'SIGKILL')) return
    logger.warn('Processes of the workspace could not be ended', { pids: await find() })
  }

  /** Answers whether all are gone within the grace. Whoever appears meanwhile gets the signal as well. */
  async function signalUntilGone(find: () => Promise<number[]>, signal: NodeJS.Signals): Promise<boolean> {
    const signalled = new Set<number>()
    const deadline = clock.now() + graceMs
    for (;;) {
      const members = await find()
      if (members.length === 0) return true
      for (const pid of members) {
        if (signalled.has(pid) && signal !== 'SIGKILL') continue
        signalled.add(pid)
        sendSignal(pid, signal)
      }
      if (clock.now() >= deadline) return false
      await new Promise<void>((resolve) => {
        clock.after(pollMs, resolve)
      })
    }
  }

  async function endMarked(isOurs: (environment: readonly string[]) => boolean): Promise<void> {
    await endMembers(async () => {
      const marked = new Set(await listProcessesWhere(isOurs))
      if (marked.size === 0) return []
      const processes = await listProcesses()
      // The app may itself have been started from a shell of this workspace.
      for (const pid of ancestorsOf(process.pid, processes)) marked.delete(pid)
      return processes.filter((running) => marked.has(running.pid)).map((running) => running.pid)
    }, 'SIGTERM')
  }

  return {
    async end(roots, signal) {
      if (roots.length === 0) return
      if (process.platform === 'win32') {
        await endOnWindows(roots)
        return
      }
      // Ancestry is lost when a parent ends, so who was seen once stays a member.
      const known = new Set(roots)
      await endMembers(async () => collectMembers(known, await listProcesses()), signal)
    },
    endAll: () => endMarked((environment) => environment.includes(`${agentInstanceVariable}=${instanceId}`)),
    endLeftovers: () =>
      endMarked(
        (environment) =>
          environment.includes(`${workspaceFolderVariable}=${homeDir}`) &&
          (agentName === null || isOfAgent(environment, agentName)),
      ),
  }
}

/** What names no agent at all is whoever's comes first: an older version left it, or it dropped the name itself. */
function isOfAgent(environment: readonly string[], agentName: string): boolean {
  const mark = `${agentNameVariable}=`
  return environment.includes(mark + agentName) || !environment.some((entry) => entry.startsWith(mark))
}

/** Adds to `known` everything that descends from or shares a group or session with it; answers who still runs. */
function collectMembers(known: Set<number>, processes: readonly RunningProcess[]): number[] {
  const protectedPids = ancestorsOf(process.pid, processes)
  let size: number
  do {
    size = known.size
    for (const running of processes) {
      if (protectedPids.has(running.pid)) continue
      if (known.has(running.parent) || known.has(running.group) || known.has(running.session))
        known.add(running.pid)
    }
  } while (known.size > size)
  return processes.filter((running) => known.has(running.pid)).map((running) => running.pid)
}

function ancestorsOf(pid: number, processes: readonly RunningProcess[]): Set<number> {
  const parents = new Map(processes.map((running) => [running.pid, running.parent]))
  const ancestors = new Set<number>()
  for (
    let current: number | undefined = pid;
    current !== undefined && current > 0;
    current = parents.get(current)
  ) {
    if (ancestors.has(current)) break
    ancestors.add(current)
  }
  return ancestors
}

function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    // It ended by itself in between, or belongs to another user after a `sudo`: the next look tells.
    if (!(error instanceof Error && 'code' in error && (error.code === 'ESRCH' || error.code === 'EPERM')))
      throw error
  }
}

async function endOnWindows(roots: readonly number[]): Promise<void> {
  const run = promisify(execFile)
  // A tree that is gone already makes taskkill fail with 128, which is what was wanted.
  await Promise.allSettled(roots.map((pid) => run('taskkill', ['/PID', String(pid), '/T', '/F'])))
}
