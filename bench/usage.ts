/** Memory and processor time of a process and all below it, read from /proc. Linux only, as the budgets are. */
import { readFile } from 'node:fs/promises'
import { listDescendants, type ProcessFacts } from '../e2e/fixtures/process-tree.ts'

/** The kernel counts in ticks of 1/100 s on every Linux this runs on (`getconf CLK_TCK`). */
const ticksPerSecond = 100

/** The process and everything below it. */
export async function processTree(pid: number): Promise<readonly number[]> {
  return [pid, ...(await listDescendants(pid)).map((facts: ProcessFacts) => facts.pid)]
}

/**
 * Memory in MiB, shared pages counted by share (PSS): the resident sizes of Electron's processes would count the same
 * binary many times.
 */
export async function memoryMiB(pids: readonly number[]): Promise<number> {
  let kib = 0
  for (const pid of pids) {
    const rollup = await readFile(`/proc/${String(pid)}/smaps_rollup`, 'utf8')
    kib += Number(/^Pss:\s+(\d+) kB/m.exec(rollup)?.[1] ?? 0)
  }
  return kib / 1024
}

/** Processor time used so far, in seconds. */
export async function cpuSeconds(pids: readonly number[]): Promise<number> {
  let ticks = 0
  for (const pid of pids) {
    const stat = await readFile(`/proc/${String(pid)}/stat`, 'utf8')
    // Fields 14 and 15, counted after the name, which may hold blanks and brackets (proc(5)).
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    ticks += Number(fields[11]) + Number(fields[12])
  }
  return ticks / ticksPerSecond
}
