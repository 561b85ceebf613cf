import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { waitFor } from './wait-for.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** For what takes a program's start or a new connection: seconds on a machine that does many things at once. */
export const patienceMs = 45_000

export interface ProgramResult {
  /** Null: it was ended by a signal. */
  readonly code: number | null
  readonly stdout: Buffer
  readonly stderr: string
}

export interface OpenSshClient {
  /** Private folder of the client; gone after `close`. */
  readonly folder: string
  /** Arguments that make OpenSSH's programs use our configuration. */
  readonly configArguments: readonly string[]
  /** Runs `ssh`, `sftp` or `scp` to its end. */
  run(program: string, args: readonly string[], input?: string | Buffer): Promise<ProgramResult>
  /** Starts one that the test ends itself; all that were started end with `close`. */
  start(program: string, args: readonly string[]): ChildProcess
  /** Opens one connection and answers the arguments by which later programs share it. */
  share(host: string, options?: readonly string[]): Promise<readonly string[]>
  close(): Promise<void>
}

/** Configured as a person does it, in the source's folder; the programs run in another one. */
async function printConfig(login: string): Promise<string> {
  const program = ['--import', 'tsx', 'server-bridge/bin/ssh-proxy.ts']
  const flags = ['--global-config', relative(root, login), '--print-config']
  const { stdout } = await promisify(execFile)(process.execPath, [...program, ...flags], { cwd: root })
  return stdout
}

/** OpenSSH's own client, which reaches workspaces through our proxy command. */
export async function createOpenSshClient(target: {
  readonly url: string
  readonly token: string
}): Promise<OpenSshClient> {
  const folder = mkdtempSync(join(tmpdir(), 'outpost-ssh-'))
  // A path that has to be quoted, for OpenSSH and for the shell that it starts.
  const login = join(folder, "somebody's 100% login")
  mkdirSync(login, { mode: 0o700 })
  writeFileSync(join(login, 'url'), target.url)
  writeFileSync(join(login, 'session'), target.token, { mode: 0o600 })
  const config = join(folder, 'config')
  writeFileSync(config, await printConfig(login))
  const configArguments = ['-F', config]
  const running = new Set<ChildProcess>()

  const start = (program: string, args: readonly string[]): ChildProcess => {
    // Neither keys nor an agent of whoever runs the tests.
    const env = { ...process.env, SSH_AUTH_SOCK: undefined, SSH_ASKPASS: undefined, DISPLAY: undefined }
    const child = spawn(program, [...configArguments, ...args], { env, stdio: 'pipe', cwd: folder })
    running.add(child)
    child.once('close', () => running.delete(child))
    // A program may end without reading all of its input.
    child.stdin.on('error', () => undefined)
    return child
  }

  const run = async (
    program: string,
    args: readonly string[],
    input?: string | Buffer,
  ): Promise<ProgramResult> => {
    const child = start(program, args)
    const out: Buffer[] = []
    let stderr = ''
    child.stdout?.on('data', (chunk: Buffer) => out.push(chunk))
    child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
    child.stdin?.end(input)
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject)
      child.once('close', resolve)
    })
    return { code, stdout: Buffer.concat(out), stderr }
  }

  return {
    folder,
    configArguments,
    start,
    run,
    async share(host, options = []) {
      const control = ['-o', `ControlPath=${join(folder, 'control')}`]
      start('ssh', [...control, ...options, '-M', '-N', host])
      await waitFor(
        'the shared connection is up',
        async () => ((await run('ssh', [...control, '-O', 'check', host])).code === 0 ? true : undefined),
        patienceMs,
      )
      return control
    },
    async close() {
      await Promise.all(
        [...running].map(async (child) => {
          const closed = new Promise((resolve) => child.once('close', resolve))
          child.kill('SIGKILL')
          await closed
        }),
      )
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
