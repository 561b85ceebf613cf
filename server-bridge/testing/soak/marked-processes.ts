import { readFileSync } from 'node:fs'
import { listProcesses, listProcessesWith } from '../../agent/process-list.ts'

export interface MarkedProcess {
  readonly pid: number
  readonly command: string
  readonly isAgent: boolean
  /** Below the given process, or that process itself. */
  readonly isBelow: boolean
}

/** Every process that was started, however indirectly, with this temporary folder. Linux only. */
export async function markedProcesses(tmpDir: string, rootPid: number): Promise<MarkedProcess[]> {
  const marked = await listProcessesWith('TMPDIR', tmpDir)
  const running = await listProcesses()
  const parents = new Map(running.map(({ pid, parent }) => [pid, parent]))
  const isBelow = (pid: number | undefined): boolean =>
    pid !== undefined && pid > 1 && (pid === rootPid || isBelow(parents.get(pid)))
  return marked
    .filter((pid) => parents.has(pid))
    .map((pid) => {
      const command = readCommand(pid)
      return {
        pid,
        command,
        isAgent: /\/server-bridge\/(?:bin\/)?agent\.[jt]s/.test(command),
        isBelow: isBelow(pid),
      }
    })
}

function readCommand(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim()
  } catch {
    return ''
  }
}
