import { spawn } from 'node:child_process'
import type { Clock } from '../lib/clock.ts'
import type { ProcessTree } from './process-tree.ts'
import type { ScriptCommand } from './script-command.ts'

/** Coder keeps this much of a value and of an error. */
export const maxValueBytes = 2048
/** A program whose output stays open after its end is not waited for. */
const openPipesGraceMs = 500

export interface Measurement {
  readonly value: string
  /** Why there is no good value; empty when there is. */
  readonly error: string
}

export interface MeasureOptions {
  readonly command: ScriptCommand
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
  readonly timeoutMs: number
  readonly clock: Clock
  readonly processTree: ProcessTree
  readonly signal: AbortSignal
}

/** Runs a program once for what it prints. It and all it started are ended after the time limit. Never rejects. */
export function measureValue(options: MeasureOptions): Promise<Measurement> {
  const { command, cwd, env, timeoutMs, clock, processTree, signal } = options
  return new Promise((resolve) => {
    const output = collectOutput()
    const errors = collectOutput()
    let timedOut = false
    let cancelTimers: (() => void)[] = []
    const child = spawn(command.file, [...command.args], {
      cwd,
      env: { ...env },
      detached: process.platform !== 'win32',
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const endTree = (): void => {
      if (child.pid !== undefined) void processTree.end([child.pid], 'SIGTERM').catch(() => undefined)
    }
    const finish = (error: string): void => {
      for (const cancel of cancelTimers) cancel()
      cancelTimers = []
      signal.removeEventListener('abort', endTree)
      child.stdout.destroy()
      child.stderr.destroy()
      resolve(toMeasurement(output.text(), error, output.bytes()))
    }
    const cancelTimeout = clock.after(timeoutMs, () => {
      timedOut = true
      endTree()
    })
    cancelTimers.push(cancelTimeout)
    signal.addEventListener('abort', endTree)
    if (signal.aborted) endTree()
    child.stdout.on('data', output.take)
    child.stderr.on('data', errors.take)
    child.once('error', (error) => {
      finish(`The script could not be started: ${error.message}`)
    })
    child.once('exit', (code, killedBy) => {
      const end = (): void => {
        finish(explainEnd({ code, killedBy, timedOut, timeoutMs, errors: errors.text() }))
      }
      child.once('close', end)
      cancelTimers.push(clock.after(openPipesGraceMs, end))
    })
  })
}

interface End {
  readonly code: number | null
  readonly killedBy: NodeJS.Signals | null
  readonly timedOut: boolean
  readonly timeoutMs: number
  readonly errors: string
}

function explainEnd({ code, killedBy, timedOut, timeoutMs, errors }: End): string {
  if (timedOut) return `The script ran longer than ${timeoutMs / 1000} s and was ended.`
  if (code === 0) return ''
  const end = code === null ? `signal ${killedBy ?? 'unknown'}` : `exit status ${code}`
  return cutText(errors === '' ? end : `${end}: ${errors}`)
}

function toMeasurement(value: string, error: string, bytes: number): Measurement {
  if (bytes <= maxValueBytes || error !== '') return { value: cutText(value), error }
  return {
    value: cutText(value),
    error: `The value is longer than ${maxValueBytes} bytes: the rest was left out.`,
  }
}

/** Cut at a whole character. */
function cutText(text: string): string {
  const bytes = Buffer.from(text)
  if (bytes.length <= maxValueBytes) return text
  return bytes
    .subarray(0, maxValueBytes)
    .toString('utf8')
    .replace(/\uFFFD+$/, '')
}

/** Keeps the beginning of what comes and reads the rest away, so that the program is not held up. */
function collectOutput(): { take: (chunk: Buffer) => void; text: () => string; bytes: () => number } {
  const chunks: Buffer[] = []
  let kept = 0
  let total = 0
  return {
    take(chunk) {
      total += chunk.length
      if (kept > maxValueBytes * 2) return
      chunks.push(chunk)
      kept += chunk.length
    },
    text: () => Buffer.concat(chunks).toString('utf8').replaceAll('\0', '').trim(),
    bytes: () => total,
  }
}
