import { execFile } from 'node:child_process'
import { readFileSync, readdirSync, readlinkSync } from 'node:fs'
import { promisify } from 'node:util'

export interface ListeningPort {
  readonly process_name: string
  readonly port: number
}

const run = promisify(execFile)
/** `TCP_LISTEN` of include/net/tcp_states.h, as proc_net_tcp(5) prints it. */
const listenState = '0A'

/** The TCP ports these processes listen on, in order, each once. On Windows none is found. */
export async function listListeningPorts(pids: readonly number[]): Promise<ListeningPort[]> {
  if (pids.length === 0) return []
  const found = process.platform === 'linux' ? fromProc(pids) : await fromLsof(pids)
  const byPort = new Map(found.map((entry) => [entry.port, entry]))
  return [...byPort.values()].sort((a, b) => a.port - b.port)
}

function fromProc(pids: readonly number[]): ListeningPort[] {
  // A socket is named by its inode: the tables give the port to the inode, the process's descriptors the inode.
  const ports = new Map([...readTable('tcp'), ...readTable('tcp6')])
  return pids.flatMap((pid) => {
    const listening = socketsOf(pid).flatMap((inode) => ports.get(inode) ?? [])
    if (listening.length === 0) return []
    const process_name = readText(`/proc/${pid}/comm`).trim()
    return listening.map((port) => ({ process_name, port }))
  })
}

function readTable(name: 'tcp' | 'tcp6'): [inode: string, port: number][] {
  return parseSocketTable(readText(`/proc/net/${name}`))
}

/** The listening sockets of a table such as /proc/net/tcp: inode and port. */
export function parseSocketTable(text: string): [inode: string, port: number][] {
  return text
    .split('\n')
    .slice(1)
    .flatMap((line): [string, number][] => {
      const fields = line.trim().split(/\s+/)
      const [, local = '', , state] = fields
      const inode = fields[9]
      if (state !== listenState || inode === undefined) return []
      return [[inode, Number.parseInt(local.slice(local.lastIndexOf(':') + 1), 16)]]
    })
}

function socketsOf(pid: number): string[] {
  const folder = `/proc/${pid}/fd`
  let names: string[]
  try {
    names = readdirSync(folder)
  } catch {
    // It ended meanwhile, or changed its user: then its sockets are not ours to know.
    return []
  }
  return names.flatMap((name) => {
    try {
      return /^socket:\[(\d+)\]$/.exec(readlinkSync(`${folder}/${name}`))?.[1] ?? []
    } catch {
      // Closed between the two looks.
      return []
    }
  })
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    // A kernel without IPv6 has no table for it, and a process may be gone.
    return ''
  }
}

async function fromLsof(pids: readonly number[]): Promise<ListeningPort[]> {
  if (process.platform === 'win32') return []
  try {
    const args = ['-nP', '-a', '-p', pids.join(','), '-iTCP', '-sTCP:LISTEN', '-F', 'pcn']
    const { stdout } = await run('lsof', args, { maxBuffer: 4 * 1024 * 1024 })
    return parseLsof(stdout)
  } catch (error) {
    // lsof answers 1 when it found nothing, which is an answer.
    if (error instanceof Error && 'code' in error && error.code === 1) return []
    throw error
  }
}

/** The output of `lsof -F pcn`: a line a field, its first letter says which. */
export function parseLsof(text: string): ListeningPort[] {
  let process_name = ''
  return text.split('\n').flatMap((line) => {
    if (line.startsWith('c')) process_name = line.slice(1)
    const port = /^n.*:(\d+)$/.exec(line)?.[1]
    return port === undefined ? [] : [{ process_name, port: Number(port) }]
  })
}
