/** One command line a deployment, got once for all connections that wait for it. */
import type { CliState } from '../../contract/coder-cli.ts'
import { toError } from '../../lib/to-error.ts'
import { TransportError } from '../transport-error.ts'
import { CliProblem } from './cli-problem.ts'
import { ensureCli, type InstalledCli, type InstallOptions } from './installed-cli.ts'

export interface CliSourceOptions extends Omit<InstallOptions, 'version' | 'signal' | 'onProgress'> {
  /** The deployment's version, asked for each time: it may have been updated. @throws what asking throws */
  readonly version: (signal: AbortSignal) => Promise<string>
  readonly onState?: (state: CliState) => void
}

export interface CliSource {
  /** @throws {TransportError} while there is none */
  readonly get: (signal: AbortSignal) => Promise<InstalledCli>
  /** Ends a download. */
  close(): void
}

/** A connection does not wait longer for a download: it tells how far it is, and asks again. */
const patienceMs = 5_000
/** So often at most is told how far a download is. */
const reportMs = 500

export function createCliSource(options: CliSourceOptions): CliSource {
  const { clock } = options
  const controller = new AbortController()
  let running: Promise<InstalledCli> | undefined
  let progress = { received: 0, total: undefined as number | undefined }
  let reportedAt = -Infinity

  const report = (received: number, total: number | undefined): void => {
    progress = { received, total }
    if (clock.now() - reportedAt < reportMs) return
    reportedAt = clock.now()
    options.onState?.({ kind: 'downloading', received, total: total ?? null })
  }

  const install = async (): Promise<InstalledCli> => {
    const { signal } = controller
    progress = { received: 0, total: undefined }
    try {
      const version = await options.version(signal)
      const cli = await ensureCli({ ...options, version, signal, onProgress: report })
      options.onState?.({ kind: 'ready', version: cli.version, outdated: cli.outdated ?? null })
      return cli
    } catch (thrown) {
      if (!(thrown instanceof CliProblem)) throw thrown
      if (thrown.code !== 'aborted')
        options.onState?.({ kind: 'failed', code: thrown.code, reason: thrown.message })
      throw transportErrorOf(thrown)
    }
  }

  return {
    async get(signal) {
      running ??= install().finally(() => {
        running = undefined
      })
      const waited = await inTime(running, signal)
      if (waited !== undefined) return waited
      if (signal.aborted) throw new TransportError('aborted', 'The connection was given up.')
      throw new TransportError('cli_downloading', wordsOf(new URL(options.baseUrl).host, progress))
    },
    close() {
      controller.abort()
    },
  }

  function inTime(work: Promise<InstalledCli>, signal: AbortSignal): Promise<InstalledCli | undefined> {
    return new Promise((resolve, reject) => {
      const late = (): void => {
        settle()
        resolve(undefined)
      }
      const cancel = clock.after(patienceMs, late)
      const settle = (): void => {
        cancel()
        signal.removeEventListener('abort', late)
      }
      signal.addEventListener('abort', late, { once: true })
      work.then(
        (cli) => {
          settle()
          resolve(cli)
        },
        (thrown: unknown) => {
          settle()
          reject(toError(thrown))
        },
      )
    })
  }
}

function transportErrorOf(problem: CliProblem): TransportError {
  if (problem.code === 'aborted') return new TransportError('aborted', problem.message)
  const code = problem.code === 'network' ? 'network' : 'cli_unusable'
  return new TransportError(code, problem.message, { cause: problem })
}

function wordsOf(host: string, { received, total }: { received: number; total: number | undefined }): string {
  const megabytes = (bytes: number): string => (bytes / 1_000_000).toFixed(1)
  const of = total === undefined ? '' : ` of ${megabytes(total)}`
  return `The command line of ${host} is being downloaded: ${megabytes(received)}${of} MB.`
}
