/** The X server of a virtual desktop, whose screen is reached by VNC on a socket that only its user may open. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { desktopScreen } from '../../contract/desktop-actions.ts'
import type { Clock } from '../../lib/clock.ts'
import { toError } from '../../lib/to-error.ts'
import { type AgentPlace, folderPrefix, socketFolder } from '../left-folders.ts'
import { createDisplayAuthority } from './display-authority.ts'

/** What it needs a moment for on a machine that is busy. */
const START_MS = 15_000
const MAX_COMPLAINT_BYTES = 2048
const SCREEN = `${desktopScreen.width}x${desktopScreen.height}`

export interface DisplayServer {
  readonly child: ChildProcess
  /** What programs need to show windows there. */
  readonly variables: Readonly<Record<string, string>>
  /** Where its screen is reached by the RFB protocol. */
  readonly socketPath: string
  /** Resolves when it has ended, for whatever reason, and nothing of it is left. */
  readonly ended: Promise<void>
}

export interface DisplayServerOptions {
  readonly program: string
  readonly name: string
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
  readonly place: AgentPlace & { readonly agentName: string }
  readonly clock: Clock
  /** Ends one that has not started yet. */
  readonly signal: AbortSignal
}

/** Starts it. @throws what keeps it from running, in words. */
export async function startDisplayServer(options: DisplayServerOptions): Promise<DisplayServer> {
  const { program, cwd, env } = options
  // mkdtemp(3) makes it for its owner alone.
  const folder = await mkdtemp(join(socketFolder(), folderPrefix('vnc', options.place)))
  const remove = () => rm(folder, { recursive: true, force: true })
  const socketPath = join(folder, 'rfb')
  const authority = join(folder, 'auth')
  try {
    await writeFile(authority, createDisplayAuthority(), { mode: 0o600 })
    const child = spawn(program, displayArguments({ name: options.name, socketPath, authority }), {
      cwd,
      env: { ...env },
      detached: process.platform !== 'win32',
      stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    })
    const ended = whenEnded(child).then(remove)
    const display = await readDisplay(child, options)
    return { child, socketPath, ended, variables: { DISPLAY: `:${display}`, XAUTHORITY: authority } }
  } catch (error) {
    await remove()
    throw error
  }
}

/** Xvnc(1). Whoever may open the socket needs no password; there is no port. */
function displayArguments({
  name,
  socketPath,
  authority,
}: {
  readonly name: string
  readonly socketPath: string
  readonly authority: string
}): string[] {
  return [
    ...['-displayfd', '3', '-auth', authority, '-nolisten', 'tcp', '-noreset'],
    ...['-rfbunixpath', socketPath, '-rfbunixmode', '0600', '-rfbport', '-1', '-localhost'],
    ...['-SecurityTypes', 'None', '-AlwaysShared', '-geometry', SCREEN, '-depth', '24'],
    // What is copied on either side stays there.
    ...['-SendCutText=0', '-AcceptCutText=0', '-desktop', name],
    // Models and people point at the same places, whoever looks.
    '-AcceptSetDesktopSize=0',
  ]
}

/** The number of the display, which the server writes once it takes clients (Xserver(1), `-displayfd`). */
function readDisplay(
  child: ChildProcess,
  { clock, signal }: Pick<DisplayServerOptions, 'clock' | 'signal'>,
): Promise<string> {
  return new Promise((resolve, reject) => {
    let complaint = ''
    let written = ''
    const fail = (reason: string): void => {
      settle()
      // Asked, so that it takes its lock along.
      child.kill('SIGTERM')
      reject(new Error(`The virtual desktop could not start: ${lastWords(complaint) ?? reason}`))
    }
    const stop = (): void => fail('the workspace is being stopped.')
    const cancel = clock.after(START_MS, () => fail('it took too long.'))
    const settle = (): void => {
      cancel()
      signal.removeEventListener('abort', stop)
    }
    signal.addEventListener('abort', stop)
    child.stderr?.on('data', (bytes: Buffer) => {
      complaint = (complaint + bytes.toString('utf8')).slice(-MAX_COMPLAINT_BYTES)
    })
    const number = child.stdio[3] as Readable
    number.on('data', (bytes: Buffer) => {
      written += bytes.toString('utf8')
      const [, display] = /^(\d+)\n/.exec(written) ?? []
      if (display === undefined) return
      settle()
      resolve(display)
    })
    number.on('error', (error) => fail(error.message))
    child.once('error', (error) => fail(toError(error).message))
    // Not `exit`, which may come before the last words.
    child.once('close', () => fail('it ended at once.'))
  })
}

/** X servers mark their lines, and end with an empty one. */
function lastWords(complaint: string): string | undefined {
  const lines = complaint.split('\n').map((line) => line.replace(/^\(\w\w\)/, '').trim())
  return lines.findLast((line) => line !== '')
}

function whenEnded(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once('error', () => resolve())
    child.once('exit', () => resolve())
  })
}
