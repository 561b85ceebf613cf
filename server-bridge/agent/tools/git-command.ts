import { spawn } from 'node:child_process'
import { firstAbort } from '../../lib/first-abort.ts'
import { errorCode } from '../../lib/to-error.ts'
import { RouteError } from '../route-error.ts'
import type { WorkspaceSurroundings } from '../shell-command.ts'

/** One repository, and how to run git on it. */
export interface GitRepositoryCall {
  readonly root: string
  readonly surroundings: WorkspaceSurroundings
  /** Absent: those of a command somebody asked for. Given: nobody asked, and no filter of the repository runs. */
  readonly filters?: readonly string[]
  readonly signal: AbortSignal
  /** What one run of git may take; tests shorten it. */
  readonly timeoutMs?: number
}

export interface GitOutput {
  readonly text: string
  /** Whether there was more than the limit. */
  readonly isCut: boolean
  readonly exitCode: number
}

const TIMEOUT_MS = 20_000
const MAX_ERROR_CHARS = 500

/** Settings that would have git run a program of the repository or its user, or speak to another machine. */
const HARMLESS: readonly (readonly [string, string])[] = [
  ['core.fsmonitor', 'false'],
  ['core.hooksPath', '/dev/null'],
  ['core.pager', 'cat'],
  ['core.quotePath', 'false'],
  ['submodule.recurse', 'false'],
  ['gc.auto', '0'],
  ['maintenance.auto', 'false'],
]

/**
 * Runs git on a repository, without a shell and without what its settings could make it run.
 *
 * @throws {RouteError} 400 where git is missing, or takes too long.
 */
export function runGit(
  { root, surroundings, filters = [], signal, timeoutMs = TIMEOUT_MS }: GitRepositoryCall,
  args: readonly string[],
  maxBytes: number,
): Promise<GitOutput> {
  const settings = [...HARMLESS, ...filters.flatMap(withoutFilter)]
  // Not `AbortSignal.any`: a timeout that only such a signal knows is collected as garbage before its time comes.
  const stop = firstAbort([signal, AbortSignal.timeout(timeoutMs)])
  return new Promise<GitOutput>((resolve, reject) => {
    const child = spawn(
      'git',
      // Named outright: a repository's own settings must not lead git to another folder.
      [`--git-dir=${root}/.git`, `--work-tree=${root}`, '--literal-pathspecs', ...args],
      {
        cwd: root,
        env: { ...gitEnvironment(surroundings), ...settingsIn(settings) },
        stdio: ['ignore', 'pipe', 'pipe'],
        signal: stop.signal,
        killSignal: 'SIGKILL',
      },
    )
    const output = collect(child.stdout, maxBytes, () => child.kill('SIGKILL'))
    const problem = collect(child.stderr, MAX_ERROR_CHARS, () => undefined)
    child.once('error', (error) => reject(explain(error, signal)))
    child.once('close', (code) => {
      const { text, isCut } = output()
      const exitCode = isCut ? 0 : (code ?? 1)
      resolve({ text: exitCode === 0 ? text : problem().text.trim(), isCut, exitCode })
    })
  }).finally(() => stop.end())
}

/** The same, for what has to succeed. @throws {RouteError} 400 with what git said. */
export async function mustGit(
  call: GitRepositoryCall,
  args: readonly string[],
  maxBytes: number,
): Promise<GitOutput> {
  const output = await runGit(call, args, maxBytes)
  if (output.exitCode !== 0)
    throw new RouteError(400, `git failed: ${output.text || `it ended with code ${output.exitCode}`}`)
  return output
}

function collect(stream: NodeJS.ReadableStream, maxBytes: number, onFull: () => void) {
  const chunks: Buffer[] = []
  let bytes = 0
  stream.on('data', (chunk: Buffer) => {
    if (bytes > maxBytes) return
    chunks.push(chunk)
    bytes += chunk.length
    if (bytes > maxBytes) onFull()
  })
  return () => ({
    text: Buffer.concat(chunks).subarray(0, maxBytes).toString('utf8'),
    isCut: bytes > maxBytes,
  })
}

/** By the environment, where a name may have any character in it. */
function settingsIn(settings: readonly (readonly [string, string])[]): Record<string, string> {
  return Object.fromEntries([
    ['GIT_CONFIG_COUNT', String(settings.length)],
    ...settings.flatMap(([name, value], index) => [
      [`GIT_CONFIG_KEY_${index}`, name],
      [`GIT_CONFIG_VALUE_${index}`, value],
    ]),
  ]) as Record<string, string>
}

function gitEnvironment({ environment }: WorkspaceSurroundings): Record<string, string> {
  const own = Object.entries(environment).flatMap(([name, value]) =>
    value === undefined || /^GIT_/i.test(name) ? [] : [[name, value] as const],
  )
  return {
    ...Object.fromEntries(own),
    LC_ALL: 'C',
    // Looking must not get in the way of whoever works there, and nothing missing is fetched.
    GIT_OPTIONAL_LOCKS: '0',
    GIT_NO_LAZY_FETCH: '1',
    GIT_ALLOW_PROTOCOL: 'none',
    GIT_TERMINAL_PROMPT: '0',
    GIT_EDITOR: 'true',
  }
}

function withoutFilter(name: string): [string, string][] {
  return [
    ...['clean', 'smudge', 'process'].map((kind): [string, string] => [`filter.${name}.${kind}`, '']),
    [`filter.${name}.required`, 'false'],
  ]
}

function explain(error: Error, signal: AbortSignal): Error {
  if (errorCode(error) === 'ENOENT')
    return new RouteError(400, 'git is not installed where the workspace runs, or the repository is gone.')
  if (signal.aborted) return error
  if (error.name === 'AbortError') return new RouteError(400, 'git took too long.')
  return error
}
