import { spawn } from 'node:child_process'
import type { ServerChannel } from 'ssh2'
import type { Clock } from '../../lib/clock.ts'
import { spawnPty, type PtySize } from '../pty-process.ts'
import type { ShellCommand } from '../shell-command.ts'
import { ChannelOutput } from '../../lib/channel-output.ts'
import { signalOf } from './signal-names.ts'
import type { TransportLoad } from '../../lib/transport-load.ts'

/** Coder's agent reports the death by a signal as Go does, by -1 in eight bits. */
export const killedBySignalStatus = 255

/** Where a session's process runs, and who keeps count of it. */
export interface ProcessPlace {
  readonly clock: Clock
  readonly load: TransportLoad
  /** Notes a process of the workspace, until the answered function says that it has ended. */
  track(pid: number): () => void
}

/** The process behind one session channel. */
export interface SessionProcess {
  /** `name` as in the protocol, without "SIG". */
  signal(name: string): void
  resize(size: PtySize): void
  /** The client is gone. */
  release(): void
  /** The status for the client, once the process has ended and all of its output has left. */
  readonly ended: Promise<number>
}

/**
 * Runs a command on pipes: standard error apart, the end of the client's input is the end of the program's. A client
 * that leaves takes the pipes along but not the process (stable-api, "The agent's SSH server"): one that still wants to
 * speak gets SIGPIPE, one that works on silently may finish.
 *
 * @throws when the program cannot be started.
 */
export async function runOnPipes(
  channel: ServerChannel,
  command: ShellCommand,
  place: ProcessPlace,
): Promise<SessionProcess> {
  const child = spawn(command.file, [...command.args], {
    cwd: command.cwd,
    env: { ...command.env },
    // A group of its own, so that a signal reaches all of a pipeline.
    detached: process.platform !== 'win32',
    stdio: 'pipe',
  })
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve)
    child.once('error', reject)
  })
  const pid = child.pid ?? 0
  const untrack = place.track(pid)
  // Later errors are those of a signal to a process that is gone.
  child.on('error', () => undefined)
  const outputs = [
    { from: child.stdout, to: new ChannelOutput(channel, place.load, child.stdout) },
    { from: child.stderr, to: new ChannelOutput(channel.stderr, place.load, child.stderr) },
  ]
  for (const { from, to } of outputs) from.on('data', (bytes: Buffer) => to.write(bytes))
  feedInput(channel, child.stdin)

  return {
    signal: (name) => signalGroup(pid, signalOf(name)),
    resize: () => undefined,
    release() {
      for (const stream of [child.stdin, child.stdout, child.stderr]) stream.destroy()
      for (const { to } of outputs) to.dispose()
    },
    ended: new Promise((resolve) => {
      child.once('exit', untrack)
      child.once('close', (code) => {
        void Promise.all(outputs.map(({ to }) => to.flushed())).then(() => {
          resolve(code ?? killedBySignalStatus)
        })
      })
    }),
  }
}

/** What the client sends goes to the program, as fast as it reads; a program that has stopped reading loses the rest. */
function feedInput(channel: ServerChannel, stdin: NodeJS.WritableStream): void {
  channel.on('data', (bytes: Buffer) => {
    if (!stdin.writable) return
    if (!stdin.write(bytes)) channel.pause()
  })
  channel.on('end', () => stdin.end())
  stdin.on('drain', () => channel.resume())
  // EPIPE: a program may end without reading what it is sent, as `head` does.
  stdin.on('error', () => undefined)
  stdin.on('close', () => channel.resume())
}

/**
 * Runs a command on a terminal of its own. A client that leaves hangs up.
 *
 * @throws when the program or a terminal cannot be had.
 */
export async function runOnTerminal(
  channel: ServerChannel,
  command: ShellCommand & PtySize,
  place: ProcessPlace,
): Promise<SessionProcess> {
  const pty = await spawnPty(command, place.clock)
  const untrack = place.track(pty.pid)
  const output = new ChannelOutput(channel, place.load, pty)
  pty.onData((bytes) => output.write(bytes))
  // The end of the input is not passed on: a terminal has no half that could end (sshd keeps it open as well).
  channel.on('data', (bytes: Buffer) => {
    if (!pty.write(bytes)) channel.pause()
  })
  pty.onDrain(() => channel.resume())

  return {
    signal: (name) => signalGroup(pty.pid, signalOf(name)),
    resize: (size) => pty.resize(size),
    release() {
      pty.hangUp()
      output.dispose()
    },
    ended: new Promise((resolve) => {
      pty.onEnd((exitCode, signal) => {
        untrack()
        void output.flushed().then(() => {
          resolve(signal === 0 ? exitCode : killedBySignalStatus)
        })
      })
    }),
  }
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, signal)
  } catch (error) {
    // It ended by itself in between, or became another user's by a `sudo`.
    if (!(error instanceof Error && 'code' in error && (error.code === 'ESRCH' || error.code === 'EPERM')))
      throw error
  }
}
