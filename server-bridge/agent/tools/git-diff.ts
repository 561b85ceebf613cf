import { type GitOutput, type GitRepositoryCall, mustGit, runGit } from './git-command.ts'
import { nameLine } from './new-file-diff.ts'

const MAX_LIST_BYTES = 1024 * 1024
const DIFF = [
  ...['diff', '--no-ext-diff', '--no-textconv', '--no-color', '--no-renames', '--ignore-submodules=dirty'],
  ...['--submodule=short', '--src-prefix=a/', '--dst-prefix=b/'],
]

interface ChangedLines {
  readonly additions: number
  readonly deletions: number
  /** Of files, in the order of the diff. */
  readonly paths: readonly string[]
}

export interface Changes extends ChangedLines {
  /** Unified. */
  readonly text: string
}

/** How many lines differ, by the same words as `diffOf`. Nothing where git cannot tell: a partial clone lacks old files. */
export async function countIfKnown(
  call: GitRepositoryCall,
  what: readonly string[],
): Promise<ChangedLines | undefined> {
  const { text, exitCode } = await runGit(call, numbersOf(what), MAX_LIST_BYTES)
  return exitCode === 0 ? readNumbers(text) : undefined
}

const numbersOf = (what: readonly string[]): string[] => [...DIFF, '--numstat', '-z', ...what, '--']

function readNumbers(text: string): ChangedLines {
  const numbers = text
    .split('\0')
    .slice(0, -1)
    .map((entry) => {
      const [added = '', deleted = '', ...path] = entry.split('\t')
      // A file that is not text has hyphens for numbers.
      return { added: Number(added) || 0, deleted: Number(deleted) || 0, path: path.join('\t') }
    })
  return {
    additions: numbers.reduce((sum, { added }) => sum + added, 0),
    deletions: numbers.reduce((sum, { deleted }) => sum + deleted, 0),
    paths: numbers.map(({ path }) => path),
  }
}

/**
 * What differs, in `paths` if there are any, of at most that many bytes: of what would be too much only the names are told.
 *
 * @throws {RouteError} 400
 */
export async function diffOf(
  call: GitRepositoryCall,
  what: readonly string[],
  maxBytes: number,
  paths: readonly string[] = [],
): Promise<Changes> {
  const lines = readNumbers((await mustGit(call, [...numbersOf(what), ...paths], MAX_LIST_BYTES)).text)
  return changesOf(lines, await mustGit(call, [...textOf(what), ...paths], Math.max(0, maxBytes)), maxBytes)
}

/** The same. Nothing where git cannot tell: a partial clone lacks old files. */
export async function diffIfKnown(
  call: GitRepositoryCall,
  what: readonly string[],
  maxBytes: number,
): Promise<Changes | undefined> {
  const lines = await countIfKnown(call, what)
  if (!lines) return undefined
  const output = await runGit(call, textOf(what), Math.max(0, maxBytes))
  return output.exitCode === 0 ? changesOf(lines, output, maxBytes) : undefined
}

const textOf = (what: readonly string[]): string[] => [...DIFF, ...what, '--']

function changesOf(lines: ChangedLines, output: GitOutput, maxBytes: number): Changes {
  const parts = output.text.split(/^(?=diff --git )/m)
  const whole = output.isCut ? parts.slice(0, -1) : parts
  const named = output.isCut ? lines.paths.slice(whole.length).map(nameLine) : []
  return { ...lines, text: fitting([...whole, ...named], maxBytes) }
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
