import { createHash } from 'node:crypto'
import { readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { toError } from '../lib/to-error.ts'

const kinds = ['script', 'git', 'vnc', 'rec'] as const
type Kind = (typeof kinds)[number]

/** Whose something is: the workspace's folder, and the name of one of its agents or null for all of them. */
export interface AgentPlace {
  readonly homeDir: string
  readonly agentName: string | null
}

/** What the kernel takes as the name of a socket: 104 bytes on macOS, 108 on Linux, with the NUL at its end. */
const maxSocketPathBytes = 103

/** The temporary folder, or one whose name is short enough for a socket in a folder of ours in it. */
export function socketFolder(): string {
  const longest = join(tmpdir(), `${folderPrefix('git', { homeDir: '', agentName: '' })}XXXXXX`, 'agent')
  const isTooLong = process.platform !== 'win32' && Buffer.byteLength(longest) > maxSocketPathBytes
  return isTooLong ? '/tmp' : tmpdir()
}

/** Tells what one agent needs from what another does, in the temporary folder that all workspaces share. */
export function folderPrefix(kind: Kind, { homeDir, agentName }: AgentPlace & { agentName: string }): string {
  return `${workspacePrefix(kind, homeDir)}${shortHash(agentName, 8)}-`
}

/**
 * Removes what an agent of this name left in this workspace's folder when it was killed; without a name, what any agent
 * of the workspace left. For a new one, before it makes anything itself. What cannot be removed keeps nothing else from
 * it, and is answered. Never throws.
 */
export async function removeLeftFolders(
  place: AgentPlace,
  remove: (folder: string) => Promise<void> = (folder) => rm(folder, { recursive: true, force: true }),
): Promise<Error[]> {
  const failures: Error[] = []
  const note = (error: unknown): void => void failures.push(toError(error))
  for (const folder of new Set([tmpdir(), socketFolder()])) {
    const names = await readdir(folder).catch((error: unknown) => {
      note(error)
      return []
    })
    const left = names.filter((name) => kinds.some((kind) => isLeft(name, kind, place)))
    await Promise.all(left.map((name) => remove(join(folder, name)).catch(note)))
  }
  return failures
}

function isLeft(name: string, kind: Kind, { homeDir, agentName }: AgentPlace): boolean {
  const ofWorkspace = workspacePrefix(kind, homeDir)
  if (agentName === null) return name.startsWith(ofWorkspace)
  // What an older version left names no agent: what mkdtemp(3) adds is six letters and digits.
  const isUnnamed = name.startsWith(ofWorkspace) && /^[A-Za-z0-9]{6}$/.test(name.slice(ofWorkspace.length))
  return isUnnamed || name.startsWith(folderPrefix(kind, { homeDir, agentName }))
}

function workspacePrefix(kind: Kind, homeDir: string): string {
  return `outpost-${kind}-${shortHash(homeDir, 16)}-`
}

function shortHash(text: string, digits: number): string {
  return createHash('sha256').update(text).digest('hex').slice(0, digits)
}
