import { realpath } from 'node:fs/promises'
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path'
import { errorCode } from '../../lib/to-error.ts'
import { RouteError } from '../route-error.ts'
import {
  expandDirectory,
  expandPath,
  type WorkspaceSurroundings,
  workingDirectory,
} from '../shell-command.ts'

/**
 * Where a path of a tool leads, links followed. A local workspace is a folder on its user's machine, so tools for files
 * stay inside of it and of the folder its shells begin in: a slip of a model must not reach the rest of the machine.
 *
 * @throws {RouteError} 400 for a path that leads elsewhere.
 */
export async function resolveToolPath(surroundings: WorkspaceSurroundings, path: string): Promise<string> {
  if (path.includes('\0')) throw new RouteError(400, 'A path cannot have a NUL character in it.')
  const isFixed = isAbsolute(path) || /^[~$]/.test(path)
  const wanted = isFixed ? expandPath(path, surroundings) : resolve(workingDirectory(surroundings), path)
  const target = await followLinks(wanted)
  const roots = await Promise.all([surroundings.homeDir, expandDirectory(surroundings)].map(followLinks))
  if (roots.some((root) => isInside(root, target))) return target
  throw new RouteError(
    400,
    `${path} is outside of the workspace. Files there can only be reached by a command.`,
  )
}

/** The path itself without links in it; what is not there yet is taken as it is written. */
async function followLinks(path: string): Promise<string> {
  try {
    return await realpath(path)
  } catch (error) {
    const parent = dirname(path)
    if (errorCode(error) !== 'ENOENT' || parent === path) throw error
    return join(await followLinks(parent), basename(path))
  }
}

/** Whether a path without links lies in a folder, or is it. */
export function isInside(root: string, path: string): boolean {
  const way = relative(root, path)
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way)
}
