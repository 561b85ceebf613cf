import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { createRequire } from 'node:module'
import { fileURLToPath, pathToFileURL } from 'node:url'

const entry = fileURLToPath(new URL('../bin/serve.ts', import.meta.url))
const loader = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href

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

/** The program of `npm run server`, in a process group of its own, as nobody but a user starts it. */
function spawnServer(args: readonly string[], environment: NodeJS.ProcessEnv = {}): Started {
  const child = spawn(process.execPath, ['--import', loader, entry, ...args], {
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

/** Runs it until it says where it answers. @throws with its words when it ends instead. */
export async function startStandalone(
  args: readonly string[],
  environment?: NodeJS.ProcessEnv,
): Promise<StandaloneServer> {
  const { child, complaints, exited } = spawnServer(args, environment)
  const line = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout! }).once('line', resolve)
    void exited.then((code) => reject(new Error(`The server ended with ${String(code)}: ${complaints()}`)))
  })
  const { url, pid } = JSON.parse(line) as { url: string; pid: number }
  return { process: child, pid, url, complaints, exited }
}
