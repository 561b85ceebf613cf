/** Who holds which TCP port, as Linux tells it: tables give the port to an inode, a process's descriptors the inode. */
import { readFileSync, readdirSync, readlinkSync } from 'node:fs'

/** `TCP_LISTEN` of include/net/tcp_states.h, as proc_net_tcp(5) prints it. */
const listenState = '0A'

/** The listening sockets of this machine: inode and port. */
export function readListeningSockets(): [inode: string, port: number][] {
  return (['tcp', 'tcp6'] as const).flatMap((name) => parseSocketTable(readProcText(`/proc/net/${name}`)))
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

/** Inodes of the sockets that a process holds; none where it is not ours to know. */
export function socketsOfProcess(pid: number): string[] {
  const folder = `/proc/${String(pid)}/fd`
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

/** Empty where there is no such file: a kernel without IPv6 has no table for it, and a process may be gone. */
export function readProcText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
