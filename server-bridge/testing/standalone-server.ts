import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { spawn as spawnPty } from '@lydell/node-pty'
import { builtProgram } from './built-program.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const entry = builtProgram('serve')

export interface StandaloneServer {
  readonly process: ChildProcess
  readonly pid: number
  readonly url: string
  /** All that it wrote to standard error so far. */
  readonly complaints: () => string
  readonly exited: Promise<number | null>
}

export interface StandaloneRun {
  /** The exit code, and `null` after a signal. */
  readonly code: number | null
  readonly output: string
  readonly complaints: string
}

interface Started {
  readonly child: ChildProcess
  readonly lines: string[]
  readonly complaints: () => string
  readonly exited: Promise<number | null>
}

/** The program of `npm run server`, as nobody but a user starts it. */
function spawnServer(
  args: readonly string[],
  environment: NodeJS.ProcessEnv = {},
  inside: readonly string[] = [],
): Started {
  return spawnNode([entry, ...args], environment, inside)
}

function spawnNode(
  words: readonly string[],
  environment: NodeJS.ProcessEnv,
  inside: readonly string[] = [],
): Started {
  const [program, ...before] = [...inside, process.execPath]
  const child = spawn(program, [...before, ...words], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...environment },
  })
  let complaints = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaints += text))
  const lines: string[] = []
  createInterface({ input: child.stdout }).on('line', (line) => lines.push(line))
  const exited = new Promise<number | null>((resolve) => child.once('close', resolve))
  return { child, lines, complaints: () => complaints, exited }
}

/** Runs it until it ends by itself. */
export async function runStandalone(
  args: readonly string[],
  environment?: NodeJS.ProcessEnv,
): Promise<StandaloneRun> {
  const { lines, complaints, exited } = spawnServer(args, environment)
  return { code: await exited, output: lines.join('\n'), complaints: complaints() }
}

/**
 * Runs it until it says where it answers.
 *
 * @param inside the words of a command that becomes it, in another network say.
 * @throws with its words when it ends instead.
 */
export function startStandalone(
  args: readonly string[],
  environment?: NodeJS.ProcessEnv,
  inside?: readonly string[],
): Promise<StandaloneServer> {
  return untilItAnswers(spawnServer(args, environment, inside))
}

/** Runs what the systemd unit in docs/ runs, as it does, but for the data folder and the port. */
export function startAsService(dataDir: string): Promise<StandaloneServer> {
  const unit = readFileSync(new URL('../../docs/outpost-server.service', import.meta.url), 'utf8')
  const setting = (name: string): string => {
    const value = new RegExp(`^${name}=(.*)$`, 'm').exec(unit)?.[1]
    if (value === undefined) throw new Error(`The unit has no ${name}.`)
    return value
  }
  // systemd starts it in the folder of the source, which `spawnNode` does.
  if (setting('WorkingDirectory') !== '/opt/outpost') throw new Error('The unit runs somewhere else.')
  const [program, ...words] = setting('ExecStart').replace('/var/lib/outpost', dataDir).split(' ')
  if (program !== '/usr/bin/node') throw new Error(`The unit starts ${String(program)}.`)
  const [, name = '', address = ''] = /^(\w+)=(.*)$/.exec(setting('Environment')) ?? []
  return untilItAnswers(spawnNode(words, { [name]: address.replace(/:\d+$/, ':0') }))
}

async function untilItAnswers({ child, complaints, exited }: Started): Promise<StandaloneServer> {
  const line = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout! }).once('line', resolve)
    void exited.then((code) => reject(new Error(`The server ended with ${String(code)}: ${complaints()}`)))
  })
  const { url, pid } = JSON.parse(line) as { url: string; pid: number }
  return { process: child, pid, url, complaints, exited }
}

/** Runs it in a terminal, which the test can take away. */
export function startInTerminal(args: readonly string[]): {
  /** Ends the terminal, as closing its window does. */
  readonly hangUp: () => void
  readonly printed: () => string
  readonly exited: Promise<number>
} {
  const terminal = spawnPty(process.execPath, [entry, ...args], { cwd: root })
  let printed = ''
  terminal.onData((text) => (printed += text))
  const exited = new Promise<number>((resolve) => terminal.onExit(({ exitCode }) => resolve(exitCode)))
  return { hangUp: () => terminal.kill('SIGHUP'), printed: () => printed, exited }
}
