import type { Dirent } from 'node:fs'
import { lstat, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { z } from 'zod'
import type { listDirectoryAnswerSchema } from '../../contract/agent-tools.ts'
import type { WorkspaceSurroundings } from '../shell-command.ts'
import { explained } from './tool-files.ts'
import { resolveToolPath } from './tool-path.ts'

type Answer = z.output<typeof listDirectoryAnswerSchema>

const MAX_ENTRIES = 1000

/** What is in a folder, by name; links are told, not followed. @throws {RouteError} 400 */
export async function listDirectory(surroundings: WorkspaceSurroundings, path: string): Promise<Answer> {
  const folder = await resolveToolPath(surroundings, path)
  const all = await explained(path, () => readdir(folder, { withFileTypes: true }))
  const shown = all.toSorted((a, b) => (a.name < b.name ? -1 : 1)).slice(0, MAX_ENTRIES)
  const entries = await Promise.all(
    shown.map(async (entry) => {
      const type = typeOf(entry)
      if (type !== 'file') return { name: entry.name, type }
      const size = await lstat(join(folder, entry.name)).then(
        (found) => found.size,
        () => undefined,
      )
      return { name: entry.name, type, ...(size === undefined ? {} : { size }) }
    }),
  )
  return { entries, total: all.length, truncated: all.length > shown.length }
}

function typeOf(entry: Dirent): Answer['entries'][number]['type'] {
  if (entry.isFile()) return 'file'
  if (entry.isDirectory()) return 'folder'
  return entry.isSymbolicLink() ? 'link' : 'other'
}
