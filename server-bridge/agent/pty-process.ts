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
}

/** A running pseudo-terminal: raw bytes both ways, with back-pressure both ways. */
export interface PtyProcess {
  readonly pid: number
  onData(listener: (bytes: Buffer) => void): void
  /** The process has ended and all of its output was handed over. Called once. */
  onEnd(listener: (exitCode: number) => void): void
  /** Answers false when the program reads slower than it is written to: wait for `onDrain`. */
  write(data: string): boolean
  onDrain(listener: () => void): void
  pause(): void
  resume(): void
  resize(size: PtySize): void
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
    name: 'xterm-256color',
    cols: command.cols,
    rows: command.rows,
    cwd: command.cwd,
    env: { ...command.env },
    // Bytes as they come: a decoder here would have to guess at cut characters.
    encoding: null,
  })
  // node-pty has no back-pressure of its own for input; its socket does. Absent on Windows, where input is a pipe.
  const socket = (pty as unknown as { _socket?: Socket })._socket
  let stopWatching: (() => void) | undefined
  let ended = false

  const resume = (): void => {
    stopWatching?.()
    stopWatching = undefined
    if (!ended) pty.resume()
  }
  pty.onExit(() => {
    ended = true
    stopWatching?.()
    stopWatching = undefined
  })

  return {
    pid: pty.pid,
    onData(listener) {
      pty.onData((data: unknown) => {
        listener(Buffer.isBuffer(data) ? data : Buffer.from(String(data)))
      })
    },
    onEnd(listener) {
      pty.onExit(({ exitCode }) => {
        listener(exitCode)
      })
    },
    write(data) {
      if (ended) return true
      pty.write(data)
      return socket?.writableNeedDrain !== true
    },
    onDrain(listener) {
      socket?.on('drain', listener)
    },
    pause() {
      if (ended || stopWatching !== undefined) return
      pty.pause()
      // node-pty throws away what is unread 200 ms after the process ended. What is left then is at most the kernel's
      // buffer, so reading it costs little and completes the output.
      stopWatching = clock.every(pausedCheckMs, () => {
        if (!isRunning(pty.pid)) resume()
      })
    },
    resume,
    resize(size) {
      if (!ended) pty.resize(size.cols, size.rows)
    },
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
