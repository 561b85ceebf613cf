import { execFile } from 'node:child_process'
import { readFileSync, readdirSync } from 'node:fs'
import { promisify } from 'node:util'

export interface RunningProcess {
  readonly pid: number
  readonly parent: number
  readonly group: number
  readonly session: number
}

const run = promisify(execFile)

/** Every process of the machine that still runs; one that has ended and waits for its parent is left out. */
export async function listProcesses(): Promise<RunningProcess[]> {
  if (process.platform === 'linux') return listFromProc()
  // macOS: `sess` prints an address there, so the group stands in for it.
  const { stdout } = await run('ps', ['-A', '-o', 'pid=,ppid=,pgid=,state='], { maxBuffer: 16 * 1024 * 1024 })
  return stdout.split('\n').flatMap((line) => {
    const [pid, parent, group, state] = line.trim().split(/\s+/)
    if (pid === undefined || state === undefined || state.startsWith('Z')) return []
    return [{ pid: Number(pid), parent: Number(parent), group: Number(group), session: Number(group) }]
  })
}

function listFromProc(): RunningProcess[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return []
    const stat = readProc(name, 'stat')
    if (stat === undefined) return []
    // The command in parentheses may hold spaces and parentheses itself: fields count from the last one (proc(5)).
    const [state, parent, group, session] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    if (state === 'Z' || state === 'X' || state === undefined) return []
    return [{ pid: Number(name), parent: Number(parent), group: Number(group), session: Number(session) }]
  })
}

/** The processes whose environment at their start held exactly this variable. Linux only; elsewhere none. */
export function listProcessesWith(variable: string, value: string): number[] {
  if (process.platform !== 'linux') return []
  const wanted = `${variable}=${value}`
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return []
    return readProc(name, 'environ')?.split('\0').includes(wanted) === true ? [Number(name)] : []
  })
}

/** Undefined for a process that ended meanwhile or is another user's: neither is ours to end. */
function readProc(pid: string, file: 'stat' | 'environ'): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8')
  } catch {
    return undefined
  }
}
