import { createWriteStream, fchmod, mkdirSync, type WriteStream } from 'node:fs'
import { dirname, isAbsolute, join } from 'node:path'
import { toError } from '../lib/to-error.ts'

/** A runaway script must not fill the disk. */
const maxFileBytes = 16 * 1024 * 1024

/** Where the output of one run is kept besides the log that the server has. */
export interface LogFile {
  /** Answers false when the disk is behind: wait for `onDrain`. What comes after `close` is dropped. */
  write(bytes: Buffer): boolean
  onDrain(listener: () => void): void
  /** Lets whoever waits for the disk go on at once. */
  close(): Promise<void>
}

/**
 * The file of a script's `log_path`. A relative path lies in the workspace's own folder of logs: Coder puts it into the
 * machine's temporary folder, which here all workspaces share. `~` is the workspace's folder, as for shells.
 */
export function logFilePath(logPath: string, homeDir: string): string {
  const expanded = logPath.replace(/^~(?=$|[/\\])/, () => homeDir)
  return isAbsolute(expanded) ? expanded : join(homeDir, '.outpost', 'logs', expanded)
}

/**
 * Opens the file anew for one run, readable by the user only.
 *
 * @param onError told once when the file cannot be made or written; the run goes on without it.
 */
export function openLogFile(path: string, onError: (reason: string) => void): LogFile {
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
  let stream: WriteStream | undefined
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    stream = createWriteStream(path, { mode: 0o600 })
    // One that was there keeps its mode when it is opened, and the output may have secrets in it.
    stream.once('open', (file) => {
      fchmod(file, 0o600, (error) => {
        if (error) fail(error)
      })
    })
    stream.on('error', fail)
    stream.on('drain', () => {
      drained()
    })
  } catch (error) {
    fail(error)
  }
  return {
    write(bytes) {
      if (failed || closed || stream === undefined || written >= maxFileBytes) return true
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
      const ending = stream
      if (ending === undefined || ending.closed || ending.destroyed) return
      await new Promise<void>((resolve) => {
        ending.once('close', resolve)
        ending.end()
      })
    },
  }
}
