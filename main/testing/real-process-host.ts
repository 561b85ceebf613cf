/** The helper processes for real, as children of plain Node. Ports cannot be transferred to them: no window asks. */
import { createChildProcessHost } from '#bridge/lib/child-process-host'
import { builtProgram } from '#bridge/testing/built-program'
import type { HostedProcess, ProcessEntry } from '#bridge/lib/process-host'
import type { HostedUtilityProcess, UtilityProcessHost } from '../ports/process-host.ts'

export interface RealProcessHost extends UtilityProcessHost {
  /** Ends the newest process of an entry at once, as a crash would. */
  crash(entry: ProcessEntry): void
  /** Processes of an entry that run now. */
  pids(entry: ProcessEntry): number[]
  /** Resolves when every process that was started has ended. */
  allEnded(): Promise<void>
}

/** Makes a host that remembers what it started. */
export function createRealProcessHost(): RealProcessHost {
  const host = createChildProcessHost({ environment: process.env, resolveEntry: builtProgram })
  const started: {
    readonly entry: ProcessEntry
    readonly child: HostedProcess
    readonly ended: Promise<void>
  }[] = []
  return {
    spawn(entry): HostedUtilityProcess {
      const child = host.spawn(entry)
      const ended = new Promise<void>((resolve) => child.onExit(() => resolve()))
      started.push({ entry, child, ended })
      return Object.defineProperty(
        { ...child, postWithPorts: (message: unknown) => child.post(message) },
        'pid',
        { get: () => child.pid, enumerable: true },
      )
    },
    crash(entry) {
      const pid = started.findLast((one) => one.entry === entry)?.child.pid
      if (pid === undefined) throw new Error(`No ${entry} process runs.`)
      process.kill(pid, 'SIGKILL')
    },
    pids: (entry) =>
      started.flatMap(({ entry: its, child }) =>
        its === entry && child.pid !== undefined && isAlive(child.pid) ? [child.pid] : [],
      ),
    async allEnded() {
      await Promise.all(started.map(({ ended }) => ended))
    },
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
