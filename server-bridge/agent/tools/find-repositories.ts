import type { Dirent } from 'node:fs'
import { lstat, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { errorCode } from '../../lib/to-error.ts'
import { expandDirectory, type WorkspaceSurroundings } from '../shell-command.ts'
import { resolveToolPath } from './tool-path.ts'

const MAX_DEPTH = 4
const MAX_REPOSITORIES = 20
const MAX_FOLDERS = 2000
/** Folders that are large, and in which nobody works. */
const PASSED_OVER = new Set(['node_modules', 'vendor', 'target', 'dist', '__pycache__', 'venv'])
const UNREADABLE = new Set(['ENOENT', 'ENOTDIR', 'EACCES', 'EPERM', 'ELOOP'])

/**
 * The roots of the repositories of a workspace: in the folder of its shells and in its own, and some levels below.
 * Links are not followed, and what lies within a repository is that one's business.
 */
export async function findRepositories(surroundings: WorkspaceSurroundings): Promise<string[]> {
  const starts = await Promise.all(
    [expandDirectory(surroundings), surroundings.homeDir].map((path) => resolveToolPath(surroundings, path)),
  )
  const found = new Set<string>()
  const seen = new Set<string>()
  let level = [...new Set(starts)]
  for (let depth = 0; depth <= MAX_DEPTH && level.length > 0; depth += 1) {
    const next: string[] = []
    for (const folder of level) {
      if (seen.has(folder) || seen.size >= MAX_FOLDERS || found.size >= MAX_REPOSITORIES) continue
      seen.add(folder)
      if (await isRepository(folder)) found.add(folder)
      else next.push(...(await foldersIn(folder)))
    }
    level = next
  }
  return [...found].toSorted()
}

/** A folder in worktrees and submodules is a file that leads to it. */
export async function isRepository(folder: string): Promise<boolean> {
  const stat = await orNothing(() => lstat(join(folder, '.git')))
  return stat !== undefined && (stat.isDirectory() || stat.isFile())
}

async function foldersIn(folder: string): Promise<string[]> {
  const entries = (await orNothing<Dirent[]>(() => readdir(folder, { withFileTypes: true }))) ?? []
  return entries
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.') && !PASSED_OVER.has(entry.name))
    .map((entry) => join(folder, entry.name))
}

async function orNothing<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work()
  } catch (error) {
    if (UNREADABLE.has(errorCode(error) ?? '')) return undefined
    throw error
  }
}
