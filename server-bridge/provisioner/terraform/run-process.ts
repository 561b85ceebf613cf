import { spawn, type ChildProcessByStdio } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import type { Clock } from '../../lib/clock.ts'
import { errorCode } from '../../lib/to-error.ts'
import { TemplateError } from '../template-error.ts'

/** Terraform ends what it began and writes its state when it is interrupted; a provider that hangs is killed then. */
const interruptGraceMs = 60_000
/** A program that has exited while something else still holds its output is not waited for much longer. */
const openPipesGraceMs = 2_000
/** A plan as JSON holds every attribute of every resource; more than this is no workspace. */
const maxCapturedBytes = 256 * 1024 * 1024

/** What a run of the program happens in. */
export interface ProcessSurroundings {
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
  readonly clock: Clock
  /** Interrupts the program and waits for its end. */
  readonly signal: AbortSignal
}

export interface OutputLines {
  readonly onOutput: (line: string) => void
  readonly onError: (line: string) => void
}

type Child = ChildProcessByStdio<null, Readable, Readable>

/**
 * Runs the program to its end and hands over its lines. Answers its exit code, null when a signal ended it. An abort
 * interrupts the whole process group, kills it after a while, and is not thrown: what the program did counts.
 */
export async function runProcess(
  file: string,
  args: readonly string[],
  surroundings: ProcessSurroundings,
  { onOutput, onError }: OutputLines,
): Promise<number | null> {
  const child = start(file, args, surroundings)
  createInterface({ input: child.stdout }).on('line', onOutput)
  createInterface({ input: child.stderr }).on('line', onError)
  return waitForEnd(file, child, surroundings)
}

/** Runs the program and answers what it printed. @throws {TemplateError} with what it said when it failed. */
export async function captureOutput(
  file: string,
  args: readonly string[],
  surroundings: ProcessSurroundings,
): Promise<string> {
  const child = start(file, args, surroundings)
  const chunks: Buffer[] = []
  let bytes = 0
  let complaint = ''
  child.stdout.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    if (bytes <= maxCapturedBytes) chunks.push(chunk)
  })
  child.stderr.on('data', (chunk: Buffer) => {
    complaint = (complaint + chunk.toString('utf8')).slice(-4096)
  })
  const code = await waitForEnd(file, child, surroundings)
  surroundings.signal.throwIfAborted()
  if (code !== 0) {
    throw new TemplateError(
      `"${args[0] ?? ''}" of Terraform failed: ${complaint.trim() || 'it said nothing'}`,
    )
  }
  if (bytes > maxCapturedBytes) throw new TemplateError('What Terraform made is too large to be read.')
  return Buffer.concat(chunks).toString('utf8')
}

function start(file: string, args: readonly string[], { cwd, env }: ProcessSurroundings): Child {
  return spawn(file, [...args], {
    cwd,
    env: { ...env },
    // A group of its own, so that the providers it starts can be ended with it.
    detached: process.platform !== 'win32',
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

function waitForEnd(
  file: string,
  child: Child,
  { clock, signal }: ProcessSurroundings,
): Promise<number | null> {
  return new Promise((resolve, reject) => {
    let cancelKill = (): void => undefined
    const interrupt = (): void => {
      endGroup(child, 'SIGINT')
      cancelKill = clock.after(interruptGraceMs, () => endGroup(child, 'SIGKILL'))
    }
    const cleanUp = (): void => {
      signal.removeEventListener('abort', interrupt)
      cancelKill()
    }
    child.once('error', (error) => {
      cleanUp()
      reject(new TemplateError(`${file} could not be started: ${errorCode(error) ?? error.message}.`))
    })
    child.once('exit', (code) => {
      const finish = (): void => {
        cancelWait()
        cleanUp()
        resolve(code)
      }
      // What a template started in the background may hold the output open for ever.
      const cancelWait = clock.after(openPipesGraceMs, () => {
        child.stdout.destroy()
        child.stderr.destroy()
        finish()
      })
      child.once('close', finish)
    })
    signal.addEventListener('abort', interrupt)
    if (signal.aborted) interrupt()
  })
}

function endGroup(child: Child, name: NodeJS.Signals): void {
  if (child.pid === undefined) return
  try {
    if (process.platform === 'win32') child.kill(name)
    else process.kill(-child.pid, name)
  } catch (error) {
    // It ended in this very moment.
    if (errorCode(error) !== 'ESRCH') throw error
  }
}
