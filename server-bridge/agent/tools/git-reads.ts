/** What agents ask git about a repository of the workspace. Nothing here changes anything or runs what the repository names. */
import { dirname, relative, sep } from 'node:path'
import type { z } from 'zod'
import type {
  gitDiffAnswerSchema,
  gitDiffRequestSchema,
  gitLogAnswerSchema,
  gitLogRequestSchema,
  gitStatusAnswerSchema,
} from '../../contract/agent-tools.ts'
import { RouteError } from '../route-error.ts'
import type { WorkspaceSurroundings } from '../shell-command.ts'
import { findRepositories, isRepository } from './find-repositories.ts'
import { NO_REMOTE, readRemoteBranches } from './git-branch.ts'
import { type GitRepositoryCall, mustGit, runGit } from './git-command.ts'
import { diffOf } from './git-diff.ts'
import { readSettings } from './git-settings.ts'
import { parseGitStatus } from './git-status.ts'
import { isInside, resolveToolPath } from './tool-path.ts'

const MAX_LIST_BYTES = 1024 * 1024
const MAX_LOG_BYTES = 256 * 1024
const MAX_FILES = 500
/** Of a longer answer most models get the two ends (agents-api 12.2); whole files, and the names of the others, say more. */
const MAX_DIFF_BYTES = 48 * 1024
const MAX_MESSAGE_CHARS = 2000
/** Of all messages of a log, which are shortened alike: a model gets no more than the two ends of a longer answer. */
const MAX_MESSAGES_CHARS = 20_000

/** Where git runs, and for how long its answer is waited for. */
export interface GitReader {
  readonly surroundings: WorkspaceSurroundings
  readonly signal: AbortSignal
}

interface Asked {
  readonly call: GitRepositoryCall
  readonly origin: string
  /** From the root, as git writes it; empty: all of it. */
  readonly paths: readonly string[]
}

/**
 * What is checked out, and what differs from its last commit.
 *
 * @throws {RouteError} 400 where no repository is meant
 */
export async function readGitStatus(
  reader: GitReader,
  { path }: { readonly path: string },
): Promise<z.output<typeof gitStatusAnswerSchema>> {
  return inRepository(reader, path, async ({ call, origin, paths }) => {
    const listed = await mustGit(call, [...STATUS, '--', ...paths], MAX_LIST_BYTES)
    const { branch, hasCommit, files, conflicted } = parseGitStatus(listed.text)
    const commit = hasCommit ? await commitOf(call, 'HEAD') : null
    const remote = origin === '' ? NO_REMOTE : await readRemoteBranches(call, branch)
    const base =
      commit === null || remote.base === '' ? undefined : await compare(call, `origin/${remote.base}`)
    const shown = files.slice(0, MAX_FILES)
    const inConflict = new Set(conflicted)
    const names = (wanted: (file: (typeof files)[number]) => boolean) =>
      shown.filter((file) => !inConflict.has(file.path) && wanted(file)).map((file) => file.path)
    return {
      repo_root: call.root,
      branch,
      commit,
      ...(base === undefined ? {} : { base }),
      conflicted: shown.filter(({ path: file }) => inConflict.has(file)).map((file) => file.path),
      staged: names(({ staged }) => staged),
      unstaged: names(({ unstaged, untracked }) => unstaged && !untracked),
      untracked: names(({ untracked }) => untracked),
      truncated: listed.isCut || files.length > shown.length,
    }
  })
}

/**
 * What differs between two commits, or between one and the files as they are.
 *
 * @throws {RouteError} 400 where no repository is meant, or a revision is none
 */
export async function readGitDiff(
  reader: GitReader,
  { path, from, to }: z.output<typeof gitDiffRequestSchema>,
): Promise<z.output<typeof gitDiffAnswerSchema>> {
  return inRepository(reader, path, async ({ call, paths }) => {
    const old = from === undefined ? await lastCommitOrNone(call) : await commitOf(call, from)
    const revisions = to === undefined ? [old] : [old, await commitOf(call, to)]
    const changes = await diffOf(call, revisions, MAX_DIFF_BYTES, paths)
    return {
      repo_root: call.root,
      diff: changes.text,
      additions: changes.additions,
      deletions: changes.deletions,
      changed_files: changes.paths.length,
    }
  })
}

/**
 * The commits that lead to one.
 *
 * @throws {RouteError} 400 where no repository is meant, or the revision is none
 */
export async function readGitLog(
  reader: GitReader,
  { path, revision = 'HEAD', limit }: z.output<typeof gitLogRequestSchema>,
): Promise<z.output<typeof gitLogAnswerSchema>> {
  return inRepository(reader, path, async ({ call, paths }) => {
    const newest = await commitOf(call, revision)
    const format = '--format=%H%x00%an <%ae>%x00%aI%x00%B%x00'
    const args = ['log', format, '--no-color', '--no-show-signature', `--max-count=${limit + 1}`, newest]
    const { text, isCut } = await mustGit(call, [...args, '--', ...paths], MAX_LOG_BYTES)
    const fields = text.split('\0')
    const commits = Array.from({ length: Math.floor(fields.length / 4) }, (_, at) => {
      const [commit = '', author = '', date = '', message = ''] = fields.slice(at * 4)
      return { commit: commit.trim(), author, date, message: message.trim() }
    })
    const shown = commits.slice(0, limit)
    const chars = Math.min(MAX_MESSAGE_CHARS, Math.ceil(MAX_MESSAGES_CHARS / Math.max(1, shown.length)))
    return {
      repo_root: call.root,
      commits: shown.map((commit) => ({ ...commit, message: commit.message.slice(0, chars) })),
      truncated: isCut || commits.length > limit,
    }
  })
}

const STATUS = [
  ...['status', '--porcelain=v2', '--branch', '-z', '--no-renames'],
  ...['--untracked-files=all', '--ignore-submodules=dirty'],
]

async function inRepository<T>(
  { surroundings, signal }: GitReader,
  path: string,
  read: (asked: Asked) => Promise<T>,
): Promise<T> {
  const { root, paths } = await findRepository(surroundings, path)
  const call = { root, surroundings, signal }
  const settings = await readSettings(call)
  if (settings === undefined) throw new RouteError(400, `git does not take ${root} for a repository.`)
  return read({ call: { ...call, filters: settings.filters }, origin: settings.origin, paths })
}

/** The repository a path is in, or the only one of the workspace where the path is in none. */
async function findRepository(
  surroundings: WorkspaceSurroundings,
  path: string,
): Promise<{ readonly root: string; readonly paths: readonly string[] }> {
  const target = await resolveToolPath(surroundings, path)
  const around = await rootAround(surroundings, target)
  if (around !== undefined) {
    const inner = relative(around, target).split(sep).join('/')
    return { root: around, paths: inner === '' ? [] : [inner] }
  }
  const below = (await findRepositories(surroundings)).filter((root) => isInside(target, root))
  const [only, ...others] = below
  if (only !== undefined && others.length === 0) return { root: only, paths: [] }
  const known = below.length === 0 ? 'There is none below it either.' : `Name one of: ${below.join(', ')}.`
  throw new RouteError(400, `${path} is not in a git repository. ${known}`)
}

async function rootAround(surroundings: WorkspaceSurroundings, target: string): Promise<string | undefined> {
  for (let folder = target; ; folder = dirname(folder)) {
    if (await isRepository(folder)) return folder
    const parent = dirname(folder)
    if (parent === folder || !(await isOfWorkspace(surroundings, parent))) return undefined
  }
}

async function isOfWorkspace(surroundings: WorkspaceSurroundings, folder: string): Promise<boolean> {
  try {
    await resolveToolPath(surroundings, folder)
    return true
  } catch (error) {
    if (error instanceof RouteError) return false
    throw error
  }
}

/** What a model wrote is resolved before it stands in a command, where it could be an option. */
async function commitOf(call: GitRepositoryCall, revision: string): Promise<string> {
  const args = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`]
  // With such a character in it no program can be started.
  const found = revision.includes('\0') ? undefined : await runGit(call, args, 200)
  if (found?.exitCode !== 0)
    throw new RouteError(400, `The repository has no commit that is called ${revision}.`)
  return found.text.trim()
}

/** The tree without a file, where there is no commit yet. */
async function lastCommitOrNone(call: GitRepositoryCall): Promise<string> {
  const { text, exitCode } = await runGit(call, ['rev-parse', '--verify', '--quiet', 'HEAD^{commit}'], 200)
  return exitCode === 0
    ? text.trim()
    : (await mustGit(call, ['hash-object', '-t', 'tree', '/dev/null'], 200)).text.trim()
}

async function compare(
  call: GitRepositoryCall,
  revision: string,
): Promise<z.output<typeof gitStatusAnswerSchema>['base']> {
  const { text, exitCode } = await runGit(
    call,
    ['rev-list', '--left-right', '--count', `refs/remotes/${revision}...HEAD`, '--'],
    200,
  )
  if (exitCode !== 0) return undefined
  const [behind = 0, ahead = 0] = text.trim().split(/\s+/).map(Number)
  return { revision, ahead, behind }
}
