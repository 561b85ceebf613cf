import { closeSync, constants, openSync } from 'node:fs'
import type { Socket } from 'node:net'
import type { Clock } from '../lib/clock.ts'

export interface PtySize {
  readonly cols: number
  readonly rows: number
}

export interface PtyCommand extends PtySize {
  readonly file: string
  readonly args: readonly string[]
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
  /** The kind of terminal for `TERM`, `xterm-256color` unless said otherwise. */
  readonly term?: string
}

/** A running pseudo-terminal: raw bytes both ways, with back-pressure both ways. */
export interface PtyProcess {
  readonly pid: number
  onData(listener: (bytes: Buffer) => void): void
  /** The process has ended and all of its output was handed over; `signal` is 0 unless one ended it. Called once. */
  onEnd(listener: (exitCode: number, signal: number) => void): void
  /** Answers false when the program reads slower than it is written to: wait for `onDrain`. */
  write(data: string | Buffer): boolean
  onDrain(listener: () => void): void
  pause(): void
  resume(): void
  resize(size: PtySize): void
  /** Takes the terminal away, as when a modem hangs up: what runs in front gets SIGHUP. */
  hangUp(): void
}

/** What node-pty has beside its typings, on Unix: the stream it reads from and the terminal's name. */
interface UnixPty {
  readonly _socket?: Socket
  readonly ptsName?: string
  /** Typed for text, but hands buffers on as they are. */
  write(data: string | Buffer): void
  /** Closes our side of the terminal and signals the shell. */
  destroy(): void
}

/** How often a paused terminal is checked for the end of its process, below node-pty's patience of 200 ms. */
const pausedCheckMs = 50

/**
 * Starts a program on a pseudo-terminal. node-pty is loaded with the first one: an agent that is only asked for its
 * scripts never pays for it.
 *
 * @throws when the program or the folder cannot be used.
 */
export async function spawnPty(command: PtyCommand, clock: Clock): Promise<PtyProcess> {
  const { spawn } = await import('@lydell/node-pty')
  const pty = spawn(command.file, [...command.args], {
    name: command.term ?? 'xterm-256color',
    cols: command.cols,
    rows: command.rows,
    cwd: command.cwd,
    env: { ...command.env },
    // Bytes as they come: a decoder here would have to guess at cut characters.
    encoding: null,
  })
  const raw = pty as unknown as UnixPty
  const { _socket: socket, ptsName } = raw
  const releaseTerminal = holdTerminal(ptsName)
  let stopWatching: (() => void) | undefined
  let ended = false
  /** The process is gone and only its last output is to be read. */
  let isDraining = false
  let isHungUp = false

  const resume = (): void => {
    if (stopWatching === undefined) return
    stopWatching()
    stopWatching = undefined
    if (!ended) pty.resume()
  }
  pty.onExit(() => {
    ended = true
    stopWatching?.()
    stopWatching = undefined
    releaseTerminal()
  })

  return {
    pid: pty.pid,
    onData(listener) {
      pty.onData((data: unknown) => {
        listener(Buffer.isBuffer(data) ? data : Buffer.from(String(data)))
      })
    },
    onEnd(listener) {
      pty.onExit(({ exitCode, signal }) => {
        listener(exitCode, signal ?? 0)
      })
    },
    write(data) {
      if (ended || isHungUp) return true
      raw.write(data)
      return socket?.writableNeedDrain !== true
    },
    onDrain(listener) {
      socket?.on('drain', listener)
    },
    pause() {
      if (ended || isHungUp || isDraining || stopWatching !== undefined) return
      pty.pause()
      // node-pty throws away what is unread 200 ms after the process ended. What is left then is at most the kernel's
      // buffer, so reading it whatever the clients say costs little and completes the output.
      stopWatching = clock.every(pausedCheckMs, () => {
        if (isRunning(pty.pid)) return
        isDraining = true
        resume()
      })
    },
    resume,
    resize(size) {
      if (!ended && !isHungUp) pty.resize(size.cols, size.rows)
    },
    hangUp() {
      if (ended || isHungUp) return
      isHungUp = true
      resume()
      raw.destroy()
    },
  }
}

/**
 * Keeps the program's side of the terminal open until node-pty has closed ours. Otherwise the end of the program is a
 * hang-up, at which libuv reports the end of the stream after one more read (`uv__stream_io`, POLLHUP after a partial
 * read), and all but 4 KiB of what is still in the kernel is lost.
 */
function holdTerminal(name: string | undefined): () => void {
  if (name === undefined) return () => undefined
  let descriptor: number
  try {
    // Without O_NOCTTY it would become the terminal of the agent, which leads a session of its own.
    descriptor = openSync(name, constants.O_RDWR | constants.O_NOCTTY)
  } catch {
    // The program is so short that its terminal is gone: its output is small as well.
    return () => undefined
  }
  return () => {
    closeSync(descriptor)
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    // ESRCH: it is gone, which is the answer.
    return false
  }
}
