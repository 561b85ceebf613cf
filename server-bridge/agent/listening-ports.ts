import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { readListeningSockets, readProcText, socketsOfProcess } from '../lib/proc-sockets.ts'

export interface ListeningPort {
  readonly process_name: string
  readonly port: number
}

const run = promisify(execFile)

/** The TCP ports these processes listen on, in order, each once. On Windows none is found. */
export async function listListeningPorts(pids: readonly number[]): Promise<ListeningPort[]> {
  if (pids.length === 0) return []
  const found = process.platform === 'linux' ? fromProc(pids) : await fromLsof(pids)
  const byPort = new Map(found.map((entry) => [entry.port, entry]))
  return [...byPort.values()].sort((a, b) => a.port - b.port)
}

function fromProc(pids: readonly number[]): ListeningPort[] {
  const ports = new Map(readListeningSockets())
  return pids.flatMap((pid) => {
    const listening = socketsOfProcess(pid).flatMap((inode) => ports.get(inode) ?? [])
    if (listening.length === 0) return []
    const process_name = readProcText(`/proc/${pid}/comm`).trim()
    return listening.map((port) => ({ process_name, port }))
  })
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
