import { realpath } from 'node:fs/promises'
import { isAbsolute, normalize, sep } from 'node:path'
import type { z } from 'zod'
import type { changeGitFileRequestSchema } from '../../contract/agent-tools.ts'
import { RouteError } from '../route-error.ts'
import type { WorkspaceSurroundings } from '../shell-command.ts'
import { isRepository } from './find-repositories.ts'
import { type GitRepositoryCall, mustGit } from './git-command.ts'
import { parseGitStatus } from './git-status.ts'
import { resolveToolPath } from './tool-path.ts'

const MAX_BYTES = 64 * 1024
const CHANGE_MS = 25_000

/**
 * Stages, unstages or discards what was changed in one file, as its user would with git.
 *
 * @throws {RouteError} 400 for what is no changed file of a repository of the workspace.
 */
export async function changeGitFile(
  surroundings: WorkspaceSurroundings,
  { repo_root: repoRoot, path, action }: z.output<typeof changeGitFileRequestSchema>,
): Promise<void> {
  const root = await resolveToolPath(surroundings, repoRoot)
  if (!(await isRepository(root))) throw new RouteError(400, `${repoRoot} is not a repository of the workspace.`)
  requireInside(path)
  const call = { root: await realpath(root), surroundings, signal: AbortSignal.timeout(CHANGE_MS) }
  const { isNew, hasCommit } = await requireChanged(call, path)
  switch (action) {
    case 'stage':
      await mustGit(call, ['add', '--all', '--', path], MAX_BYTES)
      return
    case 'unstage':
      await mustGit(call, ['reset', '--quiet', '--', path], MAX_BYTES)
      return
    case 'discard':
      if (!isNew && hasCommit) {
        await mustGit(call, ['restore', '--source=HEAD', '--staged', '--worktree', '--', path], MAX_BYTES)
        return
      }
      await mustGit(call, ['rm', '--cached', '--quiet', '--force', '--ignore-unmatch', '--', path], MAX_BYTES)
      await mustGit(call, ['clean', '--force', '--quiet', '--', path], MAX_BYTES)
  }
}

/** git follows no link on the way, so what the path itself says is enough. */
function requireInside(path: string): void {
  const parts = normalize(path).split(sep)
  const isInside = !isAbsolute(path) && !path.includes('\0') && !parts.includes('..') && parts[0] !== '.git'
  if (!isInside || normalize(path) === '.') throw new RouteError(400, `${path} is no file of the repository.`)
}

/** One file, and one that differs: of a folder all would be lost at once. */
async function requireChanged(
  call: GitRepositoryCall,
  path: string,
): Promise<{ readonly isNew: boolean; readonly hasCommit: boolean }> {
  const args = ['status', '--porcelain=v2', '--branch', '-z', '--no-renames', '--untracked-files=all']
  const status = parseGitStatus((await mustGit(call, [...args, '--', path], MAX_BYTES)).text)
  const [file, ...others] = status.files
  if (!file || others.length > 0 || file.path !== normalize(path).split(sep).join('/'))
    throw new RouteError(400, `${path} is not a file with changes.`)
  if (!status.hasCommit) return { isNew: true, hasCommit: false }
  const known = await mustGit(call, ['ls-tree', '-z', '--name-only', 'HEAD', '--', path], MAX_BYTES)
  return { isNew: known.text === '', hasCommit: true }
}
