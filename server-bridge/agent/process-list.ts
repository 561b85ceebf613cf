import { execFile } from 'node:child_process'
import { readFileSync, readdirSync, readlinkSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
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

/** How often, and how long apart, a process in the middle of an execve(2) is looked at again. */
const looks = 20
const betweenLooksMs = 2

/** The processes whose environment at their start held exactly this variable. Linux only; elsewhere none. */
export function listProcessesWith(variable: string, value: string): Promise<number[]> {
  const wanted = `${variable}=${value}`
  return listProcessesWhere((environment) => environment.includes(wanted))
}

/** The processes whose environment at their start, as `NAME=value`, is accepted. Linux only; elsewhere none. */
export async function listProcessesWhere(
  accepts: (environment: readonly string[]) => boolean,
): Promise<number[]> {
  if (process.platform !== 'linux') return []
  const found: number[] = []
  let waiting = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  for (let look = 0; look < looks && waiting.length > 0; look += 1) {
    if (look > 0) await setTimeout(betweenLooksMs)
    waiting = waiting.filter((name) => {
      const environment = readProc(name, 'environ')
      if (environment !== undefined && accepts(environment.split('\0'))) found.push(Number(name))
      return environment === '' && hasProgram(name)
    })
  }
  return found
}

/**
 * The processes of a workspace: on Linux those with its mark in their environment, elsewhere, where that cannot be read,
 * those that descend from this process.
 */
export async function listMembers(variable: string, value: string): Promise<number[]> {
  if (process.platform === 'linux') return listProcessesWith(variable, value)
  if (process.platform === 'win32') return []
  const children = new Map<number, number[]>()
  for (const { pid, parent } of await listProcesses())
    children.set(parent, [...(children.get(parent) ?? []), pid])
  const members: number[] = []
  const waiting = [...(children.get(process.pid) ?? [])]
  for (let pid = waiting.pop(); pid !== undefined; pid = waiting.pop()) {
    members.push(pid)
    waiting.push(...(children.get(pid) ?? []))
  }
  return members
}

/**
 * While a process passes from one program to the next, the kernel shows its environment as empty (`environ_read` in
 * fs/proc/base.c), though it will have one in a moment. Kernel threads and the dead have none either, and no program.
 */
function hasProgram(pid: string): boolean {
  try {
    return readlinkSync(`/proc/${pid}/exe`) !== ''
  } catch {
    return false
  }
}

/** Undefined for a process that ended meanwhile or is another user's: neither is ours to end. */
function readProc(pid: string, file: 'stat' | 'environ'): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8')
  } catch {
    return undefined
  }
}
