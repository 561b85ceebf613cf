/** Who listens on a port of this computer, as far as the system tells this user. */
import { execFile } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { promisify } from 'node:util'
import { readListeningSockets, readProcText, socketsOfProcess } from '../../lib/proc-sockets.ts'

export interface PortOwner {
  readonly pid: number
  /** What the system calls the program; text of a stranger. */
  readonly name: string
}

type Run = (program: string, args: readonly string[]) => Promise<string>

/** Nobody waits longer to read whose a port is. */
const timeoutMs = 5000

const runProgram: Run = async (program, args) => {
  const { stdout } = await promisify(execFile)(program, [...args], { timeout: timeoutMs, windowsHide: true })
  return stdout
}

/** `undefined`: nobody any more, or a process of another user. Never throws. */
export async function findPortOwner(
  port: number,
  platform: NodeJS.Platform = process.platform,
  run: Run = runProgram,
): Promise<PortOwner | undefined> {
  try {
    if (platform === 'linux') return ownerFromProc(port)
    return platform === 'win32' ? await ownerFromNetstat(port, run) : await ownerFromLsof(port, run)
  } catch {
    // A system without the program, or one where it found nothing: then it is not told.
    return undefined
  }
}

function ownerFromProc(port: number): PortOwner | undefined {
  const inodes = new Set(readListeningSockets().flatMap(([inode, bound]) => (bound === port ? [inode] : [])))
  if (inodes.size === 0) return undefined
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  const pid = pids.map(Number).find((one) => socketsOfProcess(one).some((inode) => inodes.has(inode)))
  return pid === undefined ? undefined : { pid, name: readProcText(`/proc/${String(pid)}/comm`).trim() }
}

async function ownerFromLsof(port: number, run: Run): Promise<PortOwner | undefined> {
  // A line a field, its first letter says which.
  const text = await run('lsof', ['-nP', `-iTCP:${String(port)}`, '-sTCP:LISTEN', '-F', 'pc'])
  const pid = /^p(\d+)$/m.exec(text)?.[1]
  return pid === undefined ? undefined : { pid: Number(pid), name: /^c(.*)$/m.exec(text)?.[1] ?? '' }
}

async function ownerFromNetstat(port: number, run: Run): Promise<PortOwner | undefined> {
  const table = await run('netstat', ['-ano', '-p', 'TCP'])
  // The words of the states are translated; only a listening socket has no peer.
  const line = new RegExp(
    String.raw`^\s*TCP\s+\S+:${String(port)}\s+(?:0\.0\.0\.0|\[::\]):0\s+\S+\s+(\d+)\s*$`,
    'm',
  )
  const pid = line.exec(table)?.[1]
  if (pid === undefined) return undefined
  const tasks = await run('tasklist', ['/FI', `PID eq ${pid}`, '/FO', 'CSV', '/NH'])
  return { pid: Number(pid), name: /^"([^"]*)"/m.exec(tasks)?.[1] ?? '' }
}
