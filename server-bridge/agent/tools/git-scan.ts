import { maxGitDiffBytes } from '../../contract/chats-git.ts'
import type { ScannedRepository } from '../../contract/agent-tools.ts'
import type { WorkspaceSurroundings } from '../shell-command.ts'
import { findRepositories } from './find-repositories.ts'
import { type GitRepositoryCall, mustGit, runGit } from './git-command.ts'
import { type ChangedFile, parseGitStatus } from './git-status.ts'
import { nameLine, newFileDiff } from './new-file-diff.ts'

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
  const known = tracked.length === 0 ? NOTHING : await diffTracked(quiet, status.hasCommit, maxBytes)
  const fresh = await diffUntracked(
    call.root,
    status.files.filter((file) => file.untracked),
    maxBytes - Buffer.byteLength(known.text),
  )
  return {
    repo_root: call.root,
    branch: status.branch,
    remote_origin: settings.origin,
    unified_diff: known.text + fresh.text,
    additions: known.additions + fresh.additions,
    deletions: known.deletions,
    changed_files: status.files.length,
    files: status.files.slice(0, MAX_FILES).map((file) => ({ ...file })),
  }
}

const STATUS = [
  ...['status', '--porcelain=v2', '--branch', '-z', '--no-renames'],
  ...['--untracked-files=all', '--ignore-submodules=dirty'],
]
const DIFF = [
  ...['diff', '--no-ext-diff', '--no-textconv', '--no-color', '--no-renames', '--ignore-submodules=dirty'],
  ...['--submodule=short', '--src-prefix=a/', '--dst-prefix=b/'],
]
/** The tree without a file, by which a repository without a commit is compared. */
const EMPTY_TREE = ['hash-object', '-t', 'tree', '/dev/null']

interface Changes {
  readonly text: string
  readonly additions: number
  readonly deletions: number
}
const NOTHING: Changes = { text: '', additions: 0, deletions: 0 }

/** Where it came from, and the filters that its settings and its user's name, which a scan must not run. */
async function readSettings(
  call: GitRepositoryCall,
): Promise<{ readonly origin: string; readonly filters: readonly string[] } | undefined> {
  const wanted = String.raw`^(remote\.origin\.url|core\.bare|filter\..*\.(clean|smudge|process|required))$`
  const { text, exitCode } = await runGit(call, ['config', '-z', '--get-regexp', wanted], MAX_LIST_BYTES)
  // 1: there is none of them.
  if (exitCode > 1) return undefined
  const settings = (exitCode === 1 ? '' : text)
    .split('\0')
    .slice(0, -1)
    .map((entry) => [entry.slice(0, indexOr(entry, '\n')), entry.slice(indexOr(entry, '\n') + 1)] as const)
  if (settings.some(([name, value]) => name === 'core.bare' && value === 'true')) return undefined
  const names = settings.flatMap(([name]) => /^filter\.(.*)\.\w+$/s.exec(name)?.[1] ?? [])
  const origin = settings.find(([name]) => name === 'remote.origin.url')?.[1] ?? ''
  return { origin: withoutCredentials(origin), filters: [...new Set(names)] }
}

function indexOr(text: string, part: string): number {
  const at = text.indexOf(part)
  return at === -1 ? text.length : at
}

/** Some keep the token of a forge in its address. */
function withoutCredentials(address: string): string {
  if (!URL.canParse(address)) return address
  const url = new URL(address)
  if (url.username === '' && url.password === '') return address
  if (url.protocol === 'ssh:') url.password = ''
  else [url.username, url.password] = ['', '']
  return url.toString()
}

async function diffTracked(
  call: GitRepositoryCall,
  hasCommit: boolean,
  maxBytes: number,
): Promise<Changes> {
  const base = hasCommit ? 'HEAD' : (await mustGit(call, EMPTY_TREE, 100)).text.trim()
  const numbers = (await mustGit(call, [...DIFF, '--numstat', '-z', base, '--'], MAX_LIST_BYTES)).text
    .split('\0')
    .slice(0, -1)
    .map((entry) => {
      const [added = '', deleted = '', ...path] = entry.split('\t')
      // A file that is not text has hyphens for numbers.
      return { added: Number(added) || 0, deleted: Number(deleted) || 0, path: path.join('\t') }
    })
  const output = await mustGit(call, [...DIFF, base, '--'], Math.max(0, maxBytes))
  const parts = output.text.split(/^(?=diff --git )/m)
  const whole = output.isCut ? parts.slice(0, -1) : parts
  // Of what would be too much only the names are told.
  const named = output.isCut ? numbers.slice(whole.length).map(({ path }) => nameLine(path)) : []
  return {
    text: fitting([...whole, ...named], maxBytes),
    additions: numbers.reduce((sum, { added }) => sum + added, 0),
    deletions: numbers.reduce((sum, { deleted }) => sum + deleted, 0),
  }
}

function fitting(parts: readonly string[], maxBytes: number): string {
  let bytes = 0
  return parts
    .filter((part) => {
      bytes += Buffer.byteLength(part)
      return bytes <= maxBytes
    })
    .join('')
}

async function diffUntracked(
  root: string,
  files: readonly ChangedFile[],
  maxBytes: number,
): Promise<Changes> {
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
  return { text: parts.join(''), additions, deletions: 0 }
}
