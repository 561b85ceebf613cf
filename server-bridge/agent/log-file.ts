import { close, createWriteStream, write, writev } from 'node:fs'
import { isAbsolute, join } from 'node:path'
import { callbackify } from 'node:util'
import type { Clock } from '../lib/clock.ts'
import { toError } from '../lib/to-error.ts'
import { openRegularFile } from './open-regular-file.ts'

/** A runaway script must not fill the disk. */
const maxFileBytes = 16 * 1024 * 1024
/** A script has ended when its last lines wait for a disk that hangs. */
const closeGraceMs = 2_000

/** Where the output of one run is kept besides the log that the server has. */
export interface LogFile {
  /** Answers false when the disk is behind: wait for `onDrain`. What comes after `close` is dropped. */
  write(bytes: Buffer): boolean
  onDrain(listener: () => void): void
  /** Lets whoever waits for the disk go on at once. Takes two seconds at the longest, and gives up the rest then. */
  close(): Promise<void>
}

export interface LogFileOptions {
  readonly clock: Clock
  /** Told once, with a sentence, when the file cannot be made or written; the run goes on without it. */
  readonly onError: (reason: string) => void
  /** Answers a file descriptor. */
  readonly open?: (path: string) => Promise<number>
}

/**
 * The file of a script's `log_path`. A relative path lies in the workspace's own folder of logs: Coder puts it into the
 * machine's temporary folder, which here all workspaces share. `~` is the workspace's folder, as for shells.
 */
export function logFilePath(logPath: string, homeDir: string): string {
  const expanded = logPath.replace(/^~(?=$|[/\\])/, () => homeDir)
  return isAbsolute(expanded) ? expanded : join(homeDir, '.outpost', 'logs', expanded)
}

/** Opens the file anew for one run, readable by the user only. Never throws: see {@link openRegularFile}. */
export function openLogFile(path: string, options: LogFileOptions): LogFile {
  const { clock, onError, open = openRegularFile } = options
  let failed = false
  let closed = false
  let written = 0
  let drained: () => void = () => undefined
  const fail = (error: unknown): void => {
    if (failed) return
    failed = true
    onError(toError(error).message)
    drained()
  }
  const openFor = callbackify(open)
  const stream = createWriteStream(path, {
    fs: {
      open: (_path: string, _flags: string, _mode: number, callback: Parameters<typeof openFor>[1]) =>
        openFor(path, callback),
      write,
      writev,
      close,
    },
  })
  stream.on('error', fail)
  stream.on('drain', () => {
    drained()
  })
  return {
    write(bytes) {
      if (failed || closed || written >= maxFileBytes) return true
      const kept = bytes.subarray(0, maxFileBytes - written)
      written += kept.length
      return stream.write(kept)
    },
    onDrain(listener) {
      drained = listener
    },
    async close() {
      // What the script left running goes on printing. A stream that has ended takes nothing and never drains, so
      // asking it would stop the output for good, and with it whoever prints.
      closed = true
      drained()
      if (stream.closed || stream.destroyed) return
      await new Promise<void>((resolve) => {
        const cancel = clock.after(closeGraceMs, () => {
          fail(new Error('The disk takes too long: the end of the output is missing in it.'))
          stream.destroy()
          resolve()
        })
        stream.once('close', () => {
          cancel()
          resolve()
        })
        stream.end()
      })
    },
  }
}
