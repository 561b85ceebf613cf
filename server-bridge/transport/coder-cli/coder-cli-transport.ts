/**
 * The way into a workspace by the deployment's own command line: `coder ssh --stdio`, so encrypted end to end by Coder's
 * network. What it is started with: stable-api, section 17.
 */
import { spawn } from 'node:child_process'
import { mkdir } from 'node:fs/promises'
import type { Duplex } from 'node:stream'
import type { Clock } from '../../lib/clock.ts'
import { TransportError } from '../transport-error.ts'
import type { OpenTransport, TransportTarget, WorkspaceTransport } from '../workspace-transport.ts'
import { createChildDuplex, type StdioChild } from './child-duplex.ts'
import type { InstalledCli } from './installed-cli.ts'
import { watchNetworkInfo } from './network-info.ts'
import { createRunFolder, removeLeftRunFolders, type RunFolder } from './run-folder.ts'
import { explainCliEnd } from './stderr-reason.ts'

export interface CoderCliOptions {
  readonly url: string
  readonly token: string
  /** Private folder for the runs. */
  readonly folder: string
  /** The program, once there is one. @throws {TransportError} while there is none */
  readonly cli: (signal: AbortSignal) => Promise<InstalledCli>
  /** What the program is started with, asked for each run: proxies, certificates. No token and no other secret. */
  readonly environment: () => Promise<Readonly<Record<string, string>>>
  readonly clock: Clock
}

/** Since this version the command line tells of its network. */
const networkInfoSince = [2, 19] as const
/** Of what it writes for people, the end is kept. */
const maxStderr = 16 * 1024
/** As Coder has names of users, workspaces and agents; nothing else may become an argument. */
const plainName = /^[a-zA-Z0-9][a-zA-Z0-9_-]{0,63}$/

export function createCoderCliTransport(options: CoderCliOptions): WorkspaceTransport {
  let hasTidied = false
  const tidy = async (): Promise<void> => {
    if (hasTidied) return
    hasTidied = true
    await removeLeftRunFolders(options.folder)
  }
  return {
    kind: 'coder-cli',
    async open(target, signal, listener = {}) {
      const host = hostOf(target)
      const cli = await options.cli(signal)
      await mkdir(options.folder, { recursive: true, mode: 0o700 })
      await tidy()
      const environment = await options.environment()
      const run = await createRunFolder(options.folder, options)
      try {
        return await start(options, { cli, run, host, environment, signal, listener })
      } catch (thrown) {
        await run.remove()
        throw thrown
      }
    },
  }
}

interface Run {
  readonly cli: InstalledCli
  readonly run: RunFolder
  readonly host: string
  readonly environment: Readonly<Record<string, string>>
  readonly signal: AbortSignal
  readonly listener: OpenTransport
}

async function start(options: CoderCliOptions, given: Run): Promise<Duplex> {
  const { cli, run, environment, signal, listener } = given
  if (signal.aborted) throw aborted()
  const child: StdioChild = spawn(cli.program, cliArguments(given), {
    stdio: 'pipe',
    env: environment,
    windowsHide: true,
  })
  let stderr = ''
  child.stderr.on('data', (chunk: Buffer) => {
    stderr = (stderr + chunk.toString('utf8')).slice(-maxStderr)
  })
  const explain = (code: number | null): TransportError => explainCliEnd(stderr, code)
  const duplex = createChildDuplex(child, explain)
  const stopInfo =
    listener.onNetworkInfo === undefined
      ? () => undefined
      : watchNetworkInfo(run.networkInfo, options.clock, listener.onNetworkInfo)
  duplex.once('close', stopInfo)
  child.once('close', () => {
    // Nobody is left who could be told; the next start of the app removes what stays.
    run.remove().catch(() => undefined)
  })
  await firstBytes(duplex, signal, explain)
  return duplex
}

/** The agent speaks first, so its first bytes say that there is a way. */
function firstBytes(
  duplex: Duplex,
  signal: AbortSignal,
  explain: (code: number | null) => TransportError,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (): void => {
      duplex.off('readable', onReadable)
      duplex.off('end', onEnd)
      duplex.off('error', onError)
      signal.removeEventListener('abort', onAbort)
    }
    const fail = (error: Error): void => {
      settle()
      // What follows is the end of an attempt that was given up.
      duplex.on('error', () => undefined)
      duplex.destroy()
      reject(error)
    }
    const onReadable = (): void => {
      const first = duplex.read() as Buffer | null
      if (first === null) return
      settle()
      duplex.unshift(first)
      resolve()
    }
    const onEnd = (): void => {
      fail(explain(0))
    }
    const onError = (error: Error): void => {
      if (error instanceof TransportError) fail(error)
      else fail(new TransportError('refused', `Coder's command line could not be started: ${error.message}`))
    }
    const onAbort = (): void => {
      fail(aborted())
    }
    duplex.on('readable', onReadable)
    duplex.once('end', onEnd)
    duplex.once('error', onError)
    signal.addEventListener('abort', onAbort, { once: true })
  })
}

function cliArguments({ cli, run, host }: Run): string[] {
  const info = isSince(cli.version, networkInfoSince) ? ['--network-info-dir', run.networkInfo] : []
  return [
    ...['--global-config', run.config, '--no-version-warning', '--no-feature-warning'],
    // It never starts a workspace by itself, and shows no progress that nobody sees.
    ...['ssh', '--stdio', '--disable-autostart', '--wait', 'no', ...info, host],
  ]
}

function hostOf({ ownerName, workspaceName, agentName }: TransportTarget): string {
  const names = [ownerName, workspaceName, agentName]
  if (!names.every((name) => plainName.test(name) && !name.includes('--')))
    throw new TransportError('refused', 'The workspace has a name that no command line can be given.')
  return names.join('--')
}

/** A version that is being developed counts as newest, as Coder's other clients have it. */
function isSince(version: string, [major, minor]: readonly [number, number]): boolean {
  const found = /^v?(\d+)\.(\d+)\./.exec(version)
  if (found === null || version.includes('devel')) return true
  const [has, hasMinor] = [Number(found[1]), Number(found[2])]
  return has > major || (has === major && hasMinor >= minor)
}

function aborted(): TransportError {
  return new TransportError('aborted', 'The connection was given up.')
}
