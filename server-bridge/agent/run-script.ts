import { spawn, type ChildProcess } from 'node:child_process'
import { constants } from 'node:os'
import type { AgentManifest } from '../contract/agent-link.ts'
import type { Clock } from '../lib/clock.ts'
import { toError } from '../lib/to-error.ts'
import type { EventOutbox, ScriptCompleted } from './event-outbox.ts'
import { createLineSplitter } from './line-splitter.ts'
import { openLogFile, type LogFile } from './log-file.ts'
import type { ProcessTree } from './process-tree.ts'
import { prepareScript } from './script-command.ts'

/** A script that has exited while a background process still holds its output is not waited for much longer. */
const openPipesGraceMs = 2_000
/** The server keeps 1 MiB of an agent's log; what a runaway script prints beyond is read and dropped here. */
const maxOutputChars = 1024 * 1024

export type Script = AgentManifest['scripts'][number]
type ScriptStatus = ScriptCompleted['status']

export interface RunScriptOptions {
  readonly script: Script
  readonly stage: 'start' | 'stop' | 'cron'
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
  /** Gets the output as well. Absent: no file does. */
  readonly logFile?: string | undefined
  /** 0: no limit. */
  readonly timeoutMs: number
  readonly clock: Clock
  readonly outbox: EventOutbox
  readonly processTree: ProcessTree
  /** Ends the script with everything it started. */
  readonly signal: AbortSignal
}

interface Exit {
  readonly code: number
  readonly status: ScriptStatus
}

/** Runs one script to its end, its output as log lines, and reports how it ended. Never throws. */
export async function runScript(options: RunScriptOptions): Promise<ScriptStatus> {
  const { script, clock, outbox } = options
  const startedAt = clock.now()
  const exit = await execute(options).catch((error: unknown): Exit => {
    const reason = toError(error).message
    outbox.log(script.log_source_id, 'error', `The script could not be started: ${reason}`)
    return { code: 127, status: 'exit_failure' }
  })
  outbox.scriptCompleted({
    type: 'script-completed',
    script_id: script.id,
    exit_code: exit.code,
    started_at: new Date(startedAt).toISOString(),
    ended_at: new Date(clock.now()).toISOString(),
    stage: options.stage,
    status: exit.status,
  })
  return exit.status
}

async function execute(options: RunScriptOptions): Promise<Exit> {
  const { script, outbox, cwd, env } = options
  const command = await prepareScript(script.script, env)
  const file =
    options.logFile === undefined
      ? undefined
      : openLogFile(options.logFile, {
          clock: options.clock,
          onError(reason) {
            outbox.log(script.log_source_id, 'warn', `The file of log_path cannot be written: ${reason}`)
          },
        })
  try {
    // A group of its own, so that the whole tree can be ended.
    const child = spawn(command.file, [...command.args], {
      cwd,
      env: { ...env },
      detached: process.platform !== 'win32',
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    if (file !== undefined) copyOutput(child, file)
    const flushOutput = logOutput(child, script.log_source_id, outbox)
    const exit = await waitForEnd(child, options)
    flushOutput()
    return exit
  } finally {
    await Promise.all([command.remove(), file?.close()])
  }
}

function waitForEnd(child: ChildProcess, options: RunScriptOptions): Promise<Exit> {
  const { clock, timeoutMs, signal, script, outbox, processTree } = options
  return new Promise((resolve, reject) => {
    const cleanUps: (() => void)[] = []
    let timedOut = false

    const finish = (exit: Exit): void => {
      for (const cleanUp of cleanUps) cleanUp()
      resolve(exit)
    }
    const endTree = (): void => {
      if (child.pid !== undefined) processTree.end([child.pid], 'SIGTERM').catch(reject)
    }
    if (timeoutMs > 0) {
      const cancel = clock.after(timeoutMs, () => {
        timedOut = true
        outbox.log(
          script.log_source_id,
          'error',
          `The script ran longer than ${timeoutMs / 1000} s and was ended.`,
        )
        endTree()
      })
      cleanUps.push(cancel)
    }
    signal.addEventListener('abort', endTree)
    cleanUps.push(() => {
      signal.removeEventListener('abort', endTree)
    })
    if (signal.aborted) endTree()

    child.once('error', (error) => {
      for (const cleanUp of cleanUps) cleanUp()
      reject(error)
    })
    child.once('exit', (code, killedBy) => {
      const exitCode = code ?? 128 + (killedBy === null ? 0 : constants.signals[killedBy])
      const status: ScriptStatus = timedOut ? 'timed_out' : exitCode === 0 ? 'ok' : 'exit_failure'
      const cancel = clock.after(openPipesGraceMs, () => {
        outbox.log(
          script.log_source_id,
          'warn',
          'The script has ended, but something it started in the background still holds its output.',
        )
        finish({ code: exitCode, status: status === 'ok' ? 'pipes_left_open' : status })
      })
      cleanUps.push(cancel)
      child.once('close', () => {
        finish({ code: exitCode, status })
      })
    })
  })
}

/** Both outputs as they come. A disk that is behind holds the script back. */
function copyOutput(child: ChildProcess, file: LogFile): void {
  const streams = [child.stdout, child.stderr]
  file.onDrain(() => {
    for (const stream of streams) stream?.resume()
  })
  for (const stream of streams) {
    stream?.on('data', (bytes: Buffer) => {
      if (!file.write(bytes)) for (const paused of streams) paused?.pause()
    })
  }
}

/** Standard output as info, standard error as error, line by line. Answers the function that logs unended lines. */
function logOutput(child: ChildProcess, logSourceId: string, outbox: EventOutbox): () => void {
  let chars = 0
  const flushes = (
    [
      [child.stdout, 'info'],
      [child.stderr, 'error'],
    ] as const
  ).map(([stream, level]) => {
    const lines = createLineSplitter((line) => {
      if (chars > maxOutputChars) return
      chars += line.length + 1
      outbox.log(logSourceId, level, line)
      if (chars > maxOutputChars)
        outbox.log(logSourceId, 'warn', 'The script prints too much: the rest is not kept.')
    })
    stream?.on('data', (bytes: Buffer) => {
      lines.push(bytes)
    })
    // A background process may go on writing after the script; its pipe ends with it.
    stream?.on('end', () => {
      lines.flush()
    })
    return lines.flush
  })
  return () => {
    for (const flush of flushes) flush()
  }
}
