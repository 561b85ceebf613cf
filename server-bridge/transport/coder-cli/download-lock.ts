/** One download at a time into a folder that several instances of the app may share. */
import { open, rm, stat, utimes } from 'node:fs/promises'
import type { Clock } from '../../lib/clock.ts'
import { pauseUntil } from '../../lib/pause.ts'
import { errorCode } from '../../lib/to-error.ts'
import { CliProblem } from './cli-problem.ts'

/** Whoever holds the lock says so this often, and is taken for dead after three times that. */
const beatMs = 5_000
const staleMs = 15_000
const pollMs = 500

/**
 * Runs `work` while nobody else holds the lock at `path`, waiting for whoever does.
 *
 * @throws {CliProblem} `aborted`, and what `work` throws.
 */
export async function withDownloadLock<T>(
  { path, clock, signal }: { readonly path: string; readonly clock: Clock; readonly signal: AbortSignal },
  work: () => Promise<T>,
): Promise<T> {
  while (!(await take(path))) {
    if (await isStale(path)) await rm(path, { force: true })
    else await pauseUntil(clock, pollMs, signal)
    if (signal.aborted) throw new CliProblem('aborted', 'The download was cancelled.')
  }
  const stopBeat = clock.every(beatMs, () => {
    const now = new Date()
    // Taken away by hand: then there is nothing to keep alive.
    utimes(path, now, now).catch(() => undefined)
  })
  try {
    return await work()
  } finally {
    stopBeat()
    await rm(path, { force: true })
  }
}

async function take(path: string): Promise<boolean> {
  try {
    await (await open(path, 'wx', 0o600)).close()
    return true
  } catch (thrown) {
    if (errorCode(thrown) === 'EEXIST') return false
    throw thrown
  }
}

async function isStale(path: string): Promise<boolean> {
  try {
    return Date.now() - (await stat(path)).mtimeMs > staleMs
  } catch {
    // Gone meanwhile: the next look takes it.
    return false
  }
}
