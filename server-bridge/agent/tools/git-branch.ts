import type { z } from 'zod'
import type { branchDiffAnswerSchema } from '../../contract/agent-tools.ts'
import { maxGitDiffBytes } from '../../contract/chats-git.ts'
import type { WorkspaceSurroundings } from '../shell-command.ts'
import { findRepositories } from './find-repositories.ts'
import { type GitRepositoryCall, mustGit, runGit } from './git-command.ts'
import { diffIfKnown } from './git-diff.ts'
import { readSettings } from './git-settings.ts'
import { parseGitStatus } from './git-status.ts'

const READ_MS = 25_000
const MAX_LIST_BYTES = 64 * 1024
const REMOTE = 'refs/remotes/origin/'
/** What default branches are called, where a repository was not cloned and nothing says which one it is. */
const USUAL_DEFAULTS = ['main', 'master']

/** What a repository knows of its origin since it last spoke to it. */
interface RemoteBranches {
  /** The default branch of the origin; empty: not known. */
  readonly base: string
  /** The origin has a branch of the name of the one that is checked out. */
  readonly isPushed: boolean
}
export const NO_REMOTE: RemoteBranches = { base: '', isPushed: false }

/** The branches of the origin that matter, without asking it. */
export async function readRemoteBranches(call: GitRepositoryCall, branch: string): Promise<RemoteBranches> {
  const wanted = ['HEAD', ...USUAL_DEFAULTS, ...(branch === '' ? [] : [branch])]
  const format = '--format=%(refname)%00%(symref)'
  const { text } = await mustGit(
    call,
    ['for-each-ref', format, ...wanted.map((name) => `${REMOTE}${name}`)],
    MAX_LIST_BYTES,
  )
  const known = new Map(
    text.split('\n').map((line) => {
      const [name = '', target = ''] = line.split('\0')
      return [name.slice(REMOTE.length), target] as const
    }),
  )
  const head = known.get('HEAD') ?? ''
  // It may lead anywhere.
  const said = head.startsWith(REMOTE) ? head.slice(REMOTE.length) : undefined
  return {
    base: said ?? USUAL_DEFAULTS.find((name) => known.has(name)) ?? '',
    isPushed: branch !== '' && known.has(branch),
  }
}

/** The commit that the checked out branch and a branch of the origin have in common; nothing where there is none. */
export async function mergeBase(call: GitRepositoryCall, base: string): Promise<string | undefined> {
  const { text, exitCode } = await runGit(call, ['merge-base', 'HEAD', `${REMOTE}${base}`], 1024)
  return exitCode === 0 ? text.trim() : undefined
}

type BranchDiff = NonNullable<z.output<typeof branchDiffAnswerSchema>['repository']>

/**
 * What the commits of the checked out branch change since it left the default branch of its origin: of the first repository
 * where that is something, else of the first. Null: there is no repository.
 *
 * @throws {RouteError} 400 without git
 */
export async function readBranchDiff(surroundings: WorkspaceSurroundings): Promise<BranchDiff | null> {
  const signal = AbortSignal.timeout(READ_MS)
  let first: BranchDiff | null = null
  for (const root of await findRepositories(surroundings)) {
    const found = await readBranch({ root, surroundings, signal })
    if (found?.unified_diff) return found
    first ??= found ?? null
  }
  return first
}

const STATUS = [
  ...['status', '--porcelain=v2', '--branch', '-z', '--no-renames'],
  ...['--untracked-files=no', '--ignore-submodules=dirty'],
]

async function readBranch(call: GitRepositoryCall): Promise<BranchDiff | undefined> {
  const settings = await readSettings(call)
  if (!settings) return undefined
  const quiet = { ...call, filters: settings.filters }
  const listed = await runGit(quiet, STATUS, 1024 * 1024)
  // The code of what git gives up on.
  if (listed.exitCode === 128) return undefined
  const { branch, hasCommit } = parseGitStatus(listed.text)
  const remote = settings.origin === '' ? NO_REMOTE : await readRemoteBranches(quiet, branch)
  const from = hasCommit && remote.base !== '' ? await mergeBase(quiet, remote.base) : undefined
  const diff = from === undefined ? undefined : await diffIfKnown(quiet, [from, 'HEAD'], maxGitDiffBytes)
  return {
    branch,
    remote_origin: settings.origin,
    base_branch: remote.base,
    pushed: remote.isPushed,
    ...(diff === undefined ? {} : { unified_diff: diff.text }),
  }
}
