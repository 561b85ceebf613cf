import { createHash } from 'node:crypto'
import { readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { toError } from '../lib/to-error.ts'

const kinds = ['script', 'git'] as const

/** What the kernel takes as the name of a socket: 104 bytes on macOS, 108 on Linux, with the NUL at its end. */
const maxSocketPathBytes = 103

/** The temporary folder, or one whose name is short enough for a socket in a folder of ours in it. */
export function socketFolder(): string {
  const longest = join(tmpdir(), `${folderPrefix('git', '')}XXXXXX`, 'agent')
  const isTooLong = process.platform !== 'win32' && Buffer.byteLength(longest) > maxSocketPathBytes
  return isTooLong ? '/tmp' : tmpdir()
}

/** Tells what one workspace's folder needs from what another's does, in the temporary folder that all share. */
export function folderPrefix(kind: (typeof kinds)[number], homeDir: string): string {
  return `outpost-${kind}-${createHash('sha256').update(homeDir).digest('hex').slice(0, 16)}-`
}

/**
 * Removes what an agent in this workspace's folder left when it was killed. For a new one, before it makes anything
 * itself. What cannot be removed keeps nothing else from it, and is answered. Never throws.
 */
export async function removeLeftFolders(
  homeDir: string,
  remove: (folder: string) => Promise<void> = (folder) => rm(folder, { recursive: true, force: true }),
): Promise<Error[]> {
  const prefixes = kinds.map((kind) => folderPrefix(kind, homeDir))
  const failures: Error[] = []
  const note = (error: unknown): void => void failures.push(toError(error))
  for (const folder of new Set([tmpdir(), socketFolder()])) {
    const names = await readdir(folder).catch((error: unknown) => {
      note(error)
      return []
    })
    const left = names.filter((name) => prefixes.some((prefix) => name.startsWith(prefix)))
    await Promise.all(left.map((name) => remove(join(folder, name)).catch(note)))
  }
  return failures
}
