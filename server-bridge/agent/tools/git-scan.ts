import { maxGitDiffBytes } from '../../contract/chats-git.ts'
import type { ScannedRepository } from '../../contract/agent-tools.ts'
import type { WorkspaceSurroundings } from '../shell-command.ts'
import { findRepositories } from './find-repositories.ts'
import { mergeBase, NO_REMOTE, readRemoteBranches } from './git-branch.ts'
import { type GitRepositoryCall, mustGit, runGit } from './git-command.ts'
import { type Changes, countIfKnown, diffOf } from './git-diff.ts'
import { readSettings } from './git-settings.ts'
import { type ChangedFile, parseGitStatus } from './git-status.ts'
import { newFileDiff } from './new-file-diff.ts'

const SCAN_MS = 25_000
const MAX_LIST_BYTES = 1024 * 1024
const MAX_UNTRACKED = 500
const MAX_FILES = 2000

/** What differs from the last commits in all repositories of the workspace. @throws {RouteError} 400 without git */
export async function scanRepositories(surroundings: WorkspaceSurroundings): Promise<ScannedRepository[]> {
  const signal = AbortSignal.timeout(SCAN_MS)
  let left = maxGitDiffBytes
  const scanned: ScannedRepository[] = []
  for (const root of await findRepositories(surroundings)) {
    const repository = await scan({ root, surroundings, signal }, left)
    if (!repository) continue
    left -= Buffer.byteLength(repository.unified_diff)
    scanned.push(repository)
  }
  return scanned
}

/** `undefined` for a folder that git does not take for a repository. */
async function scan(call: GitRepositoryCall, maxBytes: number): Promise<ScannedRepository | undefined> {
  const settings = await readSettings(call)
  if (!settings) return undefined
  const quiet = { ...call, filters: settings.filters }
  const listed = await runGit(quiet, STATUS, MAX_LIST_BYTES)
  // The code of what git gives up on.
  if (listed.exitCode === 128) return undefined
  const status = parseGitStatus(listed.text)
  const tracked = status.files.filter((file) => !file.untracked)
  const untracked = status.files.filter((file) => file.untracked)
  const known = tracked.length === 0 ? NOTHING : await diffTracked(quiet, status.hasCommit, maxBytes)
  const fresh = await diffUntracked(call.root, untracked, maxBytes - Buffer.byteLength(known.text))
  const remote = settings.origin === '' ? NO_REMOTE : await readRemoteBranches(quiet, status.branch)
  const from = status.hasCommit && remote.base !== '' ? await mergeBase(quiet, remote.base) : undefined
  // All the work of the branch, also what is committed by now.
  const whole = from === undefined ? undefined : await countIfKnown(quiet, [from])
  const lines = whole ?? known
  return {
    repo_root: call.root,
    branch: status.branch,
    remote_origin: settings.origin,
    base_branch: remote.base,
    pushed: remote.isPushed,
    unified_diff: known.text + fresh.text,
    additions: lines.additions + fresh.additions,
    deletions: lines.deletions,
    changed_files: whole === undefined ? status.files.length : whole.paths.length + untracked.length,
    files: status.files.slice(0, MAX_FILES).map((file) => ({ ...file })),
  }
}

const STATUS = [
  ...['status', '--porcelain=v2', '--branch', '-z', '--no-renames'],
  ...['--untracked-files=all', '--ignore-submodules=dirty'],
]
/** The tree without a file, by which a repository without a commit is compared. */
const EMPTY_TREE = ['hash-object', '-t', 'tree', '/dev/null']

const NOTHING: Changes = { text: '', additions: 0, deletions: 0, paths: [] }

async function diffTracked(call: GitRepositoryCall, hasCommit: boolean, maxBytes: number): Promise<Changes> {
  const base = hasCommit ? 'HEAD' : (await mustGit(call, EMPTY_TREE, 100)).text.trim()
  return diffOf(call, [base], maxBytes)
}

async function diffUntracked(
  root: string,
  files: readonly ChangedFile[],
  maxBytes: number,
): Promise<Pick<Changes, 'text' | 'additions'>> {
  let left = maxBytes
  let additions = 0
  const parts: string[] = []
  for (const { path } of files.slice(0, MAX_UNTRACKED)) {
    if (left <= 0) break
    // Each line grows by a sign; the header comes on top.
    const diff = await newFileDiff(root, path, Math.floor(left / 2))
    if (!diff || Buffer.byteLength(diff.text) > left) continue
    left -= Buffer.byteLength(diff.text)
    additions += diff.additions
    parts.push(diff.text)
  }
  return { text: parts.join(''), additions }
}
