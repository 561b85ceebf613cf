import { fork, type ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { pickChildEnvironment } from './child-environment.ts'
import { silentLogger, type Logger } from './logger.ts'
import type { HostedProcess, ProcessEntry, ProcessHost } from './process-host.ts'

/** Standard error, as an inherited descriptor: crashes stay visible, and standard output keeps its one JSON line. */
const stderrDescriptor = 2

export interface ChildProcessHostOptions {
  /** Where an entry's file is. Default: beside this code, as source or as built. */
  readonly resolveEntry?: (entry: ProcessEntry) => string
  /** The starter's own environment; only what is on the allow-list is passed on. */
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly logger?: Logger
}

/** Starts our entries as plain Node processes with a message channel. */
export function createChildProcessHost(options: ChildProcessHostOptions): ProcessHost {
  const resolveEntry = options.resolveEntry ?? findEntry
  const logger = options.logger ?? silentLogger
  return {
    spawn(entry) {
      const file = resolveEntry(entry)
      const child = fork(file, [], {
        env: pickChildEnvironment(options.environment),
        execArgv: file.endsWith('.ts') ? ['--import', typescriptLoader()] : [],
        stdio: ['ignore', stderrDescriptor, stderrDescriptor, 'ipc'],
        // A group of its own: Ctrl+C in the server's terminal reaches the server alone, which ends its agents in order.
        detached: true,
      })
      return createHostedChild(child, logger.child({ entry }))
    },
  }
}

/** Wraps a forked child. A child that could not be started reports an exit without a code, once. */
function createHostedChild(child: ChildProcess, logger: Logger): HostedProcess {
  let exit: { readonly code: number | null } | undefined
  const exitListeners = new Set<(code: number | null) => void>()
  const reportExit = (code: number | null): void => {
    if (exit !== undefined) return
    exit = { code }
    for (const listener of exitListeners) listener(code)
    exitListeners.clear()
  }
  child.once('exit', reportExit)
  child.on('error', (error) => {
    logger.warn('A child process failed', { error: error.message })
    if (child.pid === undefined) reportExit(null)
  })

  return {
    get pid() {
      return child.pid
    },
    post(message) {
      if (!child.connected) return
      child.send(message as object, (error) => {
        // The exit that follows is what callers act on.
        if (error !== null) logger.debug('A message to a child was lost', { error: error.message })
      })
    },
    kill() {
      child.kill('SIGTERM')
    },
    onMessage(listener) {
      child.on('message', listener)
      return () => {
        child.off('message', listener)
      }
    },
    onExit(listener) {
      if (exit !== undefined) {
        const { code } = exit
        queueMicrotask(() => {
          listener(code)
        })
        return () => undefined
      }
      exitListeners.add(listener)
      return () => {
        exitListeners.delete(listener)
      }
    },
  }
}

/** As source the entries are `../bin/*.ts`; built, they lie beside this module or, when it became a chunk, above it. */
function findEntry(entry: ProcessEntry): string {
  const candidates = import.meta.url.endsWith('.ts')
    ? [`../bin/${entry}.ts`]
    : [`./${entry}.js`, `../${entry}.js`]
  const files = candidates.map((candidate) => fileURLToPath(new URL(candidate, import.meta.url)))
  const found = files.find((file) => existsSync(file))
  if (found === undefined) {
    throw new Error(
      `The program file of "${entry}" is missing (looked for ${files.join(', ')}). Build it again.`,
    )
  }
  return found
}

/** `--import` wants a URL: a bare `tsx` would be looked up from the working directory. */
function typescriptLoader(): string {
  return pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href
}
