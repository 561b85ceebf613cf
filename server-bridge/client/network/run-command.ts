import { spawn } from 'node:child_process'
import { join } from 'node:path'
import type { Clock } from '../../lib/clock.ts'
import { redactText } from '../../lib/redact.ts'
import { shownName } from './shown-name.ts'

export interface CommandSurroundings {
  /** What the command sees; never the whole environment of this process. */
  readonly environment: Readonly<Record<string, string>>
  readonly clock: Clock
  /** The deployment's origin, as `CODER_URL`, as Coder's own clients have it. */
  readonly url: string
  readonly platform?: NodeJS.Platform
}

export const commandTimeoutMs = 30_000
const maxOutputBytes = 256 * 1024

/** Why a command of the network settings gave nothing; fits behind "The header command". */
export class CommandFailure extends Error {
  override readonly name = 'CommandFailure'
}

/**
 * Runs a command line as Coder does: by the user's shell, since it may hold pipes and variables. It is the user's own
 * text and nothing is put into it.
 *
 * @returns what it wrote to its output.
 * @throws {CommandFailure}
 */
export function runCommand(command: string, surroundings: CommandSurroundings): Promise<string> {
  const { environment, clock, url, platform = process.platform } = surroundings
  const [file, args] = shellOf(command, environment, platform)
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, {
      env: { ...environment, CODER_URL: url },
      stdio: ['ignore', 'pipe', 'pipe'],
      windowsHide: true,
      // cmd.exe takes its text as it is; Node's quoting would change it.
      windowsVerbatimArguments: platform === 'win32',
      // A group of its own, so that what the shell started ends with it.
      detached: platform !== 'win32',
    })
    const output: Buffer[] = []
    const complaints: Buffer[] = []
    let size = 0
    const fail = (message: string, cause?: unknown): void => {
      cancel()
      end(child.pid, platform, () => child.kill('SIGKILL'))
      reject(new CommandFailure(message, { cause }))
    }
    const cancel = clock.after(commandTimeoutMs, () => {
      fail(`did not end within ${String(commandTimeoutMs / 1000)} s.`)
    })
    const collect = (into: Buffer[]) => (chunk: Buffer) => {
      size += chunk.length
      if (size > maxOutputBytes) fail('writes more than any headers need.')
      else into.push(chunk)
    }
    child.stdout.on('data', collect(output))
    child.stderr.on('data', collect(complaints))
    child.once('error', (error) => {
      fail(`could not be started: ${error.message}`, error)
    })
    child.once('close', (status, signal) => {
      cancel()
      if (status === 0) resolve(Buffer.concat(output).toString('utf8'))
      else {
        const how = signal === null ? `status ${String(status)}` : `signal ${signal}`
        const said = lastLine(Buffer.concat(complaints).toString('utf8'))
        reject(new CommandFailure(`ended with ${how}${said === '' ? ' and said nothing.' : `: ${said}`}`))
      }
    })
  })
}

function shellOf(
  command: string,
  environment: Readonly<Record<string, string>>,
  platform: NodeJS.Platform,
): [string, string[]] {
  if (platform !== 'win32') return ['/bin/sh', ['-c', command]]
  const root = environment['SYSTEMROOT'] ?? environment['SystemRoot'] ?? String.raw`C:\Windows`
  return [join(root, 'System32', 'cmd.exe'), ['/d', '/s', '/c', `"${command}"`]]
}

function end(pid: number | undefined, platform: NodeJS.Platform, killOne: () => void): void {
  if (pid === undefined) return
  try {
    if (platform === 'win32') killOne()
    else process.kill(-pid, 'SIGKILL')
  } catch {
    // It has ended by itself meanwhile.
  }
}

/** What it complained about last, without what looks like a secret. */
function lastLine(text: string): string {
  const lines = redactText(text).split(/\r?\n/)
  return shownName(lines.findLast((line) => line.trim() !== '') ?? '')
}
