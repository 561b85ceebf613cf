import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { constants } from 'node:os'
import type { z } from 'zod'
import type { ProcessOutput, startProcessRequestSchema } from '../../contract/agent-tools.ts'
import type { Clock } from '../../lib/clock.ts'
import type { ProcessTree } from '../process-tree.ts'
import { RouteError } from '../route-error.ts'
import { createShellCommand, type WorkspaceSurroundings } from '../shell-command.ts'
import { createOutputWindow, type OutputWindow } from './output-window.ts'
import { resolveToolPath } from './tool-path.ts'

/** What is told about a process, without what it printed. */
export type ToolProcess = Omit<ProcessOutput, 'output' | 'original_bytes' | 'omitted_bytes'>

export interface ToolProcesses {
  /** @throws {RouteError} 400 for a folder that is none, 429 */
  start(
    surroundings: WorkspaceSurroundings,
    request: z.output<typeof startProcessRequestSchema>,
  ): Promise<string>
  list(chatId: string): ToolProcess[]
  /** Waits up to `waitMs` for its end. @throws {RouteError} 404 */
  output(chatId: string, id: string, waitMs: number): Promise<ProcessOutput>
  /** Ends a process with all it started. @throws {RouteError} 404 */
  signal(chatId: string, id: string, signal: 'terminate' | 'kill'): Promise<ProcessOutput>
}

/** Ended ones are kept for who asks later, up to this many in all. */
const MAX_KEPT = 100
const MAX_RUNNING = 50
/** A command that has exited while something in the background holds its output is over. */
const OPEN_PIPES_MS = 1000

/** Nothing that asks a person something can be answered. */
const UNATTENDED: Readonly<Record<string, string>> = {
  CODER_CHAT_AGENT: 'true',
  TERM: 'dumb',
  NO_COLOR: '1',
  PAGER: 'cat',
  GIT_PAGER: 'cat',
  GIT_TERMINAL_PROMPT: '0',
  GIT_EDITOR: 'true',
  DEBIAN_FRONTEND: 'noninteractive',
}

interface Entry {
  readonly chatId: string
  readonly state: ToolProcess & { running: boolean; exit_code: number | null; exited_at_ms: number | null }
  readonly window: OutputWindow
  readonly child: ChildProcess
  readonly ended: Promise<void>
}

export function createToolProcesses(clock: Clock, processTree: ProcessTree): ToolProcesses {
  const entries = new Map<string, Entry>()
  const find = (chatId: string, id: string): Entry => {
    const entry = entries.get(id)
    // One chat does not touch what another one runs.
    if (entry?.chatId !== chatId) throw new RouteError(404, 'There is no such process.')
    return entry
  }
  const makeRoom = (): void => {
    const all = [...entries.values()]
    if (all.filter(({ state }) => state.running).length >= MAX_RUNNING)
      throw new RouteError(429, `${MAX_RUNNING} processes are running. End some of them first.`)
    for (const { state } of all.slice(0, Math.max(0, all.length - MAX_KEPT + 1)))
      if (!state.running) entries.delete(state.id)
  }

  return {
    async start(surroundings, request) {
      const folder = request.workdir === '' ? undefined : await resolveToolPath(surroundings, request.workdir)
      makeRoom()
      // The secrets of the workspace's owner are for its shells; a model must not see them.
      const manifest = { ...surroundings.manifest, secrets: [] }
      const { file, args, cwd, env } = createShellCommand({ ...surroundings, manifest }, request.command)
      const workdir = folder ?? cwd
      const child = spawn(file, [...args], {
        cwd: workdir,
        env: { ...env, ...UNATTENDED },
        detached: process.platform !== 'win32',
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      const { command, background, chat_id: chatId } = request
      const id = randomUUID()
      const state = {
        ...{ id, command, workdir, background, running: true },
        exit_code: null,
        started_at_ms: clock.now(),
        exited_at_ms: null,
      }
      const window = createOutputWindow()
      for (const stream of [child.stdout, child.stderr])
        stream.on('data', (bytes: Buffer) => window.push(bytes))
      const entry: Entry = { chatId, state, window, child, ended: watchEnd(clock, child, { state, window }) }
      entries.set(id, entry)
      return id
    },
    list: (chatId) =>
      [...entries.values()].filter((entry) => entry.chatId === chatId).map(({ state }) => ({ ...state })),
    async output(chatId, id, waitMs) {
      const entry = find(chatId, id)
      if (entry.state.running && waitMs > 0) await orAfter(clock, entry.ended, waitMs)
      return toOutput(entry)
    },
    async signal(chatId, id, signal) {
      const entry = find(chatId, id)
      const { pid } = entry.child
      // Of one that has ended the number may be somebody else's by now.
      if (pid !== undefined && entry.state.running) {
        if (signal === 'kill') entry.child.kill('SIGKILL')
        await Promise.all([processTree.end([pid], 'SIGTERM'), entry.ended])
      }
      return toOutput(entry)
    },
  }
}

function watchEnd(
  clock: Clock,
  child: ChildProcess,
  { state, window }: { readonly state: Entry['state']; readonly window: OutputWindow },
): Promise<void> {
  return new Promise((resolve) => {
    const end = (code: number): void => {
      state.running = false
      state.exit_code = code
      state.exited_at_ms = clock.now()
      resolve()
    }
    child.once('error', (error) => {
      window.push(Buffer.from(`The command could not be started: ${error.message}\n`))
      end(127)
    })
    child.once('exit', (code, killedBy) => {
      const exitCode = code ?? 128 + (killedBy === null ? 0 : constants.signals[killedBy])
      const cancel = clock.after(OPEN_PIPES_MS, () => end(exitCode))
      child.once('close', () => {
        cancel()
        if (state.running) end(exitCode)
      })
    })
  })
}

function orAfter(clock: Clock, ended: Promise<void>, ms: number): Promise<void> {
  return new Promise((resolve) => {
    const cancel = clock.after(ms, resolve)
    void ended.then(() => {
      cancel()
      resolve()
    })
  })
}

function toOutput({ state, window }: Entry): ProcessOutput {
  const { output, originalBytes, omittedBytes } = window.read()
  return { ...state, output, original_bytes: originalBytes, omitted_bytes: omittedBytes }
}
